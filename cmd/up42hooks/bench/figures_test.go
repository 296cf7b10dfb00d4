package bench

import (
	"cmp"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// figures are what a load on a receiver has shown.
type figures struct {
	rate           float64 // deliveries a second
	p50, p99, p999 time.Duration
	cpu            time.Duration // processor time of the receiver, for each delivery
	memory         int           // MB, the most that its process has had; 0: nothing tells
}

// measure puts a load on a receiver for a time, after a quarter of that time to warm up. It
// ends the receiver.
func measure(t *testing.T, p process, l load, length time.Duration, from *deliveries) (f figures) {
	t.Helper()
	defer p.end()
	s, err := connect(p.address, l.conns, from)
	require.NoError(t, err)
	defer s.close()
	_, _, err = s.send(l.rate, length/4)
	require.NoError(t, err, "it said: %v", p.said)
	before := processorTime(p.pid)
	w, took, err := s.send(l.rate, length)
	require.NoError(t, err, "it said: %v", p.said)
	return figures{
		rate: float64(len(w)) / took.Seconds(), p50: w.percentile(50), p99: w.percentile(99), p999: w.percentile(99.9),
		cpu: (processorTime(p.pid) - before) / time.Duration(len(w)), memory: peakMemory(p.pid),
	}
}

// median returns the median of each figure.
func median(all []figures) figures {
	return figures{
		rate: middle(all, func(f figures) float64 { return f.rate }),
		p50:  middle(all, func(f figures) time.Duration { return f.p50 }),
		p99:  middle(all, func(f figures) time.Duration { return f.p99 }), p999: middle(all, func(f figures) time.Duration { return f.p999 }),
		cpu:    middle(all, func(f figures) time.Duration { return f.cpu }),
		memory: middle(all, func(f figures) int { return f.memory }),
	}
}

func middle[T cmp.Ordered](all []figures, of func(figures) T) T {
	values := make([]T, len(all))
	for i := range all {
		values[i] = of(all[i])
	}
	slices.Sort(values)
	return values[len(values)/2]
}

// processorTime is the processor time of a process, 0 where nothing tells.
func processorTime(pid int) time.Duration {
	stat, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, rest, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * (10 * time.Millisecond)
}

var peak = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

func peakMemory(pid int) (megabytes int) {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if m := peak.FindSubmatch(text); m != nil {
		kb, _ := strconv.Atoi(string(m[1]))
		megabytes = (kb + 512) >> 10
	}
	return megabytes
}
