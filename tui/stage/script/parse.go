package script

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/up42/up42-webhooks/receiver/filter/nearest"
)

const (
	// maxFile and maxCommands bound a script, with all scripts that it plays.
	maxFile, maxCommands = 1 << 20, 10_000
	// maxCaption is the longest caption, in characters: two lines of 80 columns.
	maxCaption = 150
	// maxDepth is how deep a script may play another one.
	maxDepth = 4
	// maxFaults is how many wrong lines are named.
	maxFaults = 10
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

// Parse reads a script. Its error is a *Fault, or several that are joined: those of the first ten wrong
// lines. load reads the scripts that it plays.
func Parse(name string, text []byte, load func(name string) ([]byte, error)) (*Script, error) {
	p := parser{load: load, begun: map[string]bool{}, doubtful: map[string]bool{}, script: &Script{Name: name}}
	p.file(name, text, 0)
	switch n := len(p.faults); {
	case n == 1:
		return nil, p.faults[0]
	case n > maxFaults:
		return nil, errors.Join(append(p.faults[:maxFaults], &Fault{name, 0, fmt.Errorf("there are more mistakes than these %d", maxFaults)})...)
	case n > 1:
		return nil, errors.Join(p.faults...)
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
	// doubtful are the words that a wrong line may have meant to make an order or a job of. unread: a
	// script that this one plays was not read, and may make any of them.
	doubtful map[string]bool
	unread   bool
	faults   []error
	full     bool // no more commands can be added
}

func (p *parser) file(name string, text []byte, depth int) {
	fault := func(line int, err error) { p.faults = append(p.faults, &Fault{name, line, err}) }
	if err := unreadable(text, depth); err != nil {
		p.unread = true
		fault(0, err)
		return
	}
	line := 0
	for raw := range strings.Lines(strings.TrimPrefix(string(text), "\ufeff")) {
		line++
		words := strings.TrimSpace(raw)
		if words == "" || strings.HasPrefix(words, "#") {
			continue
		}
		c, err := p.command(words)
		if c.File, c.Line = name, line; err == nil {
			err = p.add(c, depth)
		}
		if err != nil {
			fault(line, err)
			p.doubt(words)
		}
		if p.full || len(p.faults) > maxFaults {
			return
		}
	}
}

// unreadable says why a file is no script.
func unreadable(text []byte, depth int) error {
	switch {
	case len(text) > maxFile:
		return fmt.Errorf("the file is too large for a script: more than %d bytes", maxFile)
	case !utf8.Valid(text):
		return errors.New("the file is not UTF-8")
	case depth > maxDepth:
		return errors.New("scripts play each other too deeply; does one play itself?")
	default:
		return nil
	}
}

// doubt takes note of a wrong line, so that lines which depend on it are not called wrong, too.
func (p *parser) doubt(line string) {
	words := strings.Fields(line)
	if len(words) > 1 {
		p.doubtful[words[1]] = true
	}
	p.unread = p.unread || nearest.Word(words[0], verbs()) == string(Play)
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
		p.full = true
		return fmt.Errorf("the script has more than %d commands", maxCommands)
	case c.Verb == Play:
		text, err := p.load(c.Text())
		if err != nil {
			return err
		}
		p.file(c.Text(), text, depth+1)
		return nil
	case c.Verb == Title && p.script.Title == "":
		p.script.Title = c.Text()
	}
	p.script.Commands = append(p.script.Commands, c)
	return nil
}
