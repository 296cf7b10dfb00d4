// Package program runs programs of the user's own that are on keys: with the row or the delivery
// as JSON, in the background or on the terminal.
package program

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/forward"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/detail"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/text"
)

// DefaultTimeout bounds a run.
const DefaultTimeout = 30 * time.Second

// Command is a program on a key.
type Command struct {
	// Key is the key, as bindings have it.
	Key string
	// Name is what the screen calls it. Empty: the program.
	Name string
	// Run is the program, by its path or its name in PATH, and its arguments. There is no shell.
	Run []string
	// Screen: the program gets the terminal until it ends, and the JSON in a file that
	// FileVariable names.
	Screen bool
	// Timeout bounds a run: the program and its children are killed then. 0: DefaultTimeout. A
	// program that has the terminal has no bound.
	Timeout time.Duration
}

// Title is what the screen calls the command, clean.
func (c *Command) Title() string { return text.Short(cmp.Or(c.Name, c.Run[0]), 24) }

// Bindings returns the keys of commands.
func Bindings(all []Command) (out []key.Binding) {
	for i := range all {
		c := &all[i]
		out = append(out, keys.Bind(keys.Shown([]string{c.Key}), c.Title(), c.Key))
	}
	return out
}

// Options are what Programs need.
type Options struct {
	Commands []Command
	Log      receiver.Reader
	Run      command.Runner
	Say      note.Say
	// Private: nothing is said of what programs print, nor of why one can't be run.
	Private bool
	// Work notes what runs. May be nil.
	Work *command.Work
	// Lend runs a program on the terminal, and then gives the message.
	Lend func(p *exec.Cmd, then func(error) tea.Msg) tea.Cmd
}

// Programs runs commands. It is not safe for concurrent use.
type Programs struct {
	o       Options
	running map[int]func() // what ends the note in Work
}

// New makes Programs of which none runs.
func New(o Options) *Programs { return &Programs{o: o, running: map[int]func(){}} }

// Press runs the command of a key for what the user looks at, if there is something. It returns
// false for other keys.
func (p *Programs) Press(msg tea.KeyMsg, subject func() (detail.Subject, bool)) (cmd tea.Cmd, ok bool) {
	if msg.Paste {
		return nil, false
	}
	for i := range p.o.Commands {
		if c := &p.o.Commands[i]; msg.String() == c.Key {
			return p.start(i, c, subject), true
		}
	}
	return nil, false
}

func (p *Programs) start(i int, c *Command, subject func() (detail.Subject, bool)) tea.Cmd {
	s, ok := subject()
	switch {
	case !ok:
		p.o.Say.Hint(c.Title() + " needs a row or a delivery: none is selected")
		return nil
	case s.Unread:
		p.o.Say.Hint("nothing to give to " + c.Title() + " yet: the row is being read")
		return nil
	case p.running[i] != nil:
		p.o.Say.Hint(fmt.Sprintf("%s still runs: it has %v", c.Title(), c.timeout()))
		return nil
	}
	p.running[i] = p.o.Work.Begin("running " + c.Title())
	if c.Screen {
		return p.lend(i, c, s)
	}
	p.o.Say.Info(c.Title() + " runs")
	log := p.o.Log
	run := func(ctx context.Context) result { return c.run(ctx, log, s) }
	return command.Ask(p.o.Run, run, func(r result) tea.Cmd {
		p.ended(i, c, r)
		return nil
	})
}

// ended tells how a run ended.
func (p *Programs) ended(i int, c *Command, r result) {
	p.running[i]()
	delete(p.running, i)
	if p.o.Private {
		r = r.private()
	}
	words := c.Title()
	if r.err != nil {
		words += " " + r.err.Error()
	}
	if r.line != "" {
		words += ": " + r.line
	} else if r.err == nil {
		words += " is done"
	}
	if r.err != nil {
		p.o.Say(note.Failure, words)
		return
	}
	p.o.Say.Info(words)
}

func (c *Command) timeout() time.Duration { return cmp.Or(c.Timeout, DefaultTimeout) }

// result is how a run ended. line is the last one that it wrote, of its errors if it failed.
type result struct {
	line string
	err  error
}

// private leaves out all words but those of an exit code.
func (r result) private() result {
	var exit *exec.ExitError
	switch {
	case r.err == nil:
		return result{}
	case errors.As(r.err, &exit):
		return result{err: inWords(exit)}
	default:
		return result{err: errors.New("failed; the reason is not shown")}
	}
}

func (c *Command) run(ctx context.Context, log receiver.Reader, s detail.Subject) result {
	in, err := inputOf(ctx, log, s)
	if err != nil {
		return result{err: err}
	}
	limited, cancel := context.WithTimeout(ctx, c.timeout())
	defer cancel()
	var out, errs lastLine
	cmd := exec.CommandContext(limited, c.Run[0], c.Run[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = in.reader(), &out, &errs
	cmd.Env = append(forward.Environment(graphical...), in.variables()...)
	err = forward.Run(cmd)
	switch {
	case err == nil, errors.Is(err, exec.ErrWaitDelay):
		return result{line: out.text()}
	case errors.Is(limited.Err(), context.DeadlineExceeded):
		return result{line: errs.text(), err: fmt.Errorf("was killed, as it did not end within %v", c.timeout())}
	default:
		return result{line: errs.text(), err: inWords(err)}
	}
}

// graphical are variables without secrets that programs with windows, editors and pagers need.
var graphical = []string{"DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "BROWSER", "EDITOR", "PAGER"}
