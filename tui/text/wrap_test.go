package text_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/up42/up42-webhooks/tui/text"
)

func TestWrap(t *testing.T) {
	for _, tc := range []struct {
		words string
		width int
		most  int
		want  []string
	}{
		{"short", 10, 2, []string{"short"}},
		{"", 10, 0, []string{""}},
		{"one two three", 7, 3, []string{"one two", "three"}},
		{"one two three", 8, 3, []string{"one two", "three"}},
		{"one two three four", 7, 2, []string{"one two", "three …"}},
		{"one two three four", 7, 0, []string{"one two", "three", "four"}},
		{"/a/path/that/is/long", 8, 3, []string{"/a/path/", "that/is/", "long"}},
		{"in /a/path/that", 8, 2, []string{"in", "/a/path…"}},
		{"abc", -2, 0, []string{"a", "b", ""}},
	} {
		assert.Equal(t, tc.want, text.Wrap(tc.words, tc.width, tc.most), "%s in %d", tc.words, tc.width)
	}
}

func TestWrapWordsKeepsWordsWhole(t *testing.T) {
	assert.Equal(t, []string{"start with", "--allow-unsigned", "please"}, text.WrapWords("start  with\n--allow-unsigned please", 12))
	assert.Equal(t, []string{""}, text.WrapWords("", 12))
}

func TestWrapLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := text.Clean(rapid.StringOf(rapid.SampledFrom([]rune("ab c宽é́"))).Draw(t, "words"), 0)
		width := rapid.IntRange(2, 30).Draw(t, "width")
		lines := text.Wrap(words, width, 0)
		for _, l := range lines {
			assert.LessOrEqual(t, text.Width(l), width)
		}
		assert.Equal(t, strings.ReplaceAll(words, " ", ""), strings.ReplaceAll(strings.Join(lines, ""), " ", ""))
	})
}
