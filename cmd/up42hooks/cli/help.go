package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/up42/up42-webhooks/tui/text"
)

// The widths of help, in cells.
const (
	// widest is the width on a wide terminal: longer lines are hard to read.
	widest = 100
	// usual is the width elsewhere, such as in a pager.
	usual = 80
	// nameCells is the most room for a name in front of its text. A longer name has a line
	// of its own.
	nameCells = 28
	// narrow is the width below which all names have lines of their own.
	narrow = 60
)

// printHelp prints a command's help. It replaces cobra's, which breaks no lines and does not
// group flags.
func (env Env) printHelp(cmd *cobra.Command) error {
	width := usual
	if cells, ok := env.Width(); ok {
		width = min(cells, widest)
	}
	_, err := env.Stdout.Write([]byte(help(cmd, width)))
	return err
}

// help returns a command's help.
func help(cmd *cobra.Command, width int) string {
	h := &helpText{width: width}
	h.prose(cmd.Long, cmd.Short)
	if cmd.IsAdditionalHelpTopicCommand() {
		return h.String()
	}
	h.usage(cmd)
	if cmd.HasExample() {
		h.title("Examples:")
		h.WriteString(strings.TrimRight(cmd.Example, "\n") + "\n")
	}
	h.commands(cmd)
	h.flags(cmd)
	if cmd.HasAvailableSubCommands() {
		h.WriteByte('\n')
		h.prose(fmt.Sprintf("%q tells more about a command.", cmd.CommandPath()+" COMMAND --help"), "")
	}
	return h.String()
}

// helpText is the text of help.
type helpText struct {
	strings.Builder
	width int
}

func (h *helpText) title(s string) { h.WriteString("\n" + s + "\n") }

// prose writes the first of the texts that is not empty. It breaks paragraphs into lines, and
// leaves indented lines as they are.
func (h *helpText) prose(texts ...string) {
	i := slices.IndexFunc(texts, func(s string) bool { return s != "" })
	if i < 0 {
		return
	}
	var paragraph []string
	flush := func() {
		if len(paragraph) > 0 {
			for _, line := range text.WrapWords(strings.Join(paragraph, " "), h.width) {
				h.WriteString(line + "\n")
			}
		}
		paragraph = nil
	}
	for line := range strings.Lines(strings.TrimRight(texts[i], "\n")) {
		line = strings.TrimRight(line, "\n")
		if line != "" && !strings.HasPrefix(line, " ") && !strings.HasPrefix(line, "\t") {
			paragraph = append(paragraph, line)
			continue
		}
		flush()
		h.WriteString(line + "\n")
	}
	flush()
}

func (h *helpText) usage(cmd *cobra.Command) {
	h.title("Usage:")
	if cmd.Runnable() {
		h.WriteString("  " + cmd.UseLine() + "\n")
	}
	if cmd.HasAvailableSubCommands() {
		h.WriteString("  " + cmd.CommandPath() + " COMMAND\n")
	}
}

// commands writes the commands of each group, or all if there are no groups.
func (h *helpText) commands(cmd *cobra.Command) {
	of := func(id string) (rows [][2]string) {
		for _, c := range cmd.Commands() {
			if c.GroupID == id && (c.IsAvailableCommand() || c.IsAdditionalHelpTopicCommand()) {
				rows = append(rows, [2]string{c.Name(), c.Short})
			}
		}
		return rows
	}
	h.rows("Commands:", of(""))
	for _, g := range cmd.Groups() {
		h.rows(g.Title+":", of(g.ID))
	}
}

// flags writes the flags of each subject; first those of the command itself.
func (h *helpText) flags(cmd *cobra.Command) {
	rows := map[Subject][][2]string{}
	all := cmd.Flags()
	all.SortFlags = false
	all.VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			rows[subjectOf(f)] = append(rows[subjectOf(f)], flagRow(f))
		}
	})
	for _, s := range append([]Subject{""}, Subjects()...) {
		title := "Flags:"
		if s != "" {
			title = "Flags: " + string(s)
		}
		h.rows(title, rows[s])
	}
}

// flagRow returns a flag with its placeholder, and its meaning with its default.
func flagRow(f *pflag.Flag) [2]string {
	placeholder, usage := pflag.UnquoteUsage(f)
	name := "    --" + f.Name
	if f.Shorthand != "" {
		name = "-" + f.Shorthand + ", --" + f.Name
	}
	if !slices.Contains([]string{"", "false", "0", "0s", "[]"}, f.DefValue) {
		usage += " (default " + f.DefValue + ")"
	}
	return [2]string{strings.TrimRight(name+" "+placeholder, " "), usage}
}

// rows writes names and their texts in two columns.
func (h *helpText) rows(title string, rows [][2]string) {
	if len(rows) == 0 {
		return
	}
	h.title(title)
	column := 0
	for _, r := range rows {
		if w := text.Width(r[0]); w <= nameCells {
			column = max(column, w)
		}
	}
	column += len("  ") + len("  ")
	if h.width < narrow {
		column = len("      ")
	}
	for _, r := range rows {
		line := "  " + r[0]
		for i, part := range text.WrapWords(r[1], max(h.width-column, usual/4)) {
			if i == 0 && text.Width(line)+2 > column {
				h.WriteString(line + "\n")
				line = ""
			}
			if i > 0 {
				line = ""
			}
			h.WriteString(line + text.Spaces(column-text.Width(line)) + part + "\n")
		}
	}
}
