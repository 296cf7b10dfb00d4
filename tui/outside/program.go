package outside

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/process"
	"github.com/up42/up42-webhooks/receiver/reproduce"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/menu"
	"github.com/up42/up42-webhooks/tui/text"
)

// program is an editor or a pager.
type program struct {
	what      string
	variables []string // that name it
	usual     []string // what is taken if none does
	// clean: it may give control characters to the terminal.
	clean bool
}

var (
	editor = program{what: "editor", variables: []string{"VISUAL", "EDITOR"}, usual: []string{"vi", "nano", "notepad"}}
	pager  = program{what: "pager", variables: []string{"PAGER"}, usual: []string{"less", "more"}, clean: true}
)

// OpenMenu offers where what is shown can be opened.
func (o *Outside) OpenMenu(s Shown) *menu.Menu {
	var items []menu.Item
	if s.Event != nil {
		for _, p := range []struct {
			key string
			program
		}{{"e", editor}, {"p", pager}} {
			name, from := o.commandOf(p.program)
			if o.o.Private && name != "" {
				name, from = "", ""
			}
			items = append(items, menu.Item{
				Key: p.key, Name: p.what, Preview: text.Clean(name, 60) + from, Do: func() tea.Cmd { return o.run(p.program, s.Event) },
			})
		}
	}
	if s.Key.Kind == receiver.Order {
		url, _ := o.link(s)
		switch {
		case url != "":
		case o.o.Private:
			url = "its link is not shown"
		default:
			url = "its link is not known: --console-url sets it"
		}
		items = append(items, menu.Item{Key: "c", Name: "UP42's console", Preview: text.Clean(url, 0), Do: func() tea.Cmd { return o.browse(s) }})
	}
	if len(items) == 0 {
		o.o.Say.Hint("nothing to open: no delivery is shown")
		return nil
	}
	return &menu.Menu{Theme: o.o.Theme, Title: "open in", Items: items}
}

// commandOf is the command of a program, and where that is from, in words. It is empty if there is
// none.
func (o *Outside) commandOf(p program) (command, from string) {
	for _, v := range p.variables {
		if c := o.o.Getenv(v); c != "" {
			return c, " (" + v + ")"
		}
	}
	i := slices.IndexFunc(p.usual, func(name string) bool {
		_, err := exec.LookPath(name)
		return err == nil
	})
	if i < 0 {
		return "", "none: set " + p.variables[len(p.variables)-1]
	}
	return p.usual[i], ""
}

// run shows a request in a program that gets the terminal.
func (o *Outside) run(p program, e *receiver.Event) tea.Cmd {
	name, _ := o.commandOf(p)
	switch {
	case name == "":
		o.o.Say.Hint(fmt.Sprintf("there is no %s: set %s, such as %s=%s", p.what, p.variables[0], p.variables[0], p.usual[0]))
		return nil
	case o.o.Lend == nil:
		o.o.Say.Hint("no program can have this terminal")
		return nil
	}
	content := reproduce.Request(e)
	if p.clean {
		content = []byte(clean(content) + "\n")
	}
	type written struct {
		file   string
		remove func() error
		err    error
	}
	write := func(context.Context) (w written) {
		w.file, w.remove, w.err = PrivateFile(FileName(e), content)
		return w
	}
	end := o.o.Work.Begin("opening the " + p.what)
	return command.Ask(o.o.Run, write, func(w written) tea.Cmd {
		end()
		if w.err != nil {
			o.o.Say.Failure("could not write a file for the " + p.what + ": " + w.err.Error())
			return nil
		}
		return o.lend(p, name, w.file, w.remove)
	})
}

// lend gives the terminal to a program that shows a file, which is removed afterwards.
func (o *Outside) lend(p program, name, file string, remove func() error) tea.Cmd {
	shell := inShell(name, p.what, file)
	shell.Env = process.Environment()
	return o.o.Lend(shell, func(err error) tea.Msg {
		err = errors.Join(err, remove())
		return command.To(func() tea.Cmd {
			o.ended(p, name, err)
			return nil
		})
	})
}

// ended says how a program ended.
func (o *Outside) ended(p program, name string, err error) {
	const notFound, notExecutable = 127, 126
	var exit *exec.ExitError
	switch {
	case err == nil:
		o.o.Say.Info("back from the " + p.what + "; what was changed there changes nothing here")
	case o.o.Private:
		o.o.Say.Failure("the " + p.what + " failed; the reason is not shown")
	case errors.As(err, &exit) && (exit.ExitCode() == notFound || exit.ExitCode() == notExecutable):
		o.o.Say.Failure(fmt.Sprintf("the %s %q can't be started: set %s", p.what, name, p.variables[0]))
	default:
		o.o.Say.Failure(fmt.Sprintf("the %s %q failed: %v", p.what, name, err))
	}
}

// PrivateFile writes a file into a folder of its own, both for this user only. remove removes them.
func PrivateFile(name string, content []byte) (file string, remove func() error, err error) {
	folder, err := os.MkdirTemp("", "up42hooks-")
	if err != nil {
		return "", nil, err
	}
	remove = func() error { return os.RemoveAll(folder) }
	file = filepath.Join(folder, name)
	if err := create(file, content); err != nil {
		return "", nil, errors.Join(err, remove())
	}
	return file, remove, nil
}
