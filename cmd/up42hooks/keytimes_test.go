package main

import (
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

// BenchmarkKeyInASearch opens and closes the help, again and again, while a search goes
// through the bodies of all events for a word that none of them has. It measures how long the
// answer to a key takes on a terminal of 200×60, how long it takes without a search, and the largest
// memory of the process. Keys come 30 times a second, as from a key that is held. See benchStore for
// the store.
func BenchmarkKeyInASearch(b *testing.B) {
	file := benchStore(b)
	screen := file + ".screen" // remembers the filter of the last time
	var idle, keys, other keyTimes
	var resident float64
	held := time.NewTicker(time.Second / 30)
	defer held.Stop()
	for b.Loop() {
		require.NoError(b, os.RemoveAll(screen))
		m := clitest.OnTerminal(b, []string{"HOME=" + b.TempDir(), "LANG=C.UTF-8", "UP42_STORE=" + file}, 200, 60, "--listen", "127.0.0.1:0")
		m.Sees(b, "0 Overview")
		other.press(b, m, page{"3", "VERDICT"})
		settled(b, m.Cmd.Process.Pid)
		for range 30 {
			idle.openHelp(b, m, held.C)
		}
		other.press(b, m, page{"/", "filter by"})
		other.press(b, m, page{"a-word-that-is-nowhere\r", " filter: a-word"})
		for shown := ""; !strings.Contains(shown, "Nothing matches"); {
			shown = keys.openHelp(b, m, held.C)
		}
		resident += float64(status(b, m.Cmd.Process.Pid, "VmHWM")) / 1024
		m.Signal(os.Interrupt)
		<-m.Done
	}
	keys.report(b)
	slices.Sort(idle)
	b.ReportMetric(ms(idle[len(idle)/2]), "idle-median-ms")
	b.ReportMetric(resident/float64(b.N), "resident-MB")
}

// page is what a key leads to.
type page struct{ key, shows string }

// keyTimes are the times from keys to the frames that answer them.
type keyTimes []time.Duration

// pressInTurn presses the keys of pages in turn. rest is called between two keys.
func pressInTurn(b *testing.B, m *clitest.Terminal, pages []page, rest func()) (all keyTimes) {
	b.Helper()
	for i := 0; b.Loop(); i++ {
		all.press(b, m, pages[i%len(pages)])
		rest()
	}
	return all
}

// openHelp opens the help and closes it. It returns the screen.
func (k *keyTimes) openHelp(b *testing.B, m *clitest.Terminal, held <-chan time.Time) string {
	b.Helper()
	// The last line is written last: what it says tells that the whole frame is there.
	<-held
	k.press(b, m, page{"?", " ? help  esc/q back"})
	<-held
	return k.press(b, m, page{"?", "  v hide details"})
}

// press types a key, waits until its page is on the screen, and returns the screen.
func (k *keyTimes) press(b *testing.B, m *clitest.Terminal, p page) string {
	b.Helper()
	pressed := time.Now()
	_, err := io.WriteString(m.In, p.key)
	require.NoError(b, err)
	screen := m.Sees(b, p.shows)
	*k = append(*k, time.Since(pressed))
	return screen
}

// report reports the number, the median, the 99th percentile and the maximum.
func (k keyTimes) report(b *testing.B) {
	b.Helper()
	slices.Sort(k)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(len(k)), "keys")
	b.ReportMetric(ms(k[len(k)/2]), "median-ms")
	b.ReportMetric(ms(k[len(k)*99/100]), "p99-ms")
	b.ReportMetric(ms(k[len(k)-1]), "max-ms")
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
