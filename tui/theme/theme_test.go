package theme_test

import (
	"testing"

	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// The steps of a receiver.ShortJourney: see receiver.Step.
const (
	going, done, failed = "0", "1", "2"
	lower               = "B" // failed, of less trust
)

func TestJourney(t *testing.T) {
	th := theme.New(theme.Options{Profile: termenv.Ascii})
	journey := func(j receiver.ShortJourney, width int) string { return theme.Joined(th.Journey(nil, j, width, false)) }
	assert.Equal(t, "●─●─◐", journey(going+going+going, 20))
	assert.Equal(t, "●─●─●", journey(going+going+done, 20))
	assert.Equal(t, "●─✕", journey(going+failed, 20))
	assert.Equal(t, "●─?─◐", journey(going+lower+going, 20))
	assert.Equal(t, "…●─◐", journey(going+going+going, 4), "only the end of a long one")
	assert.Equal(t, "…◐", journey(going+going+going, 2))
	assert.Equal(t, "…", journey(going+going, 1))
	assert.Equal(t, "◐", journey(going, 1))
	assert.Empty(t, journey(going, 0))
	assert.Empty(t, journey("", 10))
	fromAPI := func(j receiver.ShortJourney, width int) string { return theme.Joined(th.Journey(nil, j, width, true)) }
	assert.Equal(t, "●─●╌●", fromAPI(going+going+done, 20))
	assert.Equal(t, "╌●", fromAPI(done, 20), "no delivery says anything")
	assert.Equal(t, "…", fromAPI(done, 1))
}

func TestEachStepOfAJourneyHasItsColour(t *testing.T) {
	th := theme.New(theme.Options{Profile: termenv.TrueColor})
	dot := th.Glyphs.Passed
	assert.Equal(t, []theme.Span{{th.Plain, dot}, {th.Dim, "─"}, {th.Plain, dot}, {th.Dim, "─"}, {th.Failure, th.Glyphs.Failed}},
		th.Journey(nil, going+going+failed, 20, false))
}

func TestWithoutColourThereAreNoEscapes(t *testing.T) {
	th := theme.New(theme.Options{Profile: termenv.Ascii, Name: theme.Dark})
	assert.Equal(t, "x", th.Success.Apply("x"))
	assert.Contains(t, theme.New(theme.Options{Profile: termenv.TrueColor}).Success.Apply("x"), "\x1b[")
}

func TestWithoutColourATerminalStillHasBoldAndReverse(t *testing.T) {
	th := theme.New(theme.Options{Profile: termenv.Ascii, Mono: true, Name: theme.Dark})
	assert.Equal(t, "x", th.Success.Apply("x"))
	assert.Equal(t, "\x1b[1mx\x1b[0m", th.Title.Apply("x"))
	assert.Equal(t, "\x1b[1;7mx\x1b[0m", th.Cursor.Apply("x"))
	assert.Equal(t, theme.Style{}, th.Dim)
	assert.Equal(t, th.Cursor, th.UnderCursor(th.Title))
}

func TestGlyphsOfClassesDiffer(t *testing.T) {
	for _, ascii := range []bool{false, true} {
		g := theme.New(theme.Options{Profile: termenv.Ascii, ASCII: ascii}).Glyphs
		seen := map[string]bool{}
		for _, c := range receiver.Classes() {
			s := g.Class(c)
			assert.Equal(t, 1, text.Width(s))
			assert.False(t, seen[s], s)
			seen[s] = true
			assert.True(t, !ascii || len(s) == 1)
		}
		for _, v := range []receiver.Verdict{receiver.Verified, receiver.Partial, receiver.Unsigned, receiver.Rejected} {
			assert.Equal(t, 1, text.Width(g.Verdict(v)))
		}
	}
}

func TestSparklineShowsEachCountAboveZero(t *testing.T) {
	g := theme.New(theme.Options{Profile: termenv.Ascii}).Glyphs
	assert.Equal(t, " ▁▄█", g.Sparkline([]int64{0, 1, 50, 100}))
	assert.Equal(t, "   ", g.Sparkline([]int64{0, 0, 0}))
	assert.Equal(t, " ▁█", g.Sparkline([]int64{0, 1, 1 << 62}))
	assert.Empty(t, g.Sparkline(nil))
}

func TestStylesUnderTheCursor(t *testing.T) {
	th := theme.New(theme.Options{Profile: termenv.ANSI, Name: theme.Dark})
	assert.Equal(t, "\x1b[1;97;100m\x1b[92mx\x1b[0m", th.UnderCursor(th.Success).Apply("x"))
	assert.Equal(t, th.Cursor, th.UnderCursor(th.Plain))
	assert.Equal(t, th.Cursor, th.UnderCursor(th.Dim))
	styled := th.Success.AppendOff(append(th.Success.AppendOn(nil), 'x'))
	assert.Equal(t, th.Success.Apply("x"), string(styled))
	th = theme.New(theme.Options{Profile: termenv.ANSI, Name: theme.Dark, HighContrast: true})
	assert.Equal(t, th.Cursor, th.UnderCursor(th.Success), "a colour would become a background")
}

func TestThemesOfAllKinds(t *testing.T) {
	for _, profile := range []termenv.Profile{termenv.ANSI, termenv.ANSI256, termenv.TrueColor} {
		for _, name := range theme.Names() {
			for _, contrast := range []bool{false, true} {
				th := theme.New(theme.Options{Profile: profile, Name: name, HighContrast: contrast})
				classes := map[theme.Style]receiver.Class{}
				for _, c := range receiver.Classes() {
					assert.NotContains(t, classes, th.Class(c), "%v looks like another class", c)
					classes[th.Class(c)] = c
				}
				assert.Equal(t, th.Verdict(receiver.Verified), th.Verdict(receiver.Trusted))
				assert.NotEqual(t, th.Verdict(receiver.Verified), th.Verdict(receiver.Partial))
				assert.Equal(t, th.Verdict(receiver.Unsigned), th.Verdict(receiver.Partial))
				assert.NotEqual(t, th.Verdict(receiver.Rejected), th.Verdict(receiver.Partial))
				assert.NotEqual(t, theme.Style{}, th.Cursor)
				assert.Equal(t, contrast || name == theme.HighContrast, th.Dim == theme.Style{}, "high contrast has no faint style")
			}
		}
	}
}

func TestOwnColoursReplaceThoseOfTheBase(t *testing.T) {
	o := theme.Options{Profile: termenv.TrueColor, Name: "nord", Colours: map[string]string{"waiting": "#010203", "cursor": "#040506"}}
	th, base := theme.New(o), theme.New(theme.Options{Profile: termenv.TrueColor, Name: "nord"})
	assert.Contains(t, th.Waiting.Apply("x"), "38;2;1;2;3m")
	assert.Contains(t, th.Cursor.Apply("x"), "48;2;4;5;6")
	assert.Equal(t, base.Success, th.Success)
	o.Profile = termenv.ANSI
	assert.Equal(t, theme.New(theme.Options{Profile: termenv.ANSI, Name: "nord"}), theme.New(o), "sixteen colours are those of the base")
	o.Profile, o.HighContrast = termenv.TrueColor, true
	assert.Equal(t, theme.New(theme.Options{Profile: termenv.TrueColor, Name: theme.HighContrast}), theme.New(o))
}
