package admission_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/admission"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/receivertest/testmain"
	"github.com/up42/up42-webhooks/receiver/signature"
)

func TestMain(m *testing.M) { testmain.Run(m) }

// judge finds the deliveries good whose host is what it says now.
type judge struct {
	good  atomic.Value
	calls atomic.Int64
}

func (j *judge) judge(e *receiver.Event) (*receiver.Event, error) {
	j.calls.Add(1)
	if good, _ := j.good.Load().(string); e.Host != good {
		return nil, signature.SignatureMismatch
	}
	now := *e
	now.Verdict, now.Reason = receiver.Verified, ""
	return &now, nil
}

// within runs a test with an Admitter that runs on a log.
func within(t *testing.T, test func(t *testing.T, log *receivertest.Log, j *judge, a *admission.Admitter, said *strings.Builder)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		log, j, said := receivertest.NewLog(), &judge{}, &strings.Builder{}
		a := admission.New(admission.Options{
			Log: log, Judge: j.judge, Now: time.Now, Logger: slog.New(slog.NewTextHandler(said, nil)),
		})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- a.Run(ctx) }()
		test(t, log, j, a, said)
		cancel()
		require.NoError(t, <-ended)
	})
}

func reject(log *receivertest.Log, host string, message int) {
	e := receivertest.Order("o", "PLACED")
	e.Host, e.MessageID, e.ReceivedAt = host, fmt.Sprint("m", message), time.Now()
	log.Reject(e)
}

func settle() {
	time.Sleep(10 * time.Second) // of the bubble's clock
	synctest.Wait()
}

func TestDeliveriesAreOfferedAfterAChange(t *testing.T) {
	within(t, func(t *testing.T, log *receivertest.Log, j *judge, a *admission.Admitter, said *strings.Builder) {
		for i := range 40 {
			reject(log, []string{"a", "b"}[i%2], i)
		}
		settle()
		assert.Empty(t, a.Good())
		before := j.calls.Load()
		time.Sleep(time.Hour)
		assert.Equal(t, before, j.calls.Load(), "without a change nothing is judged again")

		j.good.Store("b")
		a.PolicyChanged()
		settle()
		assert.Len(t, a.Good(), 20)
		assert.EqualValues(t, 2, a.Good()[0])
		assert.Equal(t, 1, strings.Count(said.String(), `good by the current secrets" deliveries=20`), said)
		assert.Empty(t, events(t, log), "nothing is admitted by itself")

		j.good.Store("c")
		a.PolicyChanged()
		settle()
		assert.Empty(t, a.Good())
	})
}

func events(t *testing.T, log *receivertest.Log) []*receiver.Event {
	t.Helper()
	all, err := log.Events(t.Context(), receiver.EventQuery{Limit: 10_000})
	require.NoError(t, err)
	return all
}

func TestGoodDeliveriesAreAdmitted(t *testing.T) {
	within(t, func(t *testing.T, log *receivertest.Log, j *judge, a *admission.Admitter, _ *strings.Builder) {
		const n = 100
		for i := range n {
			reject(log, []string{"a", "b"}[i%2], i)
		}
		j.good.Store("b")
		arrival := time.Now()
		settle()
		results, err := a.Do(t.Context(), admission.Request{All: true, DryRun: true})
		require.NoError(t, err)
		assert.Len(t, results, n/2)
		assert.Equal(t, admission.Result{Number: "r2", Outcome: admission.Good, Verdict: receiver.Verified}, results[0])
		assert.Len(t, a.Good(), n/2)

		now := time.Now()
		results, err = a.Do(t.Context(), admission.Request{Numbers: []int64{1, 2, 2, 500}})
		require.NoError(t, err)
		assert.Equal(t, []admission.Result{
			{Number: "r1", Outcome: admission.StaysRejected, Reason: signature.SignatureMismatch},
			{Number: "r2", Outcome: admission.Admitted, Seq: 1, Verdict: receiver.Verified},
			{Number: "r2", Outcome: admission.Gone},
			{Number: "r500", Outcome: admission.Gone},
		}, results)
		results, err = a.Do(t.Context(), admission.Request{All: true})
		require.NoError(t, err)
		assert.Len(t, results, n/2-1)
		assert.Empty(t, a.Good())
		all := events(t, log)
		require.Len(t, all, n/2)
		assert.Equal(t, arrival.UTC(), all[0].ReceivedAt.UTC())
		assert.Equal(t, now.UTC().Truncate(time.Microsecond), all[0].Admitted)
		assert.EqualValues(t, 2, all[0].Rejection)
	})
}

// UP42 may have sent a message again meanwhile.
func TestARepeatedMessageIsNotAdmittedTwice(t *testing.T) {
	within(t, func(t *testing.T, log *receivertest.Log, j *judge, a *admission.Admitter, _ *strings.Builder) {
		reject(log, "b", 1)
		again := receivertest.Order("o", "PLACED")
		again.MessageID, again.Verdict = "m1", receiver.Verified
		log.Add(again)
		j.good.Store("b")
		settle()
		results, err := a.Do(t.Context(), admission.Request{All: true})
		require.NoError(t, err)
		assert.Equal(t, []admission.Result{{Number: "r1", Outcome: admission.Duplicate, Seq: 1, Verdict: receiver.Verified}}, results)
		assert.Len(t, events(t, log), 1)
		assert.Empty(t, a.Good())
	})
}

func TestAStoreThatFailsKeepsTheOffer(t *testing.T) {
	within(t, func(t *testing.T, log *receivertest.Log, j *judge, a *admission.Admitter, said *strings.Builder) {
		reject(log, "b", 1)
		j.good.Store("b")
		log.FailTimes(1, errors.New("the disk fails"))
		time.Sleep(time.Minute) // the look that fails is the first or the second, and the next one is far away then
		synctest.Wait()
		assert.Contains(t, said.String(), "the disk fails")
		assert.NoError(t, a.Err(), "it was looked at again")
		assert.Equal(t, []int64{1}, a.Good())
		log.Fail(errors.New("the disk fails"))
		_, err := a.Do(t.Context(), admission.Request{All: true})
		assert.ErrorContains(t, err, "the disk fails")
		log.Fail(nil)
		assert.Equal(t, []int64{1}, a.Good())
	})
}
