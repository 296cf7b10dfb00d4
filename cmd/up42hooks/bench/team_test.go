package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

// benchTeam is how long each load of TestTeamBench takes; `make bench-team` sets it.
const benchTeam = "UP42_BENCH_TEAM"

// teamLoads are the loads of TestTeamBench.
var teamLoads = []load{{conns: 32}, {conns: 256}}

// teamFigures are what a load on a receiver has shown whose events go to a team's stream. The
// receiver's processor time is taken until the stream has all events.
type teamFigures struct {
	figures
	server time.Duration // processor time of the server of NATS, for each delivery
	behind float64       // how many events the stream lacked when the load ended
	after  time.Duration // how long after that it had all
}

// TestTeamBench measures what publishing costs a receiver: `listen` alone and in a team take turns.
// The server of NATS runs on the same machine, so the throughput has its share in it; the receiver's
// processor time has not.
func TestTeamBench(t *testing.T) {
	length := clitest.Length(t, benchTeam, 0)
	if length == 0 {
		t.Skip("make bench-team runs it")
	}
	rounds := clitest.Count(t, benchRounds, 1)
	b := newBench(t, length)
	for _, l := range teamLoads {
		alone, team := b.teamRounds(l, rounds)
		fmt.Printf("%s\n| receiver | deliveries/s | p50 | p99 | its CPU each | CPU of NATS each | events behind | after |\n|---|--:|--:|--:|--:|--:|--:|--:|\n", l)
		fmt.Printf("%s%s| ratio | × %.3f | | | × %.3f | | | |\n\n", teamLine("alone", alone), teamLine("in a team", team),
			ratios(team, alone, func(f teamFigures) float64 { return f.rate }), ratios(team, alone, func(f teamFigures) float64 { return float64(f.cpu) }))
	}
}

// teamRounds measures a load on a receiver alone and in a team, as often as rounds says.
func (b *bench) teamRounds(l load, rounds int) (alone, team []teamFigures) {
	for round := range rounds {
		fmt.Fprintf(os.Stderr, "%s, round %d of %d\n", l, round+1, rounds)
		for i := range 2 {
			inTeam := i == round%2 // each is first as often as the other
			b.Run(fmt.Sprint("team=", inTeam), func(t *testing.T) {
				f := b.measureTeam(t, l, inTeam)
				if inTeam {
					team = append(team, f)
				} else {
					alone = append(alone, f)
				}
			})
		}
	}
	return alone, team
}

func (b *bench) measureTeam(t *testing.T, l load, inTeam bool) (f teamFigures) {
	var more []string
	servers, size := process{end: func() {}}, func() int { return 0 }
	if inTeam {
		servers = startServer(t, natsServer)
		more = []string{"--stream", servers.address}
	}
	defer servers.end()
	p := startListen(t, b.program, filepath.Join(t.TempDir(), "events.db"), more...)
	defer p.end()
	sent := 0
	if inTeam {
		var ended func()
		size, ended = streamSize(t, servers.address)
		defer ended()
	}
	awaitAll := func() {
		for deadline := time.Now().Add(time.Minute); inTeam && size() < sent; time.Sleep(10 * time.Millisecond) {
			require.True(t, time.Now().Before(deadline), "the stream lacks events")
		}
	}
	s, err := connect(p.address, l.conns, b.from)
	require.NoError(t, err)
	defer s.close()
	w, _, err := s.send(l.rate, b.length/4)
	require.NoError(t, err, "it said: %v", p.said)
	sent += len(w)
	awaitAll()
	own, others := processorTime(p.pid), processorTime(servers.pid)
	w, took, err := s.send(l.rate, b.length)
	require.NoError(t, err, "it said: %v", p.said)
	sent += len(w)
	ended := time.Now()
	if inTeam {
		f.behind = float64(sent - size())
	}
	awaitAll()
	f.after = time.Since(ended)
	n := time.Duration(len(w))
	f.figures = figures{rate: float64(len(w)) / took.Seconds(), p50: w.percentile(50), p99: w.percentile(99), cpu: (processorTime(p.pid) - own) / n}
	f.server = (processorTime(servers.pid) - others) / n
	return f
}

// streamSize returns a function that tells how many messages the stream has.
func streamSize(t *testing.T, url string) (size func() int, end func()) {
	t.Helper()
	nc, err := nats.Connect(url)
	require.NoError(t, err)
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	return func() int {
		s, err := js.Stream(t.Context(), "UP42")
		if err != nil {
			return 0 // the receiver has not made it yet
		}
		return int(s.CachedInfo().State.Msgs)
	}, nc.Close
}

// ratios is the median of the ratios of each round.
func ratios(of, to []teamFigures, figure func(teamFigures) float64) float64 {
	all := make([]figures, len(of))
	for i := range of {
		all[i].rate = figure(of[i]) / figure(to[i])
	}
	return median(all).rate
}

// teamLine is a line of the table: the medians.
func teamLine(name string, all []teamFigures) string {
	each := make([]figures, len(all))
	others := make([]figures, len(all))
	for i, f := range all {
		each[i], others[i] = f.figures, figures{cpu: f.server, rate: f.behind, p50: f.after}
	}
	f, o := median(each), median(others)
	return fmt.Sprintf("| %s | %s | %s | %s | %s | %s | %s | %s |\n", name, count(int(f.rate)), wait(f.p50), wait(f.p99), micros(f.cpu), micros(o.cpu), count(int(o.rate)), wait(o.p50))
}

// All that `make bench-team` does, for a moment.
func TestTeamBenchRuns(t *testing.T) {
	b := newBench(t, 40*time.Millisecond)
	alone, team := b.teamRounds(load{conns: 2}, 1)
	require.Len(t, alone, 1)
	require.Len(t, team, 1)
	assert.Positive(t, alone[0].rate)
	assert.Positive(t, team[0].rate)
	assert.Contains(t, teamLine("in a team", team), "| in a team | ")
}
