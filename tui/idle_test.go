package tui_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/renderer"
	"github.com/up42/up42-webhooks/tui/theme"
)

// bytesWritten counts what a terminal gets.
type bytesWritten int

func (n *bytesWritten) Write(p []byte) (int, error) {
	*n += bytesWritten(len(p))
	return len(p), nil
}

// coloured gives the dashboard the colours of a terminal.
func coloured(o *tui.Options) {
	o.Theme = theme.New(theme.Options{Profile: termenv.ANSI256, Name: theme.Dark})
}

// A page full of orders that wait costs a terminal, over a slow line, nearly nothing.
func TestAnIdleScreenSendsLittle(t *testing.T) {
	for _, age := range []time.Duration{0, 5 * time.Second, 70 * time.Second, 9 * time.Minute, 2 * time.Hour} {
		waiting := func() *memory {
			l := newMemory()
			for i := range 60 {
				l.Add(order(i, "PLACED", age+time.Duration(i)*age/60))
			}
			return l
		}
		within(t, 200, 60, waiting, func(s *screen) {
			s.Shows("◐ PLACED", "1/60")
			var n bytesWritten
			r := renderer.Open(&n, false)
			draw := func() {
				r.Show(s.m.View())
				synctest.Wait()
			}
			draw()
			before := n
			const minute = 60
			for range minute {
				s.Advance(time.Second, time.Second, nil)
				draw()
			}
			rate := (n - before) / minute
			assert.Less(t, rate, bytesWritten(400), "bytes a second, with orders since %v", age)
			assert.Positive(t, rate, "the clock goes on")
			t.Logf("orders since %v: %d bytes a second", age, rate)
			_ = r.Close()
		}, coloured)
	}
}

// A thousand events a second change the whole page again and again.
func TestABusyScreenSendsNoMoreThanATerminalReads(t *testing.T) {
	within(t, 200, 60, newMemory, func(s *screen) {
		s.Press("3")
		var n bytesWritten
		r := renderer.Open(&n, false)
		const seconds, eachFrame = 3, 16
		for i := range seconds * 1000 / eachFrame {
			all := make([]*receiver.Event, eachFrame)
			for j := range all {
				all[j] = order(i*eachFrame+j, []string{"PLACED", "FULFILLED", "FAILED_PERMANENTLY"}[j%3], 0)
			}
			s.log.Add(all...)
			s.Advance(eachFrame*time.Millisecond, eachFrame*time.Millisecond, nil)
			r.Show(s.m.View())
		}
		_ = r.Close()
		assert.Less(t, n/seconds, bytesWritten(150_000), "bytes a second")
		t.Logf("%d bytes a second", n/seconds)
	}, coloured)
}

// updates checks what a terminal gets: whole updates, in which nothing is wiped before it is drawn.
type updates struct {
	t     *testing.T
	n     int
	wiped int
}

func (u *updates) Write(p []byte) (int, error) {
	const begin, end = "\x1b[?2026h", "\x1b[?2026l"
	if written := string(p); strings.Contains(written, begin) {
		u.n++
		assert.Equal(u.t, strings.Count(written, begin), strings.Count(written, end), "a part of an update")
		assert.True(u.t, strings.HasSuffix(written, end))
		u.wiped += strings.Count(written, "\x1b[2J") + strings.Count(written, "\x1b[2K")
	}
	return len(p), nil
}

// Ten thousand events a second change all, and still no line is empty for a moment.
func TestNothingFlickersInAStorm(t *testing.T) {
	for _, page := range []string{"0", "2", "3"} {
		within(t, 200, 60, aDay, func(s *screen) {
			s.Press(page)
			u := &updates{t: t}
			r := renderer.Open(u, false)
			r.Show(s.m.View())
			synctest.Wait()
			first := u.wiped
			const frames, eachFrame, rows = 15, 160, 300
			for i := range frames {
				all := make([]*receiver.Event, eachFrame)
				for j := range all {
					n := i*eachFrame + j
					about := []func(int, string, time.Duration) *receiver.Event{order, job}[j%2]
					all[j] = about(n%rows, []string{"PLACED", "FULFILLED", "FAILED_PERMANENTLY"}[n%3], 0)
				}
				s.log.Add(all...)
				s.Advance(16*time.Millisecond, 16*time.Millisecond, nil)
				r.Show(s.m.View())
				synctest.Wait()
			}
			_ = r.Close()
			assert.Greater(t, u.n, 2, "page %s is drawn anew", page)
			assert.Equal(t, first, u.wiped, "page %s", page)
		}, coloured)
	}
}
