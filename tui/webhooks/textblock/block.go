// Package textblock composes lines of text for a part of the screen.
package textblock

import (
	"slices"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/up42/up42-webhooks/tui/styled"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

const (
	// Indent is what lines below a title start with.
	Indent = "   "
	// labels is the width of the column of names before values.
	labels = 15
)

// Block collects lines that fill its width. Text that is added must be clean.
type Block struct {
	Theme *theme.Theme
	// Width and Height are in cells. A block may get more lines than its height:
	// see Window.
	Width, Height int
	Lines         []string
}

// Span is clean text in one style.
type Span = styled.Span

// Add adds a line. What is too long is cut off.
func (b *Block) Add(spans ...Span) {
	var s strings.Builder
	styled.Line(spans).Append(&s, b.Width)
	b.Lines = append(b.Lines, s.String())
}

// Gap adds an empty line.
func (b *Block) Gap() { b.Add() }

// Title adds a title.
func (b *Block) Title(words string) { b.Add(Span{Style: b.Theme.Title, Text: " " + words}) }

// Section adds a title below a gap.
func (b *Block) Section(words string) {
	b.Gap()
	b.Title(words)
}

// Prose adds words, broken at spaces.
func (b *Block) Prose(style theme.Style, words string) { b.Hanging(style, Indent, words) }

// Running adds a line about something that is under way.
func (b *Block) Running(words string) {
	b.Add(Span{Style: b.Theme.Progress, Text: Indent + b.Theme.Glyphs.Progress + " " + words})
}

// Problem adds words about something that went wrong.
func (b *Block) Problem(words string) {
	b.Hanging(b.Theme.Error, Indent+b.Theme.Glyphs.Failed+" ", words)
}

// Remark adds words that call for attention.
func (b *Block) Remark(words string) {
	b.Hanging(b.Theme.Mark, Indent+b.Theme.Glyphs.Arrow+" ", words)
}

// Hanging adds words, broken at spaces. The first line starts with before, the
// others with as many spaces.
func (b *Block) Hanging(style theme.Style, before, words string) {
	hang := text.Width(before)
	room := max(10, min(b.Width-hang-2, readable))
	for _, l := range text.Wrap(words, room, 0) {
		b.Add(Span{Style: style, Text: before + l})
		before = text.Spaces(hang)
	}
}

// Verbatim adds text with all its spaces, broken at the end of each line.
func (b *Block) Verbatim(style theme.Style, t string) {
	for _, l := range strings.Split(ansi.Hardwrap(t, max(10, b.Width-len(Indent)-1), true), "\n") {
		b.Add(Span{Style: style, Text: Indent + l})
	}
}

// Pair adds a value behind its name.
func (b *Block) Pair(name string, style theme.Style, value string) {
	room := max(10, b.Width-len(Indent)-labels-1)
	lines := []string{value}
	if text.Width(value) > room {
		lines = text.Wrap(value, room, 0)
	}
	for _, l := range lines {
		b.Add(Span{Style: b.Theme.Dim, Text: Indent + text.Fit(name, labels)}, Span{Style: style, Text: l})
		name = ""
	}
}

// Styled adds lines that have styles already.
func (b *Block) Styled(lines string) {
	for _, l := range strings.Split(lines, "\n") {
		l = ansi.Truncate(l, b.Width, "")
		b.Lines = append(b.Lines, l+text.Spaces(b.Width-ansi.StringWidth(l)))
	}
}

// Window returns the lines from top on that fit into the block's height, and
// fills it up with empty lines. If there are more lines, the last one says so.
func (b *Block) Window(top int) []string {
	out := slices.Clone(b.Lines[min(top, len(b.Lines)):])
	if len(out) > b.Height && b.Height > 1 {
		words := b.Theme.Glyphs.Down + " " + strconv.Itoa(len(out)-b.Height+1) + " more lines"
		out[b.Height-1] = b.Theme.Dim.Apply(text.Fit(Indent+words, b.Width))
	}
	for len(out) < b.Height {
		out = append(out, text.Spaces(b.Width))
	}
	return out[:b.Height]
}
