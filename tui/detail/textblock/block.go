// Package textblock collects styled lines: titles, paragraphs, and names with
// their values.
package textblock

import (
	"github.com/up42/up42-webhooks/tui/styled"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

const (
	// Indent is what the lines below a title start with.
	Indent = "   "
	// labelWidth is the width of the column of names.
	labelWidth = 13
	// maxProse is the largest width of a paragraph that is easy to read.
	maxProse = 96
)

// Block collects lines of a width. All text that it gets must be clean.
type Block struct {
	Theme *theme.Theme
	Width int
	// Continues says that other lines are above the first one, so the first
	// section needs an empty line before it.
	Continues bool

	Lines []styled.Line
	// Sections are the indexes of the lines at which sections start.
	Sections []int
}

// Add adds a line as it is.
func (b *Block) Add(l styled.Line) { b.Lines = append(b.Lines, l) }

// Gap adds an empty line.
func (b *Block) Gap() { b.Add(nil) }

// Wrapped adds a line, broken if it is too long. hang is the indentation of all
// but the first line.
func (b *Block) Wrapped(l styled.Line, hang int) {
	b.Lines = append(b.Lines, l.Wrap(b.Width-1, hang)...)
}

// Start starts a section without a title of its own.
func (b *Block) Start() { b.Sections = append(b.Sections, len(b.Lines)) }

// Section starts a section with a title.
func (b *Block) Section(title string) {
	if len(b.Lines) > 0 || b.Continues {
		b.Gap()
	}
	b.Start()
	b.Add(styled.Line{{Style: b.Theme.Title, Text: " " + title}})
}

// Prose adds a paragraph, broken at spaces.
func (b *Block) Prose(style theme.Style, words string) {
	room := max(20, b.Width-2*len(Indent))
	for _, s := range text.Wrap(words, min(room, maxProse), 0) {
		b.Note(style, s)
	}
}

// Note adds one indented line.
func (b *Block) Note(style theme.Style, words string) {
	b.Add(styled.Line{{Style: style, Text: Indent + words}})
}

// Pair adds a name with its value.
func (b *Block) Pair(name, value string) { b.Styled(name, b.Theme.Plain, value) }

// Styled adds a name with its value in a style.
func (b *Block) Styled(name string, style theme.Style, value string) {
	b.Wrapped(styled.Line{{Style: b.Theme.Dim, Text: Indent + text.Fit(name, labelWidth)}, {Style: style, Text: value}}, len(Indent)+labelWidth)
}

// Optional adds a name with its value, unless that is empty. The value need not be
// clean.
func (b *Block) Optional(name, value string) {
	if value != "" {
		b.Pair(name, text.Clean(value, 0))
	}
}
