package textblock_test

import (
	"strings"
	"testing"

	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/textblock"
	"github.com/up42/up42-webhooks/tui/theme"
)

func newBlock(w, h int) *textblock.Block {
	return &textblock.Block{Theme: theme.New(theme.Options{Profile: termenv.Ascii, Name: theme.Dark}), Width: w, Height: h, Names: 15}
}

// trimmed checks the widths of lines and returns them without spaces at their ends.
func trimmed(t *testing.T, b *textblock.Block) (lines []string) {
	t.Helper()
	for _, l := range b.Strings() {
		assert.Equal(t, b.Width, text.Width(l), "%q", l)
		lines = append(lines, strings.TrimRight(l, " "))
	}
	return lines
}

func TestBlock(t *testing.T) {
	b := newBlock(30, 20)
	plain := b.Theme.Plain
	b.Title("Title")
	b.Prose(plain, "words that are broken at spaces")
	b.Section("Section")
	b.Pair("Name", "value")
	b.Pair("Long", "a value of many words")
	b.Problem("it broke")
	b.Remark("look here")
	b.Running("deleting")
	b.Verbatim(plain, "all  spaces, "+strings.Repeat("x", 20))
	b.Drawn("one\ntwo")
	b.Add(textblock.Span{Style: plain, Text: strings.Repeat("y", 40)})
	assert.Equal(t, []string{
		" Title",
		"   words that are broken at",
		"   spaces",
		"",
		" Section",
		"   Name           value",
		"   Long           a value of",
		"                  many words",
		"   ✕ it broke",
		"   → look here",
		"   ◐ deleting",
		"   all  spaces, xxxxxxxxxxxxx",
		"   xxxxxxx",
		"one",
		"two",
		strings.Repeat("y", 29) + "…",
	}, trimmed(t, b))
}

func TestSections(t *testing.T) {
	b := newBlock(40, 20)
	b.Section("First")
	b.Pair("Name", "value")
	b.Section("Second")
	b.Optional("Empty", "")
	b.Optional("Control", "a\x1bb")
	assert.Equal(t, []string{" First", "   Name           value", "", " Second", `   Control        a\u001bb`}, trimmed(t, b))
	assert.Equal(t, []int{0, 3}, b.Sections)

	below := newBlock(40, 20)
	below.Continues = true
	below.Section("Third")
	assert.Equal(t, []string{"", " Third"}, trimmed(t, below))
	assert.Equal(t, []int{1}, below.Sections)
}

func TestLongWordsAreBroken(t *testing.T) {
	b := newBlock(40, 20)
	b.Prose(b.Theme.Plain, "one two three four five six seven eight")
	b.Pair("Name", "0123456789abcdefghijklmnop")
	assert.Equal(t, []string{
		"   one two three four five six seven",
		"   eight",
		"   Name           0123456789abcdefghijk",
		"                  lmnop",
	}, trimmed(t, b))
}

// Lines from huh have escape codes, which take no room.
func TestDrawnLinesFillTheWidth(t *testing.T) {
	b := newBlock(10, 1)
	b.Drawn("\x1b[1mone\x1b[0m\n\x1b[1m0123456789abc\x1b[0m")
	assert.Equal(t, []string{"\x1b[1mone\x1b[0m       ", "\x1b[1m0123456789\x1b[0m"}, b.Strings())
}

func TestWindow(t *testing.T) {
	b := newBlock(20, 3)
	for _, s := range []string{"one", "two", "three", "four"} {
		b.Drawn(s)
	}
	window := func(top int) (lines []string) {
		for _, l := range b.Window(top) {
			lines = append(lines, strings.TrimRight(l, " "))
		}
		return lines
	}
	assert.Equal(t, []string{"one", "two", "   ↓ 2 more lines"}, window(0))
	assert.Equal(t, []string{"two", "three", "four"}, window(1))
	assert.Equal(t, []string{"four", "", ""}, window(3))
	assert.Equal(t, []string{"", "", ""}, window(9))
}

func TestParagraph(t *testing.T) {
	words := strings.Repeat("word ", 100)
	for width, most := range map[int]int{5: 20, 60: 56, 500: 96} {
		for _, l := range textblock.Paragraph(words, width) {
			assert.LessOrEqual(t, text.Width(l), most)
		}
	}
}
