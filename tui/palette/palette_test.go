package palette_test

import (
	"fmt"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/frame"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/palette"
	"github.com/up42/up42-webhooks/tui/theme"
	"github.com/up42/up42-webhooks/tui/tuitest"
)

// open opens a palette, and types. It returns what is listed, and what was run.
func open(recent *palette.Recent, names []string, typed ...string) (listed, ran []string) {
	th := theme.New(theme.Options{Profile: termenv.Ascii})
	var items []palette.Item
	for _, n := range names {
		does, key, _ := strings.Cut(n, "|")
		items = append(items, palette.Item{Does: does, Key: key, Run: func() tea.Cmd {
			ran = append(ran, does)
			return nil
		}})
	}
	p := palette.New(palette.Options{Theme: th, Keys: keys.New(), Items: items, Recent: recent, Height: func() int { return 24 }})
	for _, msg := range tuitest.Keys(typed...) {
		if cmd, open := p.Press(msg); !open && cmd != nil {
			cmd().(command.Answer).Take()
		}
	}
	lines := p.Lines(&frame.Canvas{Theme: th, W: 80, H: 24}, nil)
	for _, l := range lines[2 : p.Height(nil)-1] {
		if fields := strings.Fields(strings.TrimLeft(ansi.Strip(l), "▌ ")); len(fields) > 0 {
			listed = append(listed, fields[0])
		}
	}
	return listed, ran
}

func TestTheBestMatchComesFirst(t *testing.T) {
	names := []string{"forward|f", "refresh|r", "filter|/", "delete|d", "duplicate|D", "off-line"}
	for typed, want := range map[string]string{
		"":      "forward refresh filter delete duplicate off-line",
		"fil":   "filter",
		"fl":    "filter off-line",
		"D":     "duplicate delete forward",
		"r":     "refresh forward filter",
		"del":   "delete",
		"line":  "off-line",
		"f r":   "forward refresh filter",
		"zz":    "no", // action has these letters
		"/":     "filter",
		"FORW":  "forward",
		"  del": "delete",
	} {
		listed, _ := open(new(palette.Recent), names, typed)
		assert.Equal(t, want, strings.Join(listed, " "), typed)
	}
}

func TestRecentActionsComeFirst(t *testing.T) {
	var recent palette.Recent
	names := []string{"one", "two", "three"}
	_, ran := open(&recent, names, "three", "enter")
	assert.Equal(t, []string{"three"}, ran)
	listed, ran := open(&recent, names, "down", "down", "up", "enter")
	assert.Equal(t, []string{"one"}, ran)
	assert.Equal(t, "three one two", strings.Join(listed, " "))
	listed, _ = open(&recent, names)
	assert.Equal(t, "one three two", strings.Join(listed, " "))
}

func TestManyActionsScroll(t *testing.T) {
	var names []string
	for i := range 100 {
		names = append(names, fmt.Sprintf("n%d", i))
	}
	listed, ran := open(new(palette.Recent), names, append(strings.Split(strings.Repeat("down ", 30), " ")[:30], "enter")...)
	assert.Equal(t, []string{"n30"}, ran)
	assert.Equal(t, "n30", listed[len(listed)-1])
}

// A screen that grows shows more items above the chosen one, and no empty lines.
func TestAListFillsAScreenThatGrows(t *testing.T) {
	th := theme.New(theme.Options{Profile: termenv.Ascii})
	var items []palette.Item
	for i := range 30 {
		items = append(items, palette.Item{Does: fmt.Sprintf("n%d", i)})
	}
	height := 24
	p := palette.New(palette.Options{Theme: th, Keys: keys.New(), Items: items, Recent: new(palette.Recent), Height: func() int { return height }})
	p.Move(len(items))
	for height = range 60 {
		lines := p.Lines(&frame.Canvas{Theme: th, W: 80, H: height}, nil)
		require.Len(t, lines, p.Height(nil))
		for _, l := range lines[2 : p.Height(nil)-1] {
			assert.Contains(t, ansi.Strip(l), "n", "at a height of %d", height)
		}
		assert.Contains(t, lines[p.Height(nil)-2], "n29", "the chosen one is on the screen")
	}
}
