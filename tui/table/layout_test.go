package table_test

import (
	"strings"
	"testing"

	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/tui/table"
)

// ruler is a table whose cells show how wide they are.
func ruler(w int, columns ...table.Column[*row]) string {
	o := options(termenv.Ascii)
	for i := range columns {
		columns[i].Cell = func(_ *row, width int) string { return strings.Repeat(columns[i].Title, width) }
	}
	o.Columns = columns
	m := table.New(o)
	m.SetSize(w, 2)
	m.Upsert(&row{id: "x"})
	_, line, _ := strings.Cut(m.View(), "\n")
	return strings.TrimRight(line[len("▌ "):], " ")
}

func TestColumnsShareTheRoom(t *testing.T) {
	type columns = []table.Column[*row]
	for name, tc := range map[string]struct {
		width   int
		columns columns
		want    string
	}{
		"by weight":               {2 + 14, columns{{Title: "a", Min: 2, Weight: 3}, {Title: "b", Min: 2, Weight: 1}}, "aaaaaaaa  bbbb"},
		"up to the most":          {2 + 14, columns{{Title: "a", Min: 2, Max: 4, Weight: 3}, {Title: "b", Min: 2, Weight: 1}}, "aaaa  bbbbbbbb"},
		"all get a usual value":   {2 + 12, columns{{Title: "a", Min: 2, Usual: 4, Weight: 9}, {Title: "b", Min: 2, Usual: 6, Weight: 1}}, "aaaa  bbbbbb"},
		"then what is unusual":    {2 + 16, columns{{Title: "a", Min: 2, Usual: 4, Weight: 1}, {Title: "b", Min: 2, Usual: 4, Max: 5, Weight: 9}}, "aaaaaaaaa  bbbbb"},
		"all have enough":         {2 + 14, columns{{Title: "a", Min: 2, Max: 4, Weight: 3}, {Title: "b", Min: 2}}, "aaaa  bb"},
		"just enough":             {2 + 6, columns{{Title: "a", Min: 2}, {Title: "b", Min: 2}}, "aa  bb"},
		"the highest Drop goes":   {2 + 7, columns{{Title: "a", Min: 3}, {Title: "b", Min: 3, Drop: 2}, {Title: "c", Min: 2, Drop: 1}}, "aaa  cc"},
		"then the next":           {2 + 6, columns{{Title: "a", Min: 3}, {Title: "b", Min: 3, Drop: 2}, {Title: "c", Min: 2, Drop: 1}}, "aaa"},
		"of equal ones the last":  {2 + 8, columns{{Title: "a", Min: 3, Drop: 1}, {Title: "b", Min: 3, Drop: 1}, {Title: "c", Min: 3, Drop: 1}}, "aaa  bbb"},
		"then the widest shrinks": {2 + 7, columns{{Title: "a", Min: 4}, {Title: "b", Min: 2}}, "aaa  bb"},
		"then columns are left":   {2 + 3, columns{{Title: "a", Min: 4}, {Title: "b", Min: 2}}, "a"},
		"no room":                 {2, columns{{Title: "a", Min: 4}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, tc.want, ruler(tc.width, tc.columns...))
		})
	}
}
