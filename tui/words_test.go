package tui

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/up42/up42-webhooks/tui/text"
)

func TestWordsAreBrokenAtSpacesOrWhereTheLineEnds(t *testing.T) {
	for _, tc := range []struct {
		words string
		width int
		most  int
		want  []string
	}{
		{"short", 10, 2, []string{"short"}},
		{"one two three", 7, 3, []string{"one two", "three"}},
		{"one two three", 8, 3, []string{"one two", "three"}},
		{"one two three four", 7, 2, []string{"one two", "three …"}},
		{"/a/path/that/is/long", 8, 3, []string{"/a/path/", "that/is/", "long"}},
		{"in /a/path/that", 8, 2, []string{"in", "/a/path…"}},
	} {
		assert.Equal(t, tc.want, breakWords(tc.words, tc.width, tc.most), "%s in %d", tc.words, tc.width)
	}
}

func TestNothingOfBrokenWordsIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := text.Clean(rapid.StringOf(rapid.SampledFrom([]rune("ab c宽é́"))).Draw(t, "words"), 0)
		width := rapid.IntRange(2, 30).Draw(t, "width")
		lines := breakWords(words, width, 1000)
		for _, l := range lines {
			assert.LessOrEqual(t, text.Width(l), width)
		}
		assert.Equal(t, strings.ReplaceAll(words, " ", ""), strings.ReplaceAll(strings.Join(lines, ""), " ", ""))
	})
}

func TestTheHomeFolderIsATilde(t *testing.T) {
	m := &Model{o: Options{Home: "/home/me/"}}
	for words, want := range map[string]string{
		"it lies in /home/me/.local/secret":      "it lies in ~/.local/secret",
		"/home/me/a (/home/me/b) x=/home/me/c":   "~/a (~/b) x=~/c",
		"/mnt/home/me/a /home/meier/b /home/me.": "/mnt/home/me/a /home/meier/b /home/me.",
	} {
		assert.Equal(t, want, m.tilde(words))
	}
	for _, home := range []string{"", "/"} {
		m.o.Home = home
		assert.Equal(t, "/home/me/a", m.tilde("/home/me/a"))
	}
}
