package stage

import (
	"fmt"
	"strings"

	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// View draws the stage's lines, and the dashboard below them.
func (s *Stage) View() string {
	if s.w == 0 || s.h == 0 {
		return ""
	}
	if s.showsCode {
		return strings.Join(s.o.Invite.drawCode(s.theme(), s.w, s.h, s.plain()), "\n")
	}
	lines := s.block()
	if len(lines) == 0 {
		return s.model.View()
	}
	return strings.Join(append(lines, s.model.View()), "\n")
}

// block are the lines above the dashboard. There are fewer if there is little room.
func (s *Stage) block() (lines []string) {
	room := s.room()
	if room == 0 {
		return nil
	}
	forged := forgerView{s}.draw(room)
	if s.player != nil && len(forged) > 0 && len(forged) < room {
		forged = append(forged, s.progress())
	}
	for _, part := range [][]string{forged, s.drawCaption()} {
		if len(part) > 0 && len(part) <= room {
			lines = append(lines, part...)
			break
		}
	}
	if i := s.o.Invite; i != nil && len(lines) < room {
		lines = append(lines, s.bar(s.theme().Title, i.line(s.w)))
	}
	if counters := s.drawCounters(); len(lines)+len(counters) <= room {
		lines = append(lines, counters...)
	}
	return lines
}

// bar draws a line on the ground of the cursor.
func (s *Stage) bar(style theme.Style, words string) string {
	return s.theme().UnderCursor(style).Apply(text.Fit(" "+words, s.w))
}

// paragraph draws words in so many lines.
func (s *Stage) paragraph(words string, lines int) (out []string) {
	const margin = 2
	for _, l := range text.Wrap(words, s.w-margin, lines) {
		out = append(out, s.bar(s.theme().Bold, l))
	}
	for len(out) < lines {
		out = append(out, s.bar(s.theme().Bold, ""))
	}
	return out
}

// drawCaption draws the caption of the script and how far it is.
func (s *Stage) drawCaption() []string {
	if s.player == nil {
		return nil
	}
	const lines = 2
	return append(s.paragraph(s.caption(), lines), s.progress())
}

// caption is what the audience reads.
func (s *Stage) caption() string {
	switch p := s.player; {
	case s.againErr != nil:
		return "It can't start over: " + text.Clean(s.againErr.Error(), 0)
	case s.again:
		return "Starting over …"
	default:
		return p.words
	}
}

// progress draws which part is played, how far it is, and the keys.
func (s *Stage) progress() string {
	p, th := s.player, s.theme()
	left := fmt.Sprintf(" %s  %d/%d", p.part, p.step, p.script.Steps())
	switch {
	case len(p.faults) > 0:
		left = " " + text.Short(p.faults[len(p.faults)-1].Error(), s.w/2)
	case s.paused:
		left += "  paused"
	case p.ended():
		left += "  the end"
	case s.held():
		left += "  waits for you: esc goes on"
	case p.halted:
		left += "  waits for space"
	}
	if p.speed != 1 {
		left += fmt.Sprintf("  %g×", p.speed)
	}
	if s.held() {
		return th.Title.Apply(text.Fit(left, s.w)) // the keys go to what is open
	}
	pause := keys.First(s.keys.Pause)
	hints := fmt.Sprintf("space next  %s pause  +- speed  ctrl+r again  %s forge  %s present ", pause, keys.First(s.keys.Forge), keys.First(s.keys.Present))
	if text.Width(left)+text.Width(hints)+1 > s.w {
		hints = "space next  " + pause + " pause  ctrl+r again "
	}
	left = text.Fit(left, max(0, s.w-text.Width(hints)))
	return th.Title.Apply(left) + th.Dim.Apply(hints)
}
