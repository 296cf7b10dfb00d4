package own

import (
	"fmt"
	"slices"
	"strings"

	"github.com/up42/up42-webhooks/cmd/up42hooks/config/node"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/feed"
	"github.com/up42/up42-webhooks/tui/status"
	"github.com/up42/up42-webhooks/tui/undelivered"
	"github.com/up42/up42-webhooks/tui/webhooks/list"
)

// columnsOf has the names of all columns of a list.
type columnsOf struct {
	list    string
	columns []string
}

func lists() []columnsOf {
	return []columnsOf{
		{"orders", status.Columns(receiver.Order)},
		{"jobs", status.Columns(receiver.Job)},
		{"events", feed.Columns()},
		{"undelivered", undelivered.Columns()},
		{"webhooks", list.Columns()},
	}
}

// ReadColumns reads the columns of lists: {orders: [status, age], jobs: [job, status]}.
func (s *Screen) ReadColumns(n node.Node) error {
	all := lists()
	known := make([]string, len(all))
	for i := range all {
		known[i] = all[i].list
	}
	s.Columns = map[string][]string{}
	return n.Fields(known, func(name string, value node.Node) (err error) {
		s.Columns[name], err = readColumns(value, all[slices.Index(known, name)])
		return err
	})
}

// readColumns reads one column, or a list of columns.
func readColumns(n node.Node, of columnsOf) (out []string, err error) {
	items := []node.Node{n}
	if !n.IsScalar() {
		if items, err = n.Items(); err != nil {
			return nil, err
		}
	}
	for _, item := range items {
		name, err := item.Text()
		switch {
		case err != nil:
			return nil, err
		case !slices.Contains(of.columns, name):
			return nil, item.Wrong("columns: %s has no column %q%s", of.list, name, node.Suggestion(name, of.columns))
		case slices.Contains(out, name):
			return nil, item.Wrong("columns: %s is given twice", name)
		}
		out = append(out, name)
	}
	if len(out) == 0 {
		return nil, n.Wrong("columns: want at least one column of %s", strings.Join(of.columns, ", "))
	}
	return out, nil
}

// ColumnsReference returns a table of all columns in Markdown, for ../../README.md.
func ColumnsReference() string {
	var b strings.Builder
	b.WriteString("| list | columns |\n|---|---|\n")
	for _, of := range lists() {
		fmt.Fprintf(&b, "| `%s` | `%s` |\n", of.list, strings.Join(of.columns, "` `"))
	}
	return b.String()
}
