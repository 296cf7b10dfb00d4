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

// printer prints findings and counts them.
type printer struct {
	cli.Env
	form *cli.Form
	// records prints the findings of a check.
	records func([]finding) error
	theme   *theme.Theme
	counts  map[state]int
}

func newPrinter(env cli.Env, c *config.Config, o *cli.Form) (p *printer, err error) {
	p = &printer{Env: env, form: o, theme: config.NewTheme(env, c), counts: map[state]int{}}
	p.records, err = cli.Records(env, o, p.write)
	return p, err
}

// print prints the findings of a check.
func (p *printer) print(check string, findings []finding) error {
	for i := range findings {
		f := &findings[i]
		f.Check, f.Detail, f.Todo = check, p.AsCalled(f.Detail), p.AsCalled(f.Todo)
		p.counts[f.State]++
	}
	return p.records(findings)
}

// write writes findings as text.
func (p *printer) write(findings []finding) error {
	var b strings.Builder
	for _, f := range findings {
		p.writeOne(&b, f)
	}
	_, err := io.WriteString(p.Stdout, b.String())
	return err
}

// end prints the summary. It returns an error if a check failed.
func (p *printer) end() error {
	fails, warns := p.counts[fail], p.counts[warn]
	if p.form.ForPeople() {
		if _, err := fmt.Fprintf(p.Stdout, "\n%s\n", summary(fails, warns)); err != nil {
			return err
		}
	}
	if fails > 0 {
		return cli.Failed("") // the findings say it already
	}
	return nil
}

func summary(fails, warns int) string {
	switch {
	case fails == 0 && warns == 0:
		return "all is well"
	case fails == 0:
		return "no failures, " + cli.Count(warns, "warning")
	case warns == 0:
		return cli.Count(fails, "failure")
	default:
		return cli.Count(fails, "failure") + ", " + cli.Count(warns, "warning")
	}
}

// A finding has these columns: a glyph, the state, the check, and the text, which may
// have several lines.
const (
	stateCells = 5
	checkCells = 14
	textColumn = 2 + stateCells + checkCells
	// minTextCells is the least width of the text. On a narrower terminal the lines are
	// too long.
	minTextCells = 24
)

func (p *printer) writeOne(b *strings.Builder, f finding) {
	glyph, style := p.mark(f.State)
	b.WriteString(style.Apply(glyph + " " + string(f.State)))
	b.WriteString(text.Spaces(stateCells - len(f.State)))
	b.WriteString(text.Fit(f.Check, checkCells))
	lines := p.wrap(f.Detail)
	if f.Todo != "" {
		lines = append(lines, p.wrap("to do: "+f.Todo)...)
	}
	for i, line := range lines {
		if i > 0 {
			b.WriteString(text.Spaces(textColumn))
		}
		b.WriteString(line + "\n")
	}
}

func (p *printer) mark(s state) (glyph string, style theme.Style) {
	switch g := p.theme.Glyphs; s {
	case ok:
		return g.Verified, p.theme.Success
	case note:
		return g.Cancelled, p.theme.Dim
	case warn:
		return "!", p.theme.Mark
	default:
		return g.Rejected, p.theme.Failure
	}
}

// wrap cleans a text and breaks it into lines that fit the terminal. It keeps words
// whole, because people copy paths and URLs. Without a terminal it returns one line.
func (p *printer) wrap(s string) []string {
	words := strings.Fields(s)
	for i, word := range words {
		words[i] = text.Clean(word, 0)
	}
	s = strings.Join(words, " ")
	cells, terminal := p.Width()
	if !terminal {
		return []string{s}
	}
	return text.WrapWords(s, max(cells-textColumn, minTextCells))
}
