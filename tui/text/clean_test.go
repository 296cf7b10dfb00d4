package text_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/tui/text"
)

func TestCleanEscapesControlCharacters(t *testing.T) {
	for in, want := range map[string]string{
		"":                   "",
		"FULFILLED":          "FULFILLED",
		"Kiruna — Žilina 衛星": "Kiruna — Žilina 衛星",
		"ข้อมูล क्षि שלום": "ข้อมูล क्षि שלום",
		"a\x1b[2Jb":               `a\u001b[2Jb`,
		"a\u009b31mb":             `a\u009b31mb`,
		"\u009d0;title\a":         `\u009d0;title\u0007`,
		"a\rb\nc\td\be\x7f":       `a\rb\nc\td\u0008e\u007f`,
		"\u202eevil\u2066x\u200b": `\u202eevil\u2066x\u200b`,
		"a\u2028b\u2029c":         `a\u2028b\u2029c`,
		"\ufeff\ue000\ufe0f":      `\ufeff\ue000\ufe0f`,
		"\U000e0041\U000e0101":    `\U000e0041\U000e0101`,
		"a\xffb\xc3":              `a\xffb\xc3`,
		"\u3164\u115f\u034f":      `\u3164\u115f\u034f`,
		"\u0378\U0010ffff":        `\u0378\U0010ffff`,
		"\u0301a":                 `\u0301a`,
		"a\ufffdb":                "a\ufffdb",
	} {
		assert.Equal(t, want, text.Clean(in, 0), "%q", in)
	}
}

func TestCleanKeepsWhatBelongsToTheText(t *testing.T) {
	for _, s := range []string{
		"می\u200cخواهم", "क्\u200dष", "क्\u200cष", "র\u200d্য", "ශ්\u200dරී",
		"☀\ufe0f 12", "☀\ufe0e", "1\ufe0f\u20e3", "\U0001f468\u200d\u2695\ufe0f", "\U0001f469\U0001f3fd\u200d\U0001f680", "\u2764\ufe0f\u200d\U0001f525",
	} {
		assert.Equal(t, s, text.Clean(s, 0))
		assert.Equal(t, s, text.Clean(s, text.Width(s)))
	}
	assert.Equal(t, "\U0001f680!", text.Clean("\U0001f680\ufe0f!", 0), "a wide emoji needs no selector")
	assert.Equal(t, 2, text.Width("☀\ufe0f"), "some terminals draw it wide")
}

func TestCleanShowsJoinersThatHideSomething(t *testing.T) {
	for in, want := range map[string]string{
		"FUL\u200dFILLED":        `FUL\u200dFILLED`,
		"FUL\u200cFILLED":        `FUL\u200cFILLED`,
		"می\u200c":               `می\u200c`,
		"\u200cمی":               `\u200cمی`,
		"م\u200c\u200cخ":         `م\u200c\u200cخ`,
		"a\ufe0f":                `a\ufe0f`,
		"1\ufe0f":                `1\ufe0f`,
		"☀\ufe0f\ufe0f":          "☀\ufe0f" + `\ufe0f`,
		"\U0001f680\u200d":       "\U0001f680" + `\u200d`,
		"\U0001f680\u200dx":      "\U0001f680" + `\u200dx`,
		"☀\u200b\ufe0f":          `☀\u200b\ufe0f`,
		"\U0001f680\ufe0f\ufe0f": "\U0001f680" + `\ufe0f`,
	} {
		assert.Equal(t, want, text.Clean(in, 0), "%q", in)
	}
}

func TestCutsLeaveNoJoinerAtTheEnd(t *testing.T) {
	family := strings.Repeat("\U0001f468\u200d", 9) + "\U0001f469"
	assert.Equal(t, "\U0001f468\u200d\U0001f468…", text.Cut(family, 5))
	assert.Equal(t, "\U0001f468\u200d\U0001f468…", text.Clean(family, 5))
	assert.Equal(t, "\U0001f468…\U0001f469", text.Middle(family, 5))
}

func TestCleanCutsToTheWidth(t *testing.T) {
	for _, tc := range []struct {
		in   string
		max  int
		want string
	}{
		{"abcdefghijk", 10, "abcdefghi…"},
		{"abcdefghij", 10, "abcdefghij"},
		{"a", 1, "a"},
		{"ab", 1, "…"},
		{"漢", 1, "…"},
		{"漢字漢字漢字", 8, "漢字漢…"},
		{"漢字漢字", 8, "漢字漢字"},
		{"e\u0301e\u0301", 1, "…"},
		{"xe\u0301e\u0301", 3, "xe\u0301e\u0301"},
		{"\x1b\x1b\x1b", 10, `\u001b…`},
		{"a" + strings.Repeat("\u0301", 1000), 0, "a" + strings.Repeat("\u0301", 4) + "…"},
		{strings.Repeat("é", 1<<20), 10, strings.Repeat("é", 9) + "…"},
	} {
		assert.Equal(t, tc.want, text.Clean(tc.in, tc.max), "%.40q", tc.in)
	}
}

func TestCleanLinesKeepsLines(t *testing.T) {
	assert.Equal(t, []string{"{", "  a", `  \u001b`, "", "}"}, text.CleanLines("{\n\ta\r\n  \x1b\n\n}\n", 0))
	assert.Equal(t, []string{`a\rb`, `\u0301`}, text.CleanLines("a\rb\n\u0301", 0))
	assert.Len(t, text.CleanLines(strings.Repeat("x\n", 100), 10), 10)
	assert.Empty(t, text.CleanLines("", 0))
}

func TestCleanDoesNotCopyCleanText(t *testing.T) {
	id := "5f290b80-d8d7-4d1c-bbe6-626d4f00dad3"
	assert.Zero(t, testing.AllocsPerRun(100, func() { text.Clean(id, 40) }))
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"a\x1b[2J", "\u202e", "a\u0301\u0301", "\xff\xfe", "漢字", "\U0001f468\u200d\U0001f469", "می\u200cخواهم", "☀\ufe0f"} {
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
		if text.Clean(got, limit) != got {
			t.Errorf("%q is not clean yet", got)
		}
		for _, r := range got {
			if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp, unicode.Variation_Selector) && !strings.ContainsRune("\u200c\u200d\ufe0e\ufe0f", r) {
				t.Errorf("%q has %U", got, r)
			}
		}
	})
}

func BenchmarkClean(b *testing.B) {
	for name, s := range map[string]string{"plain": "5f290b80-d8d7-4d1c-bbe6-626d4f00dad3", "wide": "衛星画像の注文", "hostile": "a\x1b[2J\u202eb"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				text.Clean(s, 40)
			}
		})
	}
}
