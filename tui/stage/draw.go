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

// leastTitle is to how many cells a title is shortened before a hint gives way.
const leastTitle = 16

// progress draws which part is played, how far it is, and the keys. The title and the hints give way to
// the state, and the hints to a fault.
func (s *Stage) progress() string {
	p, th := s.player, s.theme()
	title, least, state := text.Clean(p.part, 0), leastTitle, fmt.Sprintf("  %d/%d", p.step, p.script.Steps())
	if n := len(p.faults); n > 0 {
		title, state = text.Clean(p.faults[n-1].Error(), 0), ""
		least = text.Width(title)
	}
	if state += p.state(s.paused, s.held()); p.speed != 1 {
		state += fmt.Sprintf("  %g×", p.speed)
	}
	hints, all := "", hints(s.keys)
	if s.held() {
		all = nil // the keys go to what is open
	}
	room := s.w - 1 - text.Width(state)
	for n := len(all); n > 0 && hints == ""; n-- {
		words := "  " + strings.Join(all[:n], "  ") + " "
		if left := room - text.Width(words); left >= min(least, text.Width(title)) {
			hints, room = words, left
		}
	}
	left := " " + text.Cut(title, max(0, room)) + state
	return th.Title.Apply(text.Fit(left, max(0, s.w-text.Width(hints)))) + th.Dim.Apply(hints)
}

// hints are the keys that steer the script, the most useful first.
func hints(k *keys.Map) []string {
	return []string{"space next", keys.First(k.Pause) + " pause", "+- speed", "ctrl+r again", keys.First(k.Forge) + " forge", keys.First(k.Present) + " present"}
}
