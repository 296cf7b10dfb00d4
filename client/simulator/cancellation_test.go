package simulator_test

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client/simulator"
)

// withStatus runs the simulator until an order has a status, and returns its id.
func (d *direct) withStatus(status string) string {
	d.Helper()
	for range 600 {
		var in ordersSeen
		d.signIn()
		d.do(http.MethodGet, "/v2/orders?size=1&status="+status, "").into(d, &in)
		if len(in.Content) > 0 {
			return in.Content[0].ID
		}
		d.runFor(100 * time.Millisecond)
	}
	d.Fatal("no order is ", status)
	return ""
}

func (d *direct) statusOf(id string) string {
	d.Helper()
	var in orderSeen
	d.do(http.MethodGet, "/v2/orders/"+id, "").into(d, &in)
	return in.Status
}

// SDK 3.1 and later cancel an order with this call.
func (d *direct) cancel(id string) reply {
	return d.do(http.MethodPost, "/v2/orders/"+id+"/cancellation", "")
}

func TestAnOrderCanBeCancelledBeforeItIsPlaced(t *testing.T) {
	for _, status := range []string{"CREATED", "PLACEMENT_FAILED"} {
		bubble(t, func(t *testing.T) {
			g := &target{}
			d := newDirect(t, simulator.Options{Seed: 1, Transport: g})
			d.register("https://a.example", bothEvents)
			id := d.withStatus(status)
			a := d.cancel(id)
			assert.Equal(t, 200, a.status)
			assert.JSONEq(t, `{"orderId":"`+id+`","status":"CANCELED"}`, a.text)
			assert.Equal(t, "CANCELED", d.statusOf(id))
			assert.Equal(t, 409, d.cancel(id).status, "once")

			d.runFor(time.Minute)
			d.signIn()
			assert.Equal(t, "CANCELED", d.statusOf(id), "its course has ended")
			var states []string
			final := false
			for _, x := range g.at("a.example") {
				if x.id() == id {
					states, final = append(states, x.Body.Status), x.Body.StatusIsFinal
				}
			}
			require.NotEmpty(t, states)
			assert.Equal(t, "CANCELED", states[len(states)-1], "it is delivered")
			assert.True(t, final)
		})
	}
}

func TestAnOrderCannotBeCancelledLater(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := newDirect(t, simulator.Options{Seed: 1})
		for _, status := range []string{"BEING_PLACED", "PLACED", "BEING_FULFILLED", "FULFILLED", "FAILED_PERMANENTLY", "CANCELED"} {
			id := d.withStatus(status)
			code, message := d.cancel(id).refusal(t)
			assert.Equal(t, 409, code, status)
			assert.Contains(t, message, "cannot be canceled in its current status "+status)
			assert.Equal(t, status, d.statusOf(id))
		}
		code, _ := d.cancel("unknown").refusal(t)
		assert.Equal(t, 404, code)
	})
}

// A quiet simulator delivers what its owner does.
func TestAQuietSimulatorDeliversCancellations(t *testing.T) {
	bubble(t, func(t *testing.T) {
		g := &target{}
		d := newDirect(t, simulator.Options{Seed: 1, Quiet: true, Transport: g})
		d.register("https://a.example", bothEvents)
		id := d.withStatus("CREATED")
		require.Equal(t, 200, d.cancel(id).status, "before it runs")
		d.runFor(time.Second)
		require.Len(t, g.at("a.example"), 1)
		assert.Equal(t, id, g.at("a.example")[0].Body.OrderID)
	})
}

func TestCancellationsWhileItRuns(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := newDirect(t, simulator.Options{Seed: 1, Speed: 1000})
		var running sync.WaitGroup
		running.Go(func() { d.runFor(2 * time.Second) })
		cancelled := 0
		for range 100 {
			time.Sleep(10 * time.Millisecond)
			var in ordersSeen
			d.do(http.MethodGet, "/v2/orders?status=CREATED,PLACEMENT_FAILED", "").into(t, &in)
			for _, o := range in.Content {
				if a := d.cancel(o.ID); a.status == 200 {
					cancelled++
				}
			}
		}
		running.Wait()
		assert.Greater(t, cancelled, 10)
	})
}
