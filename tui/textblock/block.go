package textblock

import (
	"slices"
	"strconv"
	"strings"

	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

const (
	// Indent is what the lines below a title start with.
	Indent = "   "
	// readable is the largest width of a paragraph that is easy to read.
	readable = 96
)

// Block collects lines of a width. All text that it gets must be clean.
type Block struct {
	Theme *theme.Theme
	// Width and Height are in cells. A block may have more lines than its height:
	// see Window.
	Width, Height int
	// Names is the width of the column of names before values.
	Names int
	// Continues says that other lines are above the first one, so the first
	// section needs an empty line before it.
	Continues bool

	Lines []Line
	// Sections are the indexes of the lines at which sections start.
	Sections []int
	// Fields are the values with a name.
	Fields []Field
}

// Field is a value with its name, and the lines that show it: from From on, before To.
type Field struct {
	Name, Value string
	From, To    int
}

// AddField says that the lines from an index on show a value.
func (b *Block) AddField(from int, name, value string) {
	b.Fields = append(b.Fields, Field{Name: name, Value: value, From: from, To: len(b.Lines)})
}

// Add adds a line. What is too long is cut off when the line is drawn.
func (b *Block) Add(spans ...Span) { b.Lines = append(b.Lines, spans) }

// Gap adds an empty line.
func (b *Block) Gap() { b.Add() }

// Title adds a title.
func (b *Block) Title(words string) { b.Add(Span{Style: b.Theme.Title, Text: " " + words}) }

// Start starts a section without a title of its own.
func (b *Block) Start() { b.Sections = append(b.Sections, len(b.Lines)) }

// Section starts a section with a title.
func (b *Block) Section(title string) {
	if len(b.Lines) > 0 || b.Continues {
		b.Gap()
	}
	b.Start()
	b.Title(title)
}

// Note adds one indented line.
func (b *Block) Note(style theme.Style, words string) {
	b.Add(Span{Style: style, Text: Indent + words})
}

// Prose adds a paragraph, broken at spaces.
func (b *Block) Prose(style theme.Style, words string) { b.Hanging(style, Indent, words) }

// Running adds a line about something that is under way.
func (b *Block) Running(words string) {
	b.Note(b.Theme.Progress, b.Theme.Glyphs.Progress+" "+words)
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

// Wrapped adds a line with all its spaces, broken if it is too long. hang is the
// indentation of all but the first line.
func (b *Block) Wrapped(l Line, hang int) { b.Lines = append(b.Lines, l.Wrap(b.Width-1, hang)...) }

// Verbatim adds an indented text with all its spaces, broken if it is too long.
func (b *Block) Verbatim(style theme.Style, t string) {
	b.Wrapped(Line{{Style: style, Text: Indent + t}}, len(Indent))
}

// Pair adds a name with its value.
func (b *Block) Pair(name, value string) { b.Styled(name, b.Theme.Plain, value) }

// Styled adds a name with its value in a style. A long value is broken at spaces.
func (b *Block) Styled(name string, style theme.Style, value string) {
	room := max(10, b.Width-len(Indent)-b.Names-1)
	lines := []string{value}
	if text.Width(value) > room {
		lines = text.Wrap(value, room, 0)
	}
	from, before := len(b.Lines), name
	for _, l := range lines {
		b.Add(Span{Style: b.Theme.Dim, Text: Indent + text.Fit(before, b.Names)}, Span{Style: style, Text: l})
		before = ""
	}
	b.AddField(from, name, value)
}

// Marked adds a name with its value, and a mark of one cell before the name.
func (b *Block) Marked(style theme.Style, mark, name, value string) {
	at := len(b.Lines)
	b.Styled(name, b.Theme.Plain, value)
	first := &b.Lines[at][0]
	rest := Span{Style: first.Style, Text: text.Fit(name, b.Names)}
	b.Lines[at] = append(Line{{Style: style, Text: " " + mark + " "}, rest}, b.Lines[at][1:]...)
}

// Optional adds a name with its value, unless that is empty. The value need not be
// clean.
func (b *Block) Optional(name, value string) {
	if value != "" {
		b.Pair(name, text.Clean(value, 0))
	}
}

// Drawn adds lines that have their styles already.
func (b *Block) Drawn(lines string) {
	for _, l := range strings.Split(lines, "\n") {
		b.Add(Span{Text: cutDrawn(l, b.Width), drawn: true})
	}
}

// Strings draws all lines. Each is as wide as the block.
func (b *Block) Strings() []string { return b.draw(b.Lines) }

func (b *Block) draw(lines []Line) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		var s strings.Builder
		l.Append(&s, b.Width)
		out[i] = s.String()
	}
	return out
}

// Window draws the lines from top on that fit into the block's height, and fills it
// up with empty lines. If there are more lines, the last one says so.
func (b *Block) Window(top int) []string {
	rest := b.Lines[min(top, len(b.Lines)):]
	lines := slices.Clone(rest[:min(b.Height, len(rest))])
	if more := len(rest) - b.Height; more > 0 && b.Height > 1 {
		words := b.Theme.Glyphs.Down + " " + strconv.Itoa(more+1) + " more lines"
		lines[b.Height-1] = Line{{Style: b.Theme.Dim, Text: Indent + words}}
	}
	for len(lines) < b.Height {
		lines = append(lines, nil)
	}
	return b.draw(lines)
}

// Paragraph breaks words into lines for an area of this width.
func Paragraph(words string, width int) []string {
	return text.Wrap(words, max(20, min(width-4, readable)), 0)
}
