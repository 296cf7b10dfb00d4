package textblock_test

import (
	"strings"
	"testing"

	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/tui/detail/textblock"
	"github.com/up42/up42-webhooks/tui/theme"
)

func block(width int) *textblock.Block {
	return &textblock.Block{Theme: theme.New(theme.Options{Profile: termenv.Ascii}), Width: width}
}

func textsOf(b *textblock.Block) (texts []string) {
	for _, l := range b.Lines {
		var s strings.Builder
		for _, span := range l {
			s.WriteString(span.Text)
		}
		texts = append(texts, s.String())
	}
	return texts
}

func TestSections(t *testing.T) {
	b := block(40)
	b.Section("First")
	b.Pair("Name", "value")
	b.Section("Second")
	b.Optional("Empty", "")
	b.Optional("Control", "a\x1bb")
	assert.Equal(t, []string{" First", "   Name         value", "", " Second", `   Control      a\u001bb`}, textsOf(b))
	assert.Equal(t, []int{0, 3}, b.Sections)

	below := block(40)
	below.Continues = true
	below.Section("Third")
	assert.Equal(t, []string{"", " Third"}, textsOf(below))
	assert.Equal(t, []int{1}, below.Sections)
}

func TestLongTextsAreBroken(t *testing.T) {
	b := block(40)
	b.Prose(b.Theme.Plain, "one two three four five six seven eight")
	b.Pair("Name", "0123456789abcdefghijklmnop")
	assert.Equal(t, []string{
		"   one two three four five six seven",
		"   eight",
		"   Name         0123456789abcdefghijklm",
		"                nop",
	}, textsOf(b))
}
