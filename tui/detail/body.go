package detail

import (
	"encoding/json"
	"strings"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/jsontree"
	"github.com/up42/up42-webhooks/tui/text"
)

// maxCells limits what is shown of a text from outside in one line.
const maxCells = 2000

// atOnce is how many bytes a body has at most that is broken into lines without a command: that
// takes about a millisecond.
const atOnce = 32 << 10

// oneLine returns a body as one line that is safe to paste into a terminal. JSON
// keeps its meaning, anything else is cleaned.
func oneLine(raw []byte) string {
	if json.Valid(raw) {
		if out, err := receiver.AppendJSONLine(nil, json.RawMessage(raw)); err == nil {
			return strings.TrimSuffix(string(out), "\n")
		}
	}
	return text.Clean(string(raw), 0)
}

// newBody makes the lines of a body for a column of width cells.
func newBody(raw []byte, width int) *jsontree.View {
	t := jsontree.Parse(raw)
	return jsontree.NewView(t, t.Measure(width))
}
