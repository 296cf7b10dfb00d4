package simulator_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client/simulator"
)

func TestAMessageThatIsNotTakenIsSentAgain(t *testing.T) {
	bubble(t, func(t *testing.T) {
		g := &target{answer: func(_ delivery, before int) int {
			return []int{500, 0, 302, 404, 429, 200}[min(before, 5)]
		}}
		d := newDirect(t, simulator.Options{Seed: 1, Transport: g})
		d.register("https://a.example", bothEvents)
		d.runFor(time.Minute)
		seen := g.at("a.example")
		require.Greater(t, len(seen), 20)
		for i, x := range seen[:6] {
			assert.Equal(t, seen[0].raw, x.raw, "the same message")
			require.NoError(t, verify(x, x.at))
			if i > 0 {
				pause := x.at.Sub(seen[i-1].at)
				assert.Equal(t, 500*time.Millisecond<<(i-1), pause)
			}
			if i > 1 { // the date has no fractions of a second
				assert.NotEqual(t, seen[0].header.Get("Date"), x.header.Get("Date"), "it is signed again")
				assert.NotEqual(t, seen[0].header.Get("Signature"), x.header.Get("Signature"))
			}
		}
		assert.NotEqual(t, seen[5].MessageID, seen[6].MessageID, "the sixth attempt succeeded")
		assertOrder(t, seen[5:])
	})
}

// assertOrder checks that deliveries to a webhook are in the order of the changes.
func assertOrder(t *testing.T, ds []delivery) {
	t.Helper()
	for i := 1; i < len(ds); i++ {
		assert.False(t, ds[i].Timestamp.Before(ds[i-1].Timestamp), "%d", i)
	}
}

func TestAMessageIsGivenUp(t *testing.T) {
	bubble(t, func(t *testing.T) {
		first := ""
		g := &target{}
		g.answer = func(d delivery, before int) int {
			if before == 0 {
				first = d.MessageID
			}
			if d.MessageID == first {
				return 500
			}
			return 200
		}
		d := newDirect(t, simulator.Options{Seed: 1, Transport: g})
		d.register("https://a.example", bothEvents)
		d.runFor(2 * time.Minute)
		seen := g.at("a.example")
		for _, x := range seen[:8] {
			assert.Equal(t, first, x.MessageID)
		}
		for _, x := range seen[8:] {
			assert.NotEqual(t, first, x.MessageID)
		}
		require.Greater(t, len(seen), 60, "the other messages follow")
		assertOrder(t, seen[8:])
	})
}

func TestASlowReceiverDelaysNoOther(t *testing.T) {
	bubble(t, func(t *testing.T) {
		g := &target{}
		d := newDirect(t, simulator.Options{Seed: 1, Transport: hanging{g, "slow.example"}})
		d.register("https://slow.example", bothEvents)
		d.register("https://a.example", bothEvents)
		d.runFor(time.Minute)
		seen := g.at("a.example")
		require.Greater(t, len(seen), 50)
		for _, x := range seen {
			assert.Less(t, x.at.Sub(x.Timestamp), time.Millisecond)
		}
		assert.Less(t, len(g.at("slow.example")), 8)
	})
}

// hanging is a transport to targets of which one host never answers.
type hanging struct {
	*target
	host string
}

func (h hanging) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := h.target.RoundTrip(req)
	if req.URL.Host == h.host {
		<-req.Context().Done()
		return nil, req.Context().Err()
	}
	return resp, err
}

func TestASecondRunContinues(t *testing.T) {
	const seed = 4
	whole := story(played(t, simulator.Options{Seed: seed}, time.Minute, 0))
	bubble(t, func(t *testing.T) {
		g := &target{}
		d := newDirect(t, simulator.Options{Seed: seed, Transport: g})
		d.register("https://a.example", bothEvents)
		for range 20 {
			d.runFor(3 * time.Second)
		}
		parts := story(g.at("a.example"))
		require.Greater(t, len(parts), 40)
		n := min(len(parts), len(whole))
		assert.Equal(t, whole[:n], parts[:n], "nothing is lost between runs")
	})
}

func TestNewSettingsApplyToQueuedMessages(t *testing.T) {
	bubble(t, func(t *testing.T) {
		g := &target{answer: func(delivery, int) int { return 0 }}
		d := newDirect(t, simulator.Options{Seed: 1, Transport: g})
		path := d.register("https://down.example", bothEvents)
		d.runFor(5 * time.Second)
		waiting := g.at("down.example")[0].MessageID
		g.answer = nil
		a := d.do(http.MethodPut, path, `{"name":"hook","url":"https://up.example","events":["job.status","order.status"],"active":true,"secret":"hush"}`)
		require.Equal(t, 200, a.status)
		d.runFor(5 * time.Second)
		assert.Equal(t, waiting, g.at("up.example")[0].MessageID)
	})
}
