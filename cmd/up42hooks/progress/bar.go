package progress

import (
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"golang.org/x/term"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/tui/elapsed"
	"github.com/up42/up42-webhooks/tui/number"
	"github.com/up42/up42-webhooks/tui/text"
)

// barWidth is how many cells the bar has.
const barWidth = 24

// bar draws a line at which the cursor stays.
type bar struct {
	width       func() int // of the terminal
	full, empty string
	shown       bool
}

func newBar(env cli.Env) *bar {
	f := cli.FileOf(env.Stderr)
	b := &bar{full: "█", empty: "░", width: func() int {
		if w, _, err := term.GetSize(int(f.Fd())); err == nil && w > 0 {
			return w
		}
		return 80
	}}
	if !env.UTF8() {
		b.full, b.empty = "#", "-"
	}
	return b
}

// wipe removes the line.
func (b *bar) wipe() []byte {
	if !b.shown {
		return nil
	}
	b.shown = false
	return []byte("\r\x1b[K")
}

// draw draws the line in place of the one before.
func (b *bar) draw(s *state) []byte {
	b.shown = true
	return []byte("\r\x1b[K" + text.Cut(b.line(s), b.width()-1))
}

func (b *bar) line(s *state) string {
	parts := []string{s.Doing}
	done, unit := s.count(s.Done), " "+s.Unit
	if s.Unit == Bytes {
		unit = ""
	}
	if s.Total > 0 {
		part := min(1, float64(s.Done)/float64(s.Total))
		full := int(part * barWidth)
		parts = append(parts, strings.Repeat(b.full, full)+strings.Repeat(b.empty, barWidth-full), number.Format(int64(part*100))+" %")
		done += " of " + s.count(s.Total)
	}
	parts = append(parts, done+unit, s.count(s.Rate)+"/s")
	if s.Left != nil {
		parts = append(parts, elapsed.Long(time.Duration(*s.Left)*time.Second)+" left")
	}
	return strings.Join(parts, "  ")
}

// count formats a number of units.
func (s *state) count(n int64) string {
	if s.Unit == Bytes {
		return humanize.IBytes(uint64(max(0, n)))
	}
	return number.Format(n)
}
