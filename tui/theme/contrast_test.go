package theme_test

import (
	"fmt"
	"math"
	"regexp"
	"testing"

	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/theme"
)

// luminance is the relative luminance of a colour (WCAG 2.2).
func luminance(r, g, b int) float64 {
	linear := func(v int) float64 {
		if c := float64(v) / 255; c > 0.04045 {
			return math.Pow((c+0.055)/1.055, 2.4)
		} else {
			return c / 12.92
		}
	}
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}

// contrast is the contrast ratio of two luminances (WCAG 2.2), 1 to 21.
func contrast(a, b float64) float64 { return (max(a, b) + 0.05) / (min(a, b) + 0.05) }

// colour returns the luminance of a style's text (38) or background (48).
func colour(t *testing.T, s theme.Style, which int) float64 {
	t.Helper()
	// The last one wins: it is the text's own, over that of the cursor.
	found := regexp.MustCompile(fmt.Sprintf(`%d;2;(\d+);(\d+);(\d+)`, which)).FindAllStringSubmatch(s.Apply("x"), -1)
	require.NotEmpty(t, found, "%q", s.Apply("x"))
	var r, g, b int
	_, err := fmt.Sscan(found[len(found)-1][1]+" "+found[len(found)-1][2]+" "+found[len(found)-1][3], &r, &g, &b)
	require.NoError(t, err)
	return luminance(r, g, b)
}

func ground(t *testing.T, hex string) float64 {
	t.Helper()
	var r, g, b int
	_, err := fmt.Sscanf(hex, "#%02x%02x%02x", &r, &g, &b)
	require.NoError(t, err)
	return luminance(r, g, b)
}

func TestEachTextHasContrast(t *testing.T) {
	for _, name := range theme.Bases() {
		th := theme.New(theme.Options{Profile: termenv.TrueColor, Name: name})
		texts := map[string]theme.Style{
			"dim": th.Dim, "title": th.Title, "accent": th.Accent, "header": th.Header, "rule": th.Rule, "tab": th.Tab, "input": th.Input,
			"notice": th.Notice, "error": th.Error, "key": th.Key,
			"verified": th.Verdict(receiver.Verified), "partial": th.Verdict(receiver.Partial), "rejected": th.Verdict(receiver.Rejected),
		}
		for _, c := range receiver.Classes() {
			if c != receiver.Ended { // in the terminal's own colour
				texts[fmt.Sprint("class ", c)] = th.Class(c)
			}
		}
		cursor := colour(t, th.Cursor, 48)
		require.NotEmpty(t, theme.Grounds(name))
		for _, g := range theme.Grounds(name) {
			under := ground(t, g)
			for what, style := range texts {
				assert.GreaterOrEqual(t, contrast(colour(t, style, 38), under), 4.5, "%s: %s on %s", name, what, g)
			}
			assert.GreaterOrEqual(t, contrast(cursor, under), 1.35, "%s: the line under the cursor on %s", name, g)
		}
		texts["plain"] = th.Plain
		for what, style := range texts {
			assert.GreaterOrEqual(t, contrast(colour(t, th.UnderCursor(style), 38), cursor), 4.5, "%s: %s under the cursor", name, what)
		}
	}
}

// The caret is reverse: it has the colours of the text around it, which are readable.
func TestTheCaretShowsOnAnyGround(t *testing.T) {
	for _, name := range theme.Names() {
		assert.Equal(t, "\x1b[7mx\x1b[0m", theme.New(theme.Options{Profile: termenv.TrueColor, Name: name}).Caret.Apply("x"))
	}
}
