package siege

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// machine is what the machine of a siege had left for it.
type machine struct {
	// left is the share of the processors that other programs left, from 0 to 1.
	left float64
	// stall is the longest that 99 of 100 writes to the disk took, by somebody who waits for
	// nothing else.
	stall time.Duration
}

// watchMachine measures until stop is called.
func watchMachine(t *testing.T) (stop func() machine) {
	t.Helper()
	disk, err := os.Create(filepath.Join(t.TempDir(), "probe"))
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	var stalls []time.Duration
	var probing sync.WaitGroup
	probing.Go(func() { stalls = probe(ctx, disk) })
	began, foreign := time.Now(), foreignTime()
	stop = sync.OnceValue(func() machine {
		cancel()
		probing.Wait()
		_ = disk.Close()
		slices.Sort(stalls)
		capacity := time.Since(began) * time.Duration(runtime.NumCPU())
		return machine{
			left:  1 - min(0.99, max(0, float64(foreignTime()-foreign)/float64(capacity))),
			stall: percentile(stalls, 99),
		}
	})
	t.Cleanup(func() { stop() })
	return stop
}

// probe writes to the disk now and then, and returns how much longer that took than it
// must: it waits for a processor, and for the disk.
func probe(ctx context.Context, disk *os.File) (stalls []time.Duration) {
	const pause = 10 * time.Millisecond
	for ctx.Err() == nil {
		began := time.Now()
		time.Sleep(pause)
		if _, err := disk.WriteAt([]byte{1}, 0); err != nil {
			return stalls
		}
		if err := disk.Sync(); err != nil {
			return stalls
		}
		stalls = append(stalls, time.Since(began)-pause)
	}
	return stalls
}

// limit is how long a delivery may take that takes no longer than max on a machine that does
// nothing else.
func (m machine) limit(longest time.Duration) time.Duration {
	return time.Duration(float64(longest)/m.left) + m.stall
}

func (m machine) String() string {
	return fmt.Sprintf("%.0f%%, %s", 100*m.left, m.stall.Round(100*time.Microsecond))
}

// tick is the unit of the times in /proc, on all kinds of processors.
const tick = 10 * time.Millisecond

// foreignTime returns how much processor time has gone to programs that are not part of the
// siege, and to other virtual machines. It is 0 where nothing tells.
func foreignTime() time.Duration {
	text, _ := os.ReadFile("/proc/stat")
	line, _, _ := strings.Cut(string(text), "\n")
	// user nice system idle iowait irq softirq steal: interrupts are mostly those of the siege
	n := numbers(strings.Fields(line))
	if len(n) < 9 {
		return 0
	}
	return time.Duration(n[1]+n[2]+n[3]+n[8])*tick - ownTime()
}

// ownTime returns how much processor time this process and its descendants have had.
func ownTime() time.Duration {
	parents, times := map[int]int{}, map[int]int64{}
	files, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended
		}
		// The fields after the name, from the state on. The times are its own, and those of
		// its children that have ended.
		n := numbers(strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:])))
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file))); err == nil && len(n) > 14 {
			parents[pid], times[pid] = int(n[1]), n[11]+n[12]+n[13]+n[14]
		}
	}
	var sum int64
	for pid, took := range times {
		for p := pid; p != 0; p = parents[p] {
			if p == os.Getpid() {
				sum += took
				break
			}
		}
	}
	return time.Duration(sum) * tick
}

// numbers returns what is a number of some fields, 0 for the others.
func numbers(fields []string) []int64 {
	n := make([]int64, len(fields))
	for i, f := range fields {
		n[i], _ = strconv.ParseInt(f, 10, 64)
	}
	return n
}

func percentile(took []time.Duration, p int) time.Duration {
	if len(took) == 0 {
		return 0
	}
	return took[min(len(took)*p/100, len(took)-1)]
}
