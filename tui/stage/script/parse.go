package script

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

const (
	// maxFile and maxCommands bound a script, with all scripts that it plays.
	maxFile, maxCommands = 1 << 20, 10_000
	// maxCaption is the longest caption, in characters: two lines of 80 columns.
	maxCaption = 150
	// maxDepth is how deep a script may play another one.
	maxDepth = 4
)

// Fault is what is wrong with a line.
type Fault struct {
	File string
	Line int
	Err  error
}

func (f *Fault) Error() string {
	if f.Line == 0 {
		return f.File + ": " + f.Err.Error()
	}
	return fmt.Sprintf("%s:%d: %v", f.File, f.Line, f.Err)
}

func (f *Fault) Unwrap() error { return f.Err }

// Parse reads a script. Its error is a *Fault, that of the first wrong line. load reads the
// scripts that it plays.
func Parse(name string, text []byte, load func(name string) ([]byte, error)) (*Script, error) {
	p := parser{load: load, begun: map[string]bool{}, script: &Script{Name: name}}
	if err := p.file(name, text, 0); err != nil {
		return nil, err
	}
	if p.script.Steps() == 0 {
		return nil, &Fault{name, 0, errors.New("the script has no caption: each step begins with one")}
	}
	return p.script, nil
}

// parser reads one script, and those that it plays.
type parser struct {
	load   func(string) ([]byte, error)
	script *Script
	// begun are the orders and jobs that were made so far.
	begun map[string]bool
}

func (p *parser) file(name string, text []byte, depth int) error {
	fault := func(line int, err error) error { return &Fault{name, line, err} }
	switch {
	case len(text) > maxFile:
		return fault(0, fmt.Errorf("the file is too large for a script: more than %d bytes", maxFile))
	case !utf8.Valid(text):
		return fault(0, errors.New("the file is not UTF-8"))
	case depth > maxDepth:
		return fault(0, errors.New("scripts play each other too deeply; does one play itself?"))
	}
	line := 0
	for raw := range strings.Lines(strings.TrimPrefix(string(text), "\ufeff")) {
		line++
		words := strings.TrimSpace(raw)
		if words == "" || strings.HasPrefix(words, "#") {
			continue
		}
		c, err := p.command(words)
		if err != nil {
			return fault(line, err)
		}
		c.File, c.Line = name, line
		if err := p.add(c, depth); err != nil {
			if inner := (*Fault)(nil); errors.As(err, &inner) {
				return err
			}
			return fault(line, err)
		}
	}
	return nil
}

// command reads a line.
func (p *parser) command(line string) (c Command, err error) {
	for _, r := range line {
		if r < ' ' && r != '\t' || r == 0x7f {
			return c, errors.New("the line has a control character")
		}
	}
	word, rest, _ := strings.Cut(line, " ")
	g, ok := grammars[Verb(word)]
	if !ok {
		return c, unknown("command", word, verbs())
	}
	c = Command{Verb: Verb(word)}
	if rest = strings.TrimSpace(rest); g.text {
		c.Args = []string{rest}
	} else {
		c.Args = strings.Fields(rest)
	}
	if len(c.Args) < g.least || len(c.Args) > g.most || g.text && rest == "" {
		return c, fmt.Errorf("write it as: %s", g.usage)
	}
	if g.check != nil {
		err = g.check(p, &c)
	}
	return c, err
}

// add adds a command, or the commands of the script that it plays.
func (p *parser) add(c Command, depth int) error {
	switch {
	case len(p.script.Commands) >= maxCommands:
		return fmt.Errorf("the script has more than %d commands", maxCommands)
	case c.Verb == Play:
		text, err := p.load(c.Text())
		if err != nil {
			return err
		}
		return p.file(c.Text(), text, depth+1)
	case c.Verb == Title && p.script.Title == "":
		p.script.Title = c.Text()
	}
	p.script.Commands = append(p.script.Commands, c)
	return nil
}
