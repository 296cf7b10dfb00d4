package text_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/tui/text"
)

func TestCleanShowsWhatWouldBeObeyed(t *testing.T) {
	for in, want := range map[string]string{
		"":                        "",
		"FULFILLED":               "FULFILLED",
		"Kiruna — Žilina 衛星":      "Kiruna — Žilina 衛星",
		"a\x1b[2Jb":               `a\u001b[2Jb`,
		"a\u009b31mb":             `a\u009b31mb`,
		"\u009d0;title\a":         `\u009d0;title\u0007`,
		"a\rb\nc\td\be\x7f":       `a\u000db\u000ac\u0009d\u0008e\u007f`,
		"\u202eevil\u2066x\u200b": `\u202eevil\u2066x\u200b`,
		"a\u2028b\u2029c":         `a\u2028b\u2029c`,
		"\ufeff\ue000\ufe0f":      `\ufeff\ue000\ufe0f`,
		"\U000e0041":              `\U000e0041`,
		"a\xffb\xc3":              `a\xffb\xc3`,
		"\u3164\u115f":            `\u3164\u115f`,
	} {
		assert.Equal(t, want, text.Clean(in, 0), "%q", in)
	}
}

func TestCleanCaps(t *testing.T) {
	assert.Equal(t, "abcdefghi…", text.Clean("abcdefghijk", 10))
	assert.Equal(t, "abcdefghij", text.Clean("abcdefghij", 10))
	assert.Equal(t, "漢字漢…", text.Clean("漢字漢字漢字", 8))
	assert.Equal(t, `\u001b\u0…`, text.Clean("\x1b\x1b\x1b", 10), "what is written out counts")
	assert.Equal(t, 10, text.Width(text.Clean(strings.Repeat("é", 1<<20), 10)))
	assert.Equal(t, 10, text.Width(text.Clean(strings.Repeat("\x1b", 1<<20), 10)))
	assert.Less(t, len(text.Clean("a"+strings.Repeat("\u0301", 1000), 0)), 20, "accents do not pile up")
}

func TestCleanLinesKeepsLines(t *testing.T) {
	assert.Equal(t, []string{"{", "  a", `  \u001b`, "}"}, text.CleanLines("{\n\ta\r\n  \x1b\n}\n", 0))
	assert.Len(t, text.CleanLines(strings.Repeat("x\n", 100), 10), 10)
}

func TestStyledKeepsOurColoursOnly(t *testing.T) {
	assert.Equal(t, "\x1b[31mred\x1b[0m \\u001b[2J \\u202e", text.Styled("\x1b[31mred\x1b[0m \x1b[2J \u202e"))
	assert.Equal(t, "\\u001b[31", text.Styled("\x1b[31"))
}

func TestFit(t *testing.T) {
	for _, tc := range []struct {
		in    string
		width int
		want  string
	}{
		{"abc", 5, "abc  "}, {"abcdef", 5, "abcd…"}, {"漢字漢", 5, "漢字…"}, {"漢字漢", 4, "漢… "}, {"a", 0, ""}, {"a", -1, ""}, {"", 2, "  "}, {"ab", 1, "…"},
	} {
		got := text.Fit(tc.in, tc.width)
		assert.Equal(t, tc.want, got)
	}
	assert.Equal(t, "  abc", text.FitRight("abc", 5))
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"a\x1b[2J", "\u202e", "a\u0301\u0301", "\xff\xfe", "漢字", "\U0001f468\u200d\U0001f469"} {
		f.Add(s, 10)
	}
	f.Fuzz(func(t *testing.T, s string, limit int) {
		limit %= 300
		got := text.Clean(s, limit)
		if !utf8.ValidString(got) {
			t.Errorf("%q is not UTF-8", got)
		}
		if limit > 0 && text.Width(got) > limit {
			t.Errorf("%q is wider than %d", got, limit)
		}
		for _, r := range got {
			if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp, unicode.Variation_Selector) {
				t.Errorf("%q has %U", got, r)
			}
		}
	})
}

func BenchmarkCleanPlain(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		text.Clean("5f290b80-d8d7-4d1c-bbe6-626d4f00dad3", 40)
	}
}
