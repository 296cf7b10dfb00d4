package cli

import (
	"strings"

	"github.com/spf13/cobra"
)

// NewTopic makes a topic of the help: a text with two columns below it. The topic is not a
// command that does something.
func NewTopic(name, short, text string, rows [][2]string) *cobra.Command {
	h := &helpText{width: usual}
	h.rows("", rows)
	long := text + "\n\n" + strings.TrimLeft(h.String(), "\n")
	return &cobra.Command{Use: name, Short: short, Long: long, DisableFlagParsing: true}
}
