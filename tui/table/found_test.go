package table_test

import (
	"strings"
	"testing"

	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/tui/table"
	"github.com/up42/up42-webhooks/tui/theme"
)

// found returns what is marked on each line.
func found(view string) (all []string) {
	for line := range strings.SplitSeq(view, "\n") {
		var marked []string
		for i, part := range strings.Split(line, "\x1b[") {
			if codes, words, ok := strings.Cut(part, "m"); i > 0 && ok && strings.Contains(";"+codes+";", ";4;") {
				marked = append(marked, words)
			}
		}
		all = append(all, strings.Join(marked, "|"))
	}
	return all
}

func TestWhatAFilterLooksForIsMarked(t *testing.T) {
	for _, o := range []theme.Options{{Profile: termenv.TrueColor}, {Mono: true}, {Profile: termenv.ANSI, HighContrast: true}} {
		opts := options(termenv.TrueColor)
		opts.Theme = theme.New(o)
		for i := range opts.Columns {
			opts.Columns[i].Keys = nil
			opts.Columns[i].Style = nil
		}
		opts.Columns[0].Keys = []string{"name"}
		opts.Columns[2].Keys = []string{"id"}
		m := table.New(opts)
		m.SetSize(60, 4)
		m.Upsert(&row{"abab", 2, "Cab of Red"}, &row{"xabx", 1, "red ABBA"})
		m.SetFilter("ab red ba")
		assert.Equal(t, []string{"", "ab|Red|abab", "red|ABBA|ab", ""}, found(m.View()), "%+v", o)
		m.ApplyFilter(table.Filter[*row]{Text: "1", Match: func(*row) bool { return true }, Words: []table.Word{{Key: "name", Text: "ab"}, {Key: "id", Text: ""}}})
		assert.Equal(t, []string{"", "ab", "AB", ""}, found(m.View()), "%+v", o)
		m.SetFilter("")
		assert.Equal(t, []string{"", "", "", ""}, found(m.View()), "%+v", o)
	}
}
