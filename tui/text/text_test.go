package text_test

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/tui/text"
)

func TestFit(t *testing.T) {
	for _, tc := range []struct {
		in          string
		width       int
		left, right string
	}{
		{"abc", 5, "abc  ", "  abc"},
		{"abcde", 5, "abcde", "abcde"},
		{"abcdef", 5, "abcd…", "abcd…"},
		{"漢字漢", 5, "漢字…", "漢字…"},
		{"漢字漢", 4, "漢… ", "漢… "},
		{"漢字", 5, "漢字 ", " 漢字"},
		{"漢", 1, "…", "…"},
		{"e\u0301e\u0301e\u0301", 2, "e\u0301…", "e\u0301…"},
		{"a", 0, "", ""},
		{"a", -1, "", ""},
		{"", 2, "  ", "  "},
		{"ab", 1, "…", "…"},
		{"", 150, strings.Repeat(" ", 150), strings.Repeat(" ", 150)},
	} {
		assert.Equal(t, tc.left, text.Fit(tc.in, tc.width))
		assert.Equal(t, tc.right, text.FitRight(tc.in, tc.width))
	}
}

func TestWidthIsNeverLessThanATerminalDraws(t *testing.T) {
	for s, want := range map[string]int{
		"":                     0,
		"FULFILLED":            9,
		"Žilina — ●──◐ ▌":      15,
		"衛星":                   4,
		"e\u0301\u0302":        1,
		"\u1100\u1100\u1100":   6, // one cluster on some terminals, three characters on others
		"\U0001f44d\U0001f3fd": 4, // a thumb and its skin tone
		"क्षि":                 3,
	} {
		assert.Equal(t, want, text.Width(s), s)
		assert.GreaterOrEqual(t, text.Width(s), ansi.StringWidth(s), s)
	}
}

func TestASCII(t *testing.T) {
	assert.Equal(t, "plain\n\x1b[1mtext\x1b[0m", text.ASCII("plain\n\x1b[1mtext\x1b[0m"))
	assert.Equal(t, "K?nig ???? cut>", text.ASCII("König 衛星 cut…"))
	assert.Equal(t, "a?b", text.ASCII("a\xffb"))
}

func FuzzFit(f *testing.F) {
	for _, s := range []string{"abc", "漢字", "e\u0301", "\u0d4e", "\U0001f1e9\U0001f1ea", "\xff"} {
		f.Add(s, 3)
	}
	f.Fuzz(func(t *testing.T, s string, width int) {
		width %= 300
		clean := text.Clean(s, 0)
		for _, got := range []string{text.Fit(clean, width), text.FitRight(clean, width)} {
			if text.Width(got) != max(0, width) {
				t.Errorf("%q is not %d wide", got, width)
			}
			if ansi.StringWidth(got) > max(0, width) {
				t.Errorf("%q overflows %d", got, width)
			}
		}
	})
}

func BenchmarkFit(b *testing.B) {
	for name, s := range map[string]string{"plain": "5f290b80-d8d7-4d1c-bbe6-626d4f00dad3", "drawn": "●──●──●──◐", "wide": "衛星画像の注文"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			buf := make([]byte, 0, 256)
			for b.Loop() {
				buf = text.AppendFit(buf[:0], s, 30)
			}
		})
	}
}

func TestShort(t *testing.T) {
	for s, want := range map[string]string{
		"":                                  "",
		"PLACED":                            "PLACED",
		"0123456789":                        "0123456789",
		"01234567890":                       "012345678…",
		strings.Repeat("x", 1000):           "xxxxxxxxx…",
		"\x1b[2J" + strings.Repeat("x", 99): `\u001b[2J…`,
		strings.Repeat("漢", 99):             "漢漢漢漢…",
		"e" + strings.Repeat("\u0301", 9e4): "e" + strings.Repeat("\u0301", 4) + "……",
	} {
		got := text.Short(s, 10)
		assert.Equal(t, want, got)
		assert.LessOrEqual(t, text.Width(got), 10)
	}
	assert.Equal(t, "漢", text.Head("漢漢", 5))
	assert.Equal(t, "", text.Own("漢", 2))
}
