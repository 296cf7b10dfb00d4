package receiver_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
)

// job returns an event of the job j1, sec seconds after start.
func job(seq int64, sec int, status receiver.Status, changes ...receivertest.Change) *receiver.Event {
	e := receivertest.Job("j1", status, append([]receivertest.Change{receivertest.At(start.Add(time.Duration(sec) * time.Second))}, changes...)...)
	e.Seq = seq
	return e
}

func task(seq int64, sec int, id string, status receiver.Status, changes ...receivertest.Change) *receiver.Event {
	return job(seq, sec, status, append(changes, receivertest.Task(id, "name of "+id))...)
}

func foldJob(events ...*receiver.Event) *receiver.Row {
	b := receiver.NewRowSet()
	for _, e := range events {
		b.Apply(e)
	}
	return b.Row(receiver.Key{Kind: receiver.Job, ID: "j1"})
}

func TestATaskDoesNotChangeItsJob(t *testing.T) {
	r := foldJob(job(1, 0, "RUNNING"), task(2, 5, "t1", "SUCCEEDED"), task(3, 6, "t2", "FAILED"))
	assert.Equal(t, receiver.Status("RUNNING"), r.Status)
	assert.False(t, r.Final)
	assert.Equal(t, receiver.InProgress, r.Class())
	assert.Equal(t, start, r.LastChange)
	assert.Len(t, r.Journey(), 1)
	assert.Len(t, r.ShortJourney.Steps(), 1)
	assert.EqualValues(t, 3, r.Events, "events of tasks count")
	assert.EqualValues(t, 3, r.Seq, "a reader of changes sees the row")
	require.Len(t, r.Tasks, 2)
	assert.Equal(t, receiver.Task{
		ID: "t1", Name: "name of t1", Status: "SUCCEEDED", Final: true, Trust: receiver.FullTrust,
		FirstSeen: start.Add(5 * time.Second), At: start.Add(5 * time.Second), Seq: 2,
	}, r.Tasks[0])
	assert.Equal(t, receiver.Failed, r.Tasks[1].Class(receiver.Job))
}

func TestATaskThatEndsAfterItsJob(t *testing.T) {
	r := foldJob(task(1, 0, "t1", "RUNNING"), job(2, 5, "SUCCEEDED"), task(3, 9, "t1", "FAILED"))
	assert.Equal(t, receiver.Status("SUCCEEDED"), r.Status)
	assert.True(t, r.Final)
	assert.Equal(t, start.Add(5*time.Second), r.LastChange)
	require.Len(t, r.Tasks, 1)
	assert.Equal(t, receiver.Status("FAILED"), r.Tasks[0].Status)
	r = foldJob(task(1, 0, "t1", "RUNNING"), job(2, 5, "SUCCEEDED"))
	assert.Equal(t, receiver.Status("RUNNING"), r.Tasks[0].Status, "the end of the job does not end its tasks")
}

func TestAJobThatOnlyItsTasksTellOf(t *testing.T) {
	r := foldJob(task(1, 3, "t1", "SUCCEEDED", receivertest.As(receiver.Partial)), task(2, 1, "t2", "RUNNING", receivertest.As(receiver.Partial)))
	assert.Empty(t, r.Status)
	assert.False(t, r.Final)
	assert.Equal(t, receiver.InProgress, r.Class())
	assert.Equal(t, receiver.PartialTrust, r.Trust)
	assert.Equal(t, start.Add(time.Second), r.FirstSeen)
	assert.Equal(t, r.FirstSeen, r.LastChange)
	assert.Empty(t, r.Journey())
	assert.Equal(t, "t2", r.Tasks[0].ID, "in the order of the first events")

	r = foldJob(task(1, 3, "t1", "SUCCEEDED"), job(2, 4, "RUNNING", receivertest.As(receiver.Unsigned)))
	assert.Equal(t, receiver.Status("RUNNING"), r.Status)
	assert.Equal(t, receiver.UnsignedTrust, r.Trust, "nobody vouches for the status")
	assert.Equal(t, start.Add(4*time.Second), r.LastChange)
	assert.Equal(t, start.Add(3*time.Second), r.FirstSeen)
	assert.Equal(t, receiver.FullTrust, r.Tasks[0].Trust)
}

func TestTheNewestEventOfATaskCounts(t *testing.T) {
	verified, partial := receivertest.As(receiver.Verified), receivertest.As(receiver.Partial)
	for name, c := range map[string]struct {
		events []*receiver.Event
		want   receiver.Status
	}{
		"by time":                        {[]*receiver.Event{task(1, 9, "t", "SUCCEEDED"), task(2, 5, "t", "RUNNING")}, "SUCCEEDED"},
		"not before a newer one":         {[]*receiver.Event{task(1, 5, "t", "SUCCEEDED"), task(2, 9, "t", "RUNNING")}, "RUNNING"},
		"the final one of two":           {[]*receiver.Event{task(1, 5, "t", "SUCCEEDED"), task(2, 5, "t", "RUNNING")}, "SUCCEEDED"},
		"the later one of two final":     {[]*receiver.Event{task(1, 5, "t", "SUCCEEDED"), task(2, 5, "t", "FAILED")}, "FAILED"},
		"of less trust never":            {[]*receiver.Event{task(1, 5, "t", "RUNNING", verified), task(2, 9, "t", "FAILED", partial)}, "RUNNING"},
		"of more trust, although before": {[]*receiver.Event{task(1, 9, "t", "FAILED", partial), task(2, 5, "t", "RUNNING", verified)}, "RUNNING"},
	} {
		t.Run(name, func(t *testing.T) {
			r := foldJob(c.events...)
			require.Len(t, r.Tasks, 1)
			assert.Equal(t, c.want, r.Tasks[0].Status)
			assert.Equal(t, start.Add(5*time.Second), r.Tasks[0].FirstSeen)
		})
	}
}

func TestATaskWithoutAJobHasNoRow(t *testing.T) {
	m, err := receiver.Decode([]byte(`{"event":"job.status","liveMode":true,"body":{"jobTaskId":"t","status":"SUCCEEDED"}}`))
	require.NoError(t, err)
	e := &receiver.Event{Verdict: receiver.Verified, Message: m}
	assert.Nil(t, receiver.NewRowSet().Apply(e))
	assert.Equal(t, receiver.Succeeded, e.Class(), "it is an event all the same")
	long := task(1, 0, strings.Repeat("t", 300), "RUNNING")
	assert.Nil(t, receiver.NewRowSet().Apply(long), "the id of the task is too long")
}

func TestTasksAreBounded(t *testing.T) {
	var events []*receiver.Event
	status := func(i int) receiver.Status {
		if i%2 == 0 {
			return "SUCCEEDED"
		}
		return "RUNNING"
	}
	const n = receiver.MaxTasks + 30
	for i := range n {
		events = append(events, task(int64(i+1), i, fmt.Sprint("t", i), status(i)))
	}
	r := foldJob(events...)
	assert.EqualValues(t, n, r.Events)
	require.Len(t, r.Tasks, receiver.MaxTasks)
	assert.Equal(t, "t1", r.Tasks[0].ID, "the oldest final ones are dropped")
	assert.Equal(t, "t3", r.Tasks[1].ID)
	assert.Equal(t, fmt.Sprint("t", n-1), r.Tasks[len(r.Tasks)-1].ID)

	events = nil
	for i := range n {
		events = append(events, task(int64(i+1), i, fmt.Sprint("t", i), "RUNNING"))
	}
	assert.Equal(t, "t30", foldJob(events...).Tasks[0].ID, "none is final: the oldest are dropped")
}

func TestATaskKeepsLittleOfLongTexts(t *testing.T) {
	e := task(1, 0, "t", receiver.Status(strings.Repeat("x", 10_000)))
	e.TaskName = strings.Repeat("n", 10_000)
	r := foldJob(e)
	assert.Len(t, r.Tasks[0].Status, 256)
	assert.Len(t, r.Tasks[0].Name, 256)
}
