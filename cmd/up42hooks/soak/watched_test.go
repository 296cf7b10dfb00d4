//go:build linux

package soak

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// measure is one of the things that must not grow.
type measure struct {
	name string
	unit float64 // what is shown is the value by this
	// slack is how much more it may be in the last third of the time than in the third before, beside a
	// quarter of it: garbage is collected when it pays.
	slack float64
}

var measures = []measure{
	{"memory, MB", 1 << 20, 16 << 20}, {"goroutines", 1, 24}, {"files", 1, 24}, {"write-ahead log, MB", 1 << 20, 8 << 20}, {"store, MB", 1 << 20, 8 << 20},
}

// watched is a process of which samples are taken.
type watched struct {
	name         string
	pid          int
	store, admin string // "" if it has none of its own
	at           []time.Duration
	values       [][]float64 // by the number of the measure; negative: not known
}

func watch(t *testing.T, name string, pid int, store, admin string) *watched {
	t.Helper()
	return &watched{name: name, pid: pid, store: store, admin: admin, values: make([][]float64, len(measures))}
}

// sample takes a sample.
func (w *watched) sample(t *testing.T, at time.Duration) {
	t.Helper()
	w.at = append(w.at, at)
	files, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", w.pid))
	require.NoError(t, err, "%s ended", w.name)
	for i, v := range []float64{w.memory(), w.goroutines(t), float64(len(files)), size(w.store + "-wal"), size(w.store)} {
		w.values[i] = append(w.values[i], v)
	}
}

var resident = regexp.MustCompile(`RssAnon:\s+(\d+) kB`)

// memory is that of the process itself: pages of files are the system's.
func (w *watched) memory() float64 {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", w.pid))
	return number(resident.FindSubmatch(text)) * 1024
}

var goroutines = regexp.MustCompile(`(?m)^go_goroutines (\d+)`)

func (w *watched) goroutines(t *testing.T) float64 {
	t.Helper()
	if w.admin == "" {
		return -1
	}
	resp, err := http.Get(w.admin + "/metrics")
	require.NoError(t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return number(goroutines.FindSubmatch(text))
}

func number(found [][]byte) float64 {
	if found == nil {
		return -1
	}
	n, _ := strconv.ParseFloat(string(found[1]), 64)
	return n
}

// size is that of a file, negative without the file.
func size(file string) float64 {
	info, err := os.Stat(file)
	if err != nil {
		return -1
	}
	return float64(info.Size())
}

// thirds returns the middle values of the second third of the time and of the last one: the first is
// that in which the program warms up.
func (w *watched) thirds(measure int) (before, after float64) {
	v := w.values[measure]
	return median(v[len(v)/3 : len(v)*2/3]), median(v[len(v)*2/3:])
}

func median(v []float64) float64 {
	if len(v) == 0 {
		return -1
	}
	v = slices.Sorted(slices.Values(v))
	return v[len(v)/2]
}

func (w *watched) check(t *testing.T) {
	t.Helper()
	for i, m := range measures {
		before, after := w.thirds(i)
		assert.LessOrEqual(t, after, before*1.25+m.slack, "%s of the %s grows", m.name, w.name)
	}
}

// table writes the values in steps.
func (w *watched) table(out io.Writer) {
	const steps = 12
	fmt.Fprintf(out, "| %s: time |", w.name)
	for _, m := range measures {
		fmt.Fprintf(out, " %s |", m.name)
	}
	fmt.Fprintf(out, "\n|--:|%s\n", strings.Repeat("--:|", len(measures)))
	for i := range steps + 1 {
		n := min(len(w.at)-1, i*len(w.at)/steps)
		fmt.Fprintf(out, "| %s |", w.at[n].Round(time.Second/10))
		for j, m := range measures {
			fmt.Fprintf(out, " %s |", shown(w.values[j][n], m))
		}
		fmt.Fprintln(out)
	}
	fmt.Fprintln(out)
}

func shown(v float64, m measure) string {
	switch {
	case v < 0:
		return "–"
	case m.unit == 1:
		return strconv.Itoa(int(v))
	default:
		return strconv.FormatFloat(v/m.unit, 'f', 1, 64)
	}
}
