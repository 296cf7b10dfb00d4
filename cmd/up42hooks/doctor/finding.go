package doctor

import (
	"fmt"
	"io"
	"strings"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// health is how bad a finding is.
type health string

const (
	healthy health = "ok"
	// noted: good to know, nothing is wrong.
	noted health = "note"
	// doubtful: it may work, but should be seen to, or could not be looked at.
	doubtful health = "warn"
	// failing: it does not work.
	failing health = "fail"
)

// finding is what a check found. It holds no secret; its texts need not be
// clean. The fields fix names and order of what --json prints.
type finding struct {
	Check  string `json:"check"`
	State  health `json:"state"`
	Detail string `json:"detail"`
	// Todo is what to do about it, "" where there is nothing to be done.
	Todo string `json:"todo"`
}

func found(h health, format string, args ...any) finding {
	return finding{State: h, Detail: fmt.Sprintf(format, args...)}
}

// do is the finding with what to do about it.
func (f finding) do(format string, args ...any) finding {
	f.Todo = fmt.Sprintf(format, args...)
	return f
}

// diagnosis prints findings and counts them.
type diagnosis struct {
	cli.Env
	json   bool
	look   *theme.Theme
	counts map[health]int
}

func newDiagnosis(w cli.Env, c *config.Config, asJSON bool) *diagnosis {
	return &diagnosis{Env: w, json: asJSON, look: cli.NewTheme(w, c.Theme, c.HighContrast), counts: map[health]int{}}
}

// tell prints the findings of a check.
func (d *diagnosis) tell(check string, findings []finding) error {
	for i := range findings {
		findings[i].Check = check
		d.counts[findings[i].State]++
	}
	if d.json {
		return cli.PrintJSON(d.Env, findings...)
	}
	var b strings.Builder
	for _, f := range findings {
		d.write(&b, f)
	}
	_, err := io.WriteString(d.Stdout, b.String())
	return err
}

// conclude prints how it stands as a whole, and is an error where anything
// fails.
func (d *diagnosis) conclude() error {
	fails, warns := d.counts[failing], d.counts[doubtful]
	if !d.json {
		_, err := fmt.Fprintf(d.Stdout, "\n%s\n", verdictOn(fails, warns))
		if err != nil {
			return err
		}
	}
	if fails > 0 {
		return cli.Failed("") // the findings said it
	}
	return nil
}

func verdictOn(fails, warns int) string {
	switch {
	case fails == 0 && warns == 0:
		return "all is well"
	case fails == 0:
		return fmt.Sprintf("nothing fails, %s to see to", cli.Count(warns, "warning"))
	case warns == 0:
		return cli.Count(fails, "failure")
	default:
		return cli.Count(fails, "failure") + ", " + cli.Count(warns, "warning")
	}
}

// The columns of a finding: a glyph, its word, the check, and the text, which
// goes on below itself.
const (
	wordCells  = 5
	checkCells = 14
	textColumn = 2 + wordCells + checkCells
	// leastText is how narrow the text gets before lines run over the edge.
	leastText = 24
)

func (d *diagnosis) write(b *strings.Builder, f finding) {
	glyph, style := d.mark(f.State)
	b.WriteString(style.Apply(glyph + " " + string(f.State)))
	b.WriteString(text.Spaces(wordCells - len(f.State)))
	b.WriteString(text.Fit(f.Check, checkCells))
	lines := d.wrap(f.Detail)
	if f.Todo != "" {
		lines = append(lines, d.wrap("to do: "+f.Todo)...)
	}
	for i, line := range lines {
		if i > 0 {
			b.WriteString(text.Spaces(textColumn))
		}
		b.WriteString(line + "\n")
	}
}

func (d *diagnosis) mark(h health) (glyph string, style theme.Style) {
	switch g := d.look.Glyphs; h {
	case healthy:
		return g.Verified, d.look.Success
	case noted:
		return g.Cancelled, d.look.Dim
	case doubtful:
		return "!", d.look.Mark
	default:
		return g.Rejected, d.look.Failure
	}
}

// wrap cleans a text and breaks it into lines that fit the terminal. A word
// stays whole, as it may be a path or a URL to be copied. Without a terminal
// there is one line.
func (d *diagnosis) wrap(s string) []string {
	cells, ok := d.Width()
	room := max(cells-textColumn, leastText)
	var lines []string
	line, used := "", 0
	for _, word := range strings.Fields(s) {
		word = text.Clean(word, 0)
		n := text.Width(word)
		if line != "" && ok && used+1+n > room {
			lines, line, used = append(lines, line), "", 0
		}
		if line != "" {
			line, used = line+" ", used+1
		}
		line, used = line+word, used+n
	}
	return append(lines, line)
}
