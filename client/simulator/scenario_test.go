package simulator_test

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client/simulator"
	"github.com/up42/up42-webhooks/receiver"
)

// played runs a simulator for a time in a bubble, and returns the deliveries to a webhook.
// With a jitter seed, the clock and the answers have random delays.
func played(t *testing.T, o simulator.Options, length time.Duration, tremble uint64) (seen []delivery) {
	t.Helper()
	bubble(t, func(t *testing.T) {
		g := &target{}
		if tremble > 0 {
			var mu sync.Mutex
			r := rand.New(rand.NewPCG(tremble, 1))
			g.answer = func(delivery, int) int { jitter(r, &mu, 200*time.Millisecond); return 200 }
			o.Now = func() time.Time { jitter(r, &mu, 30*time.Millisecond); return time.Now() }
		}
		o.Transport = g
		d := newDirect(t, o)
		d.register("https://a.example", bothEvents)
		d.runFor(length)
		seen = g.at("a.example")
	})
	return seen
}

func TestTheSeedDecidesAllScenarios(t *testing.T) {
	const length = 2 * time.Minute
	calm := story(played(t, simulator.Options{Seed: 1}, length, 0))
	require.Greater(t, len(calm), 100, "deliveries in a minute")
	for tremble := range uint64(3) {
		other := story(played(t, simulator.Options{Seed: 1}, length, tremble+1))
		n := min(len(calm), len(other))
		require.Greater(t, n, 100)
		assert.Equal(t, calm[:n], other[:n])
	}
	fast := story(played(t, simulator.Options{Seed: 1, Speed: 40}, length, 0))
	require.Greater(t, len(fast), 2*len(calm))
	assert.Equal(t, calm, fast[:len(calm)], "the speed changes only the times")
	assert.NotEqual(t, calm[:50], story(played(t, simulator.Options{Seed: 2}, length, 0))[:50])
}

func TestDeliveriesASecondAtDefaultSpeed(t *testing.T) {
	seen := played(t, simulator.Options{Seed: 1}, 5*time.Minute, 0)
	assert.Less(t, seen[2].at.Sub(epoch), 2*time.Second, "the first changes come soon")
	rate := float64(len(seen)) / 300
	assert.True(t, rate > 0.8 && rate < 2.2, "%.2f deliveries a second", rate)
}

func TestDeliveriesHaveTheDocumentedForm(t *testing.T) {
	for _, d := range played(t, simulator.Options{Seed: 5}, time.Minute, 0) {
		require.NoError(t, verify(d, d.at), d.raw)
		assert.Equal(t, "application/json", d.header.Get("Content-Type"))
		assert.True(t, d.LiveMode)
		assert.WithinDuration(t, d.at, d.Timestamp, time.Second)
		m, err := receiver.Decode([]byte(d.raw))
		require.NoError(t, err)
		assert.Equal(t, d.id(), m.ID)
		if d.Event == "job.status" {
			for _, text := range []string{d.Body.JobName, d.Body.ProcessID, d.Body.WorkspaceID} {
				assert.NotEmpty(t, text)
			}
			continue
		}
		assert.Equal(t, "order.status", d.Event)
		assert.Contains(t, []string{"ARCHIVE", "TASKING"}, d.Body.OrderType)
		assert.NotEmpty(t, d.Body.DataHostName)
	}
}

// TestScenariosAreRealistic plays some thousand scenarios and checks each from its start to
// its end.
func TestScenariosAreRealistic(t *testing.T) {
	scenarios := map[string][]delivery{}
	for _, d := range played(t, simulator.Options{Seed: 7, Speed: 1000}, 30*time.Second, 0) {
		scenarios[d.id()] = append(scenarios[d.id()], d)
	}
	require.Greater(t, len(scenarios), 400)
	ends, states := map[string]int{}, map[string]int{}
	for id, scenario := range scenarios {
		last := "" // the final status
		for i, d := range scenario {
			kind := receiver.KindOf(d.Event)
			status := receiver.Status(d.Body.Status)
			states[d.state()]++
			assert.Equal(t, status.Class(kind).Final(), d.Body.StatusIsFinal, "%s %s", id, status)
			switch {
			case d.Body.JobTaskID != "":
				assert.Empty(t, last, "%s has a task after its end", id)
			case last != "":
				assert.Contains(t, [][2]string{{"successful", "captured"}, {"failed", "released"}}, [2]string{last, string(status)}, "%s goes on", id)
				fallthrough
			case d.Body.StatusIsFinal:
				last = string(status)
			}
			if i > 0 {
				assert.True(t, d.Timestamp.After(scenario[i-1].Timestamp))
				assert.NotEqual(t, scenario[i-1].state(), d.state(), "delivered twice")
			}
		}
		ends[last]++
	}
	for _, end := range []string{
		"FULFILLED", "FAILED_PERMANENTLY", "CANCELED",
		"successful", "captured", "released", "invalid", "rejected", "unlicensed",
	} {
		assert.Positive(t, ends[end], end)
	}
	for _, state := range []string{
		"CREATED FEASIBILITY_WAITING_RESPONSE", "CREATED QUOTATION_REJECTED", "PLACEMENT_FAILED", "detection:1 failed", "export:1 successful",
	} {
		assert.Positive(t, states[state], state)
	}
	assert.Greater(t, ends["FULFILLED"], ends["CANCELED"]+ends["FAILED_PERMANENTLY"])
}

func TestTheAPIAndTheDeliveriesAgree(t *testing.T) {
	bubble(t, func(t *testing.T) {
		g := &target{}
		d := newDirect(t, simulator.Options{Seed: 9, Transport: g})
		d.register("https://a.example", bothEvents)
		substatuses := map[string]bool{}
		for range 60 { // every other second
			d.runFor(2 * time.Second)
			d.signIn()
			last := map[string]delivery{}
			for _, x := range g.at("a.example") {
				if x.Body.JobTaskID == "" {
					last[x.id()] = x
				}
			}
			for id, x := range last {
				var in struct {
					Status       string
					OrderDetails struct{ SubStatus string }
				}
				path := "/v2/orders/" + id
				if x.Event == "job.status" {
					path = "/v2/processing/jobs/" + id
				}
				a := d.do(http.MethodGet, path, "")
				require.Equal(t, 200, a.status, a.text)
				a.into(t, &in)
				assert.Equal(t, x.Body.Status, in.Status)
				assert.Equal(t, x.Body.SubStatus, in.OrderDetails.SubStatus)
				substatuses[in.OrderDetails.SubStatus] = true
			}
		}
		for _, want := range []string{"FEASIBILITY_WAITING_UPLOAD", "FEASIBILITY_WAITING_RESPONSE", "QUOTATION_WAITING_RESPONSE", "QUOTATION_ACCEPTED"} {
			assert.True(t, substatuses[want], want)
		}
	})
}

func TestOldOrdersAndJobsAreRemoved(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := newDirect(t, simulator.Options{Seed: 11, Speed: 1000})
		d.runFor(2 * time.Minute) // some 3,000 scenarios
		d.signIn()
		var in ordersSeen
		d.do(http.MethodGet, "/v2/orders?size=1", "").into(t, &in)
		assert.GreaterOrEqual(t, in.TotalElements, 500)
		assert.Less(t, in.TotalElements, 530)
	})
}

func TestQuietChangesNothing(t *testing.T) {
	bubble(t, func(t *testing.T) {
		g := &target{}
		d := newDirect(t, simulator.Options{Seed: 1, Quiet: true, Transport: g})
		path := d.register("https://a.example", bothEvents)
		before := d.do(http.MethodGet, "/v2/orders?size=200", "").text
		d.runFor(time.Minute)
		assert.Empty(t, g.at("a.example"))
		assert.Equal(t, before, d.do(http.MethodGet, "/v2/orders?size=200", "").text)
		assert.Equal(t, 200, d.do(http.MethodPost, path+"/tests", "").status)
		assert.Len(t, g.at("a.example"), 2, "only tests are delivered")
	})
}

func TestAPauseOfTheMachineMakesNoBurst(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var once sync.Once
		g := &target{}
		// Nothing else runs while the clock is read, as if the machine slept.
		started := false
		now := func() time.Time {
			if started {
				once.Do(func() { time.Sleep(time.Hour) })
			}
			return time.Now()
		}
		d := newDirect(t, simulator.Options{Seed: 1, Transport: g, Now: now})
		d.register("https://a.example", bothEvents)
		started = true
		d.runFor(time.Hour + 10*time.Second)
		assert.Less(t, len(g.at("a.example")), 40)
		assert.Greater(t, len(g.at("a.example")), 4)
	})
}

func TestOnlySubscribedEventsAreDelivered(t *testing.T) {
	bubble(t, func(t *testing.T) {
		g := &target{}
		d := newDirect(t, simulator.Options{Seed: 1, Transport: g})
		d.register("https://orders.example", "order.status")
		d.register("https://jobs.example", "job.status")
		d.register("https://jobs-too.example", "job.status")
		off := d.register("https://off.example", bothEvents)
		require.Equal(t, 200, d.do(http.MethodPut, off, `{"name":"off","url":"https://off.example","events":["job.status"]}`).status)
		gone := d.register("https://gone.example", bothEvents)
		d.runFor(20 * time.Second)
		require.Equal(t, 204, d.do(http.MethodDelete, gone, "").status)
		known := len(g.at("gone.example"))
		assert.Positive(t, known)
		d.runFor(40 * time.Second)
		assert.Len(t, g.at("gone.example"), known)
		assert.Empty(t, g.at("off.example"))
		kinds := func(host string) (out []string) {
			for _, x := range g.at(host) {
				out = append(out, x.Event)
			}
			slices.Sort(out)
			return slices.Compact(out)
		}
		assert.Equal(t, []string{"order.status"}, kinds("orders.example"))
		assert.Equal(t, []string{"job.status"}, kinds("jobs.example"))
		one, other := g.at("jobs.example"), g.at("jobs-too.example")
		require.Len(t, other, len(one))
		for i := range one {
			assert.Equal(t, one[i].Body, other[i].Body)
			assert.NotEqual(t, one[i].MessageID, other[i].MessageID, "each webhook has messages of its own")
		}
	})
}
