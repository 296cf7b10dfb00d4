package webhooks

import (
	"fmt"
	"io"
	"strings"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/tui/text"
)

// report is text with lines of a name and a value.
type report struct{ strings.Builder }

// line adds a line. It cleans the value for terminals.
func (r *report) line(name, value string) {
	fmt.Fprintf(r, "  %-10s %s\n", name, cli.OrDash(text.Clean(value, 0)))
}

func (r *report) print(out io.Writer) error {
	_, err := io.WriteString(out, r.String())
	return err
}

func yesOrNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
