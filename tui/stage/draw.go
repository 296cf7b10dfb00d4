package stage

import (
	"fmt"
	"strings"

	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/stage/bigtext"
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
	forged := s.drawForger(room)
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

// drawForger draws the list of forgeries, or what came of one, in at most room lines.
func (s *Stage) drawForger(room int) []string {
	f := s.forger
	if !f.shown() {
		return nil
	}
	draw, short := s.drawForgeries, s.drawForgeriesShort
	if !f.open {
		draw, short = s.drawSent, s.drawSentShort
	}
	if lines := draw(); len(lines) <= room {
		return lines
	}
	return short()
}

func (s *Stage) drawForgeries() []string {
	th := s.theme()
	lines := []string{s.bar(th.Title, "Forge a delivery: it is sent over HTTP, as an attacker would")}
	for i, f := range forgeries {
		lines = append(lines, s.bar(th.Bold, fmt.Sprintf("%d  %-15s %s", i+1, f.name, f.does)))
	}
	return append(lines, s.bar(th.Bold, s.closes()))
}

func (s *Stage) drawForgeriesShort() []string {
	words := "Forge "
	for i, f := range forgeries {
		words += fmt.Sprintf("%d %s, ", i+1, f.name)
	}
	return s.paragraph(words+"or "+s.closes(), leastForger)
}

// closes says how to close what the forger shows.
func (s *Stage) closes() string { return keys.First(s.keys.Back) + " closes this" }

// drawSent draws the moment, the reason in large letters, and the row.
func (s *Stage) drawSent() []string {
	th, f := s.theme(), s.forger.sent
	style := s.sentStyle()
	head := fmt.Sprintf("%s  %s: %s", f.at.Format("15:04:05.000"), f.name, f.does)
	lines := []string{s.bar(th.Bold, head)}
	if word := f.word(); bigtext.Width(word)+1 < s.w {
		for _, l := range bigtext.Lines(word, s.plain()) {
			lines = append(lines, s.bar(style, l))
		}
	} else {
		lines = append(lines, s.bar(style, ""), s.bar(style, strings.ToUpper(word)), s.bar(style, ""))
	}
	const words = 2
	lines = append(lines, s.paragraph(f.explanation(), words)...)
	return append(lines, s.sentFoot(f.foot()))
}

func (s *Stage) drawSentShort() []string {
	f := s.forger.sent
	return []string{s.bar(s.sentStyle(), f.name+": "+strings.ToUpper(f.word())), s.sentFoot(f.foot())}
}

// sentStyle is the style of what came of a forgery.
func (s *Stage) sentStyle() theme.Style {
	if f := s.forger.sent; f.answered.IsZero() || f.verdict.duplicate {
		return s.theme().Mark
	}
	return s.theme().Failure
}

// sentFoot draws the last line: some words, and how to close it.
func (s *Stage) sentFoot(words string) string {
	end := "  " + s.closes() + " "
	return s.bar(s.sentStyle(), text.Fit(words, max(0, s.w-1-text.Width(end)))+end)
}
