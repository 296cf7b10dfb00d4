package table_test

import (
	"strings"
	"testing"

	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/tui/table"
)

// ruler returns the line of a table whose cells show their widths.
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

func TestColumnsGetTheirWidths(t *testing.T) {
	type columns = []table.Column[*row]
	for name, tc := range map[string]struct {
		width   int
		columns columns
		want    string
	}{
		"by weight":             {2 + 14, columns{{Title: "a", Min: 2, Weight: 3}, {Title: "b", Min: 2, Weight: 1}}, "aaaaaaaa  bbbb"},
		"the highest Drop goes": {2 + 7, columns{{Title: "a", Min: 3}, {Title: "b", Min: 3, Drop: 2}, {Title: "c", Min: 2, Drop: 1}}, "aaa  cc"},
		"no room":               {2, columns{{Title: "a", Min: 4}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, tc.want, ruler(tc.width, tc.columns...))
		})
	}
}
