package tui_test

import (
	"runtime"
	"runtime/debug"
	"slices"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/feed"
	"github.com/up42/up42-webhooks/tui/status"
	"github.com/up42/up42-webhooks/tui/tuitest"
)

// frames measures how long the frames of a dashboard take.
type frames struct {
	b    *testing.B
	m    *tui.Model
	seq  int64
	took map[string][]time.Duration
	cpu  map[string][]time.Duration
}

// threadTime is the processor time of this thread. It says what a frame takes, whatever else the
// machine does.
func threadTime(b *testing.B) time.Duration {
	b.Helper()
	var t unix.Timespec
	require.NoError(b, unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t))
	return time.Duration(t.Nano())
}

// draw gives the model a message, draws the frame, and takes note of how long that took.
func (f *frames) draw(what string, msg tea.Msg) {
	began, used := time.Now(), threadTime(f.b)
	_, cmd := f.m.Update(msg)
	f.m.View()
	f.cpu[what] = append(f.cpu[what], threadTime(f.b)-used)
	f.took[what] = append(f.took[what], time.Since(began))
	for _, answer := range answersOf(cmd) {
		f.m.Update(answer)
	}
}

// come brings some rows and events.
func (f *frames) come() {
	rows, entries := make([]*status.Row, perBatch), make([]*feed.Entry, perBatch)
	for i := range rows {
		f.seq++
		at := int(f.seq*7919) % boardRows
		rows[i], entries[i] = boardRow(at, f.seq), boardEntry(at, f.seq)
	}
	counts := receiver.Counts{Verified: f.seq, Rows: receiver.RowCounts{boardRows, boardRows}, LastSeq: f.seq, LastArrival: time.Now()}
	msg := f.m.BatchOf(rows, entries, counts)
	f.draw("batch", msg)
}

func (f *frames) report() {
	f.b.ReportMetric(0, "ns/op")
	for unit, all := range map[string]map[string][]time.Duration{"ms": f.took, "cpu-ms": f.cpu} {
		for what, took := range all {
			slices.Sort(took)
			ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
			f.b.ReportMetric(ms(took[len(took)*99/100]), what+"-p99-"+unit)
			f.b.ReportMetric(ms(took[len(took)-1]), what+"-max-"+unit)
		}
	}
}

// BenchmarkScreenFrames measures the frames of each page at 200×60 with 100,000 orders and as many
// jobs, while events come and keys are pressed: the first frame of the page too, and those that are
// drawn while garbage is collected. None should take more than 8 ms of processor time; what it takes
// on the clock, other programs change.
func BenchmarkScreenFrames(b *testing.B) {
	const collectOften = 30 // as the program does
	defer debug.SetGCPercent(debug.SetGCPercent(collectOften))
	moves := []string{"down", "pgdown", "down", "up", "G", "up", "g", "pgdown", "pgup"}
	choices := []string{"down", "down", "up"}
	for _, page := range []struct {
		name string
		open []string
		keys []string
	}{
		{"overview", []string{"0"}, moves},
		{"jobs", []string{"1"}, moves},
		{"orders", []string{"2"}, moves},
		{"events", []string{"3"}, moves},
		{"webhooks", []string{"4"}, moves},
		{"undelivered", []string{"5"}, moves},
		{"details", []string{"2", "enter", "enter"}, moves},
		{"help", []string{"2", "?"}, moves},
		{"palette", []string{"2", ":"}, choices},
		{"filter", []string{"2", "/"}, choices},
	} {
		b.Run(page.name, func(b *testing.B) {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			f := frames{b: b, m: board(b, "2"), seq: boardRows, took: map[string][]time.Duration{}, cpu: map[string][]time.Duration{}}
			f.m.Update(f.m.JobsOf(boardJobs(), receiver.Counts{Verified: boardRows, Rows: receiver.RowCounts{boardRows, boardRows}, LastSeq: boardRows}))
			for _, msg := range tuitest.Keys(page.open...) {
				f.draw("open", msg)
			}
			for i := 0; b.Loop(); i++ {
				f.come()
				f.draw("key", tuitest.Keys(page.keys[i%len(page.keys)])[0])
			}
			f.report()
		})
	}
}

func boardJobs() []*status.Row {
	jobs := make([]*status.Row, boardRows)
	for i := range jobs {
		seq := int64(i + 1)
		jobs[i] = status.RowOf(&receiver.Row{
			Key: receiver.Key{Kind: receiver.Job, ID: id(i)}, Name: "detection-ships", Status: "running", Trust: receiver.FullTrust,
			FirstSeen: noon, LastChange: noon.Add(time.Duration(seq) * time.Millisecond), Events: 3, Seq: seq, ShortJourney: "000",
		})
	}
	return jobs
}
