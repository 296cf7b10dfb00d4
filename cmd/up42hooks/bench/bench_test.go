package bench

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

// Variables of a measurement; `make bench` sets them.
const (
	benchTime    = "UP42_BENCH"         // how long each load takes
	benchRounds  = "UP42_BENCH_ROUNDS"  // how often all is measured; the medians count
	benchProgram = "UP42_BENCH_PROGRAM" // the program; the default is the test's own
	benchBefore  = "UP42_BENCH_BEFORE"  // another program, such as an earlier one; may be missing
	benchReport  = "UP42_BENCH_REPORT"  // a document that gets the tables; may be missing
)

// The loads of a measurement.
var (
	connections = []load{{conns: 1}, {conns: 32}, {conns: 256}, {conns: 1000}}
	rates       = []load{{conns: 64, rate: 2000}, {conns: 64, rate: 5000}}
)

// Receivers that are measured, beside those of other logs.
const (
	empty   = "empty"   // `listen` on a new store
	million = "million" // `listen` on the large store
	before  = "before"  // `listen` of the other program on a new store
)

// TestBench measures, and prints tables. The receivers take turns, so that other load on the
// machine has an effect on all of them.
func TestBench(t *testing.T) {
	length := clitest.Length(t, benchTime, 0)
	if length == 0 {
		t.Skip("make bench runs it")
	}
	rounds := clitest.Count(t, benchRounds, 1)
	b := newBench(t, length)
	b.large = copyOfLarge(t)
	for round := range rounds {
		fmt.Fprintf(os.Stderr, "round %d of %d\n", round+1, rounds)
		b.round(round, connections, rates)
	}
	b.print()
	if file := os.Getenv(benchReport); file != "" {
		require.NoError(t, writeReport(file, b.report()))
	}
}

// bench measures loads on receivers, some times each.
type bench struct {
	*testing.T
	length          time.Duration
	program, before string
	large           string // the large store
	from            *deliveries
	measured        map[run][]figures
}

// run is a load on a receiver.
type run struct {
	load     load
	receiver string
}

func newBench(t *testing.T, length time.Duration) *bench {
	b := &bench{
		T: t, length: length, program: os.Getenv(benchProgram), before: os.Getenv(benchBefore),
		from: &deliveries{run: time.Now().String()}, measured: map[run][]figures{},
	}
	if b.program == "" {
		path, err := exec.LookPath("up42hooks") // the test's own
		require.NoError(t, err)
		b.program = path
	}
	return b
}

// round measures everything once. Each round begins with another receiver, because what runs
// after one that writes much has a slower disk.
func (b *bench) round(n int, connections, rates []load) {
	for _, l := range connections {
		for _, receiver := range turned(n, before, empty, million, ownStore, noStore, bareFile, eachByTx) {
			b.measure(l, receiver)
		}
	}
	for _, l := range rates {
		for _, receiver := range turned(n, before, empty, million) {
			b.measure(l, receiver)
		}
	}
}

// turned moves the first n receivers to the end.
func turned(n int, receivers ...string) []string {
	n %= len(receivers)
	return append(receivers[n:], receivers[:n]...)
}

func (b *bench) measure(l load, receiver string) {
	if receiver == before && b.before == "" {
		return
	}
	b.Run(fmt.Sprint(receiver, ", ", l), func(t *testing.T) {
		f := measure(t, b.start(t, receiver), l, b.length, b.from)
		b.measured[run{l, receiver}] = append(b.measured[run{l, receiver}], f)
	})
}

func (b *bench) start(t *testing.T, receiver string) process {
	fresh := filepath.Join(t.TempDir(), "events.db")
	switch receiver {
	case before:
		return startListen(t, b.before, fresh)
	case empty:
		return startListen(t, b.program, fresh)
	case million:
		return startListen(t, b.program, b.large)
	default:
		return startServer(t, receiver)
	}
}

// of returns what a load on a receiver has shown.
func (b *bench) of(l load, receiver string) figures {
	if all := b.measured[run{l, receiver}]; len(all) > 0 {
		return median(all)
	}
	return figures{}
}

// ratio returns the throughput of a receiver, divided by that of another one in the same
// round.
func (b *bench) ratio(l load, receiver, other string) float64 {
	all := make([]figures, min(len(b.measured[run{l, receiver}]), len(b.measured[run{l, other}])))
	if len(all) == 0 {
		return 0
	}
	for i := range all {
		all[i].rate = b.measured[run{l, receiver}][i].rate / b.measured[run{l, other}][i].rate
	}
	return median(all).rate
}

// All that `make bench` does, for a moment, on a store of some hundred events.
func TestBenchRuns(t *testing.T) {
	b := newBench(t, 40*time.Millisecond)
	large := filepath.Join(t.TempDir(), "large.db")
	fill(t, large, 300)
	b.large = copyStore(t, large)
	b.round(0, []load{{conns: 2}}, []load{{conns: 2, rate: 200}})
	require.Len(t, b.measured, 6+2)
	for run, all := range b.measured {
		f := median(all)
		assert.Positive(t, f.rate, "%v", run)
		assert.LessOrEqual(t, f.p50, f.p99, "%v", run)
		assert.LessOrEqual(t, f.p99, f.p999, "%v", run)
	}
	file := filepath.Join(t.TempDir(), "README.md")
	require.NoError(t, os.WriteFile(file, []byte("before\n"+reportBegins+"old\n"+reportEnds+"after\n"), 0o600))
	require.NoError(t, writeReport(file, "new\n"))
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, "before\n"+reportBegins+"new\n"+reportEnds+"after\n", string(text))
}
