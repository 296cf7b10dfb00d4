package cli

import (
	"fmt"
	"strings"
	"testing"

	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

func newTestListing(out *strings.Builder, cells int) *Listing[[3]string] {
	cell := func(i int) func([3]string) string { return func(r [3]string) string { return r[i] } }
	l := NewListing(Env{Stdout: out}, theme.New(theme.Options{Profile: termenv.Ascii}), []Column[[3]string]{
		{Title: "NAME", Least: 4, Cell: cell(0)},
		{Title: "COUNT", Right: true, Cell: cell(1)},
		{Title: "WHAT", Least: 6, Cell: cell(2)},
	})
	l.Cells = cells
	return l
}

func TestListingElsewhereThanOnATerminal(t *testing.T) {
	var out strings.Builder
	l := newTestListing(&out, 0)
	require.NoError(t, l.Print([][3]string{{"雪", "1", "\x1b[31mred"}, {"longer", "20", strings.Repeat("x", 200)}}))
	require.NoError(t, l.Print([][3]string{{"a", "3", ""}}))
	assert.Equal(t, strings.Join([]string{
		"NAME    COUNT  WHAT",
		`雪          1  \u001b[31mred`,
		"longer     20  " + strings.Repeat("x", 200),
		"a           3",
		"",
	}, "\n"), out.String())
}

func TestListingFitsTheTerminal(t *testing.T) {
	for cells := 1; cells < 60; cells++ {
		t.Run(fmt.Sprint(cells), func(t *testing.T) {
			var out strings.Builder
			require.NoError(t, newTestListing(&out, cells).Print([][3]string{{"雪雪雪雪雪雪雪雪", "1", "a rather long text"}}))
			for line := range strings.Lines(out.String()) {
				assert.LessOrEqual(t, text.Width(strings.TrimSuffix(line, "\n")), cells, "%q", line)
			}
		})
	}
}

func TestATerminalGoesWithoutAnEmptySpareColumn(t *testing.T) {
	for name, tc := range map[string]struct {
		cells int
		first string
		want  string
	}{
		"nothing in it":   {40, "-", "NAME  WHAT\na     x\nb     y\n"},
		"something in it": {40, "1", "NAME  COUNT  WHAT\na         1  x\nb         2  y\n"},
		"no terminal":     {0, "-", "NAME  COUNT  WHAT\na         -  x\nb         2  y\n"},
	} {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			l := newTestListing(&out, tc.cells)
			l.columns[1].Spare = true
			require.NoError(t, l.Print([][3]string{{"a", tc.first, "x"}}))
			require.NoError(t, l.Print([][3]string{{"b", "2", "y"}})) // what the titles said stays
			assert.Equal(t, tc.want, out.String())
		})
	}
}
