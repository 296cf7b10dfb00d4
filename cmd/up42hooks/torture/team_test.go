package torture

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/receiver/retry"
)

// teamTime is the variable that says for how long the receivers and servers of a team are killed
// again and again.
const teamTime = "UP42_TEAM_TORTURE"

// Three receivers share a stream that three servers keep. Whatever is killed and cut off, a
// delivery that was answered 200 is on each member at the end, once.
func TestTeamTorture(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes some seconds")
	}
	limit := clitest.Length(t, teamTime, 0)
	long := chaos{receiver: 20 * time.Second, server: 30 * time.Second, cut: 25 * time.Second, down: 4 * time.Second, away: 6 * time.Second, burns: 3}
	if limit == 0 {
		short := chaos{receiver: 900 * time.Millisecond, server: 1300 * time.Millisecond, cut: 800 * time.Millisecond, down: 300 * time.Millisecond, away: 400 * time.Millisecond, burns: 2}
		newTeamTorture(t, "team", "", 60, short).lose(2 * time.Second).nothing()
		return
	}
	t.Run("team", func(t *testing.T) {
		newTeamTorture(t, "team", "", 500, long).lose(limit).nothing()
	})
	t.Run("control without de-duplication", func(t *testing.T) {
		v := newTeamTorture(t, "team", withoutDeduplication, 500, long).lose(limit / 4)
		assert.Positive(t, v.copies, "the stream has copies that it does not refuse")
	})
	t.Run("control with local answers", func(t *testing.T) {
		always := long
		always.cut, always.away, always.burns = 8*time.Second, 3*time.Second, 1
		v := newTeamTorture(t, "local", "", 500, always).lose(limit / 4)
		assert.Positive(t, v.lost, "what was answered goes with the disk")
	})
}

// teamTorture is a team, with what is done to it.
type teamTorture struct {
	t        *testing.T
	seed     uint64
	chaos    chaos
	nodes    *nodes
	members  []*member
	load     *load
	target   *target
	happened happened
	began    time.Time
	took     time.Duration
}

// newTeamTorture starts a team that answers as ack says. The servers have more lines in their
// configuration.
func newTeamTorture(t *testing.T, ack, more string, rate int, c chaos) *teamTorture {
	x := &teamTorture{t: t, seed: uint64(time.Now().UnixNano()), chaos: c, nodes: newNodes(t, 3, more), target: newTarget(t)}
	t.Logf("seed %d", x.seed)
	x.nodes.await()
	x.load = newLoad(t, rate, nil)
	for i := range 3 {
		m := newMember(t, fmt.Sprint("receiver-", i+1), x.nodes, x.load.printed, "--stream-ack", ack, "--forward-to", x.target.URL)
		x.members, x.load.urls = append(x.members, m), append(x.load.urls, m.url())
	}
	for _, m := range x.members {
		_, ok := m.running().Stderr.Await("connected to the team's stream")
		require.True(t, ok, "%s", m.running().Stderr)
	}
	x.began = time.Now()
	x.load.start()
	return x
}

// lose lets the team suffer for a while, and returns what is wrong at the end.
func (x *teamTorture) lose(limit time.Duration) checked {
	ctx, cancel := context.WithTimeout(x.t.Context(), limit)
	defer cancel()
	x.rage(ctx)
	x.load.stop()
	x.took = time.Since(x.began)
	require.NotZero(x.t, x.load.count(), "no delivery was answered")
	x.settle()
	kept, _ := x.target.await(x.t.Context(), maps.Keys(x.load.answered), quiet)
	for _, m := range x.members {
		p := m.running()
		p.Signal(syscall.SIGTERM)
		p.Finish(x.t)
	}
	v := x.judge()
	v.kept, v.late = kept, x.late()
	x.checkStores()
	x.print(v)
	return checked{v, x}
}

// checked is a team that was looked at.
type checked struct {
	verdict
	x *teamTorture
}

// nothing requires that nothing is wrong.
func (c checked) nothing() {
	t := c.x.t
	assert.Empty(t, c.missing, "what was answered is on each member")
	assert.Zero(t, c.twice, "a member has a message once")
	assert.Zero(t, c.copies, "the stream has a message once")
	assert.Zero(t, c.kept, "each event reaches the target")
	assert.Empty(t, c.late, "the events of an order reach the target in their order")
	assert.Empty(t, c.rows, "all members have the same rows")
	assert.Empty(t, c.order, "the stream has the events of each order in their order")
}

// await waits until the servers are a cluster.
func (s *nodes) await() {
	late := time.Now().Add(clitest.Patience)
	for {
		err := s.ready()
		if err == nil {
			return
		}
		for _, n := range s.all {
			require.False(s.t, n.ended(), "a server has ended: %s", n.process.Stderr)
		}
		require.True(s.t, time.Now().Before(late), "the servers do not become a cluster: %v", err)
		retry.Sleep(s.t.Context(), 50*time.Millisecond)
	}
}

// print prints the figures of a run.
func (x *teamTorture) print(v verdict) {
	f, h := &x.load.figures, &x.happened
	for _, line := range []struct {
		what  string
		value any
	}{
		{"deliveries answered", fmt.Sprintf("%d in %v, %.0f a second", x.load.count(), x.took.Round(time.Second), float64(x.load.count())/x.took.Seconds())},
		{"sent more than once", fmt.Sprintf("%d, and %d to two receivers at once", f.Again, f.Doubled)},
		{"receivers killed", h.receivers},
		{"servers killed", h.servers},
		{"receivers cut off", fmt.Sprintf("%d, of which %d lost their disk", h.cuts, h.burned)},
		{"longest time without an answer", f.Outage.Round(time.Millisecond)},
		{"time to the 200", percentiles(f.Took)},
		{"from the 200 to another member", percentiles(f.ToAnother)},
		{"forwarded, not, once more, orders out of order", fmt.Sprintf("%d, %d, %d, %d", x.target.times, v.kept, x.target.times-len(x.target.seen), len(v.late))},
		{"missing on a member, on all", fmt.Sprintf("%d, %d", len(v.missing), v.lost)},
		{"twice on a member, in the stream", fmt.Sprintf("%d, %d", v.twice, v.copies)},
		{"members with other rows, orders out of order", fmt.Sprintf("%d, %d", len(v.rows), len(v.order))},
	} {
		x.t.Logf("%-46s %v", line.what, line.value)
	}
}

func percentiles(all []time.Duration) string {
	if len(all) == 0 {
		return "not measured"
	}
	slices.Sort(all)
	at := func(p int) time.Duration { return all[len(all)*p/100].Round(100 * time.Microsecond) }
	return fmt.Sprintf("p50 %v, p90 %v, p99 %v, longest %v", at(50), at(90), at(99), all[len(all)-1].Round(time.Millisecond))
}
