package stage

import (
	"fmt"
	"strings"

	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/stage/bigtext"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// forgerView draws what the forger shows.
type forgerView struct{ *Stage }

// draw draws the list of forgeries, or what came of one, in at most room lines.
func (s forgerView) draw(room int) []string {
	f := s.forger
	if !f.shown() {
		return nil
	}
	draw, short := s.list, s.shortList
	if !f.open {
		draw, short = s.result, s.shortResult
	}
	if lines := draw(); len(lines) <= room {
		return lines
	}
	return short()
}

func (s forgerView) list() []string {
	th := s.theme()
	lines := []string{s.bar(th.Title, "Forge a delivery: it is sent over HTTP, as an attacker would")}
	for i, f := range forgeries {
		lines = append(lines, s.bar(th.Bold, fmt.Sprintf("%d  %-15s %s", i+1, f.name, f.does)))
	}
	return append(lines, s.bar(th.Bold, s.closes()))
}

func (s forgerView) shortList() []string {
	words := "Forge "
	for i, f := range forgeries {
		words += fmt.Sprintf("%d %s, ", i+1, f.name)
	}
	return s.paragraph(words+"or "+s.closes(), leastForger)
}

// closes says how to close what the forger shows.
func (s forgerView) closes() string { return keys.First(s.keys.Back) + " closes this" }

// result draws the moment, the reason in large letters, and the row.
func (s forgerView) result() []string {
	th, f := s.theme(), s.forger.sent
	style := s.style()
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
	return append(lines, s.foot(f.foot()))
}

func (s forgerView) shortResult() []string {
	f := s.forger.sent
	return []string{s.bar(s.style(), f.name+": "+strings.ToUpper(f.word())), s.foot(f.foot())}
}

// style is the style of what came of a forgery.
func (s forgerView) style() theme.Style {
	if f := s.forger.sent; f.answered.IsZero() || f.verdict.duplicate {
		return s.theme().Mark
	}
	return s.theme().Failure
}

// foot draws the last line: some words, and how to close it.
func (s forgerView) foot(words string) string {
	end := "  " + s.closes() + " "
	return s.bar(s.style(), text.Fit(words, max(0, s.w-1-text.Width(end)))+end)
}
