package outside

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/outfile"
	"github.com/up42/up42-webhooks/receiver/reproduce"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/prompt"
	"github.com/up42/up42-webhooks/tui/text"
)

// FileName is the name that is proposed for the request of a delivery.
func FileName(e *receiver.Event) string {
	if e.Verdict == receiver.Rejected {
		return "rejected-" + e.Number().String() + ".http"
	}
	return "event-" + e.Number().String() + ".http"
}

// Save asks for the name of a file for the request, as the program's command verify reads it. It
// returns nil if there is no request.
func (o *Outside) Save(s Shown) *prompt.Prompt {
	e := s.Event
	if e == nil {
		o.o.Say.Hint("nothing to save: no delivery is shown")
		return nil
	}
	var p *prompt.Prompt
	p = prompt.New(prompt.Options{
		Theme: o.o.Theme, Keys: o.o.Keys, Label: " save the request as ", Enter: "save", Proposed: true, Waits: true,
		Typed: func(string) (*prompt.Fault, tea.Cmd) { return nil, nil },
		Done: func(value string) (*prompt.Fault, tea.Cmd) {
			name := o.expand(strings.TrimSpace(value))
			if name == "" || strings.HasSuffix(name, "/") {
				return &prompt.Fault{To: len(value), Words: "give the name of a file"}, nil
			}
			return nil, o.save(name, e, func(err error) bool {
				if err == nil {
					p.Finish(nil)
					return false
				}
				return p.Finish(&prompt.Fault{To: len(value), Words: text.Clean("not saved: "+err.Error(), 0)})
			})
		},
	}, FileName(e))
	return p
}

// expand replaces ~ by the home folder.
func (o *Outside) expand(name string) string {
	if rest, ok := strings.CutPrefix(filepath.ToSlash(name), "~/"); ok && o.o.Home != "" {
		return filepath.Join(o.o.Home, rest)
	}
	return name
}

const saving = "saving a request"

// save writes a new file. If there is one already, it asks first. What went wrong refused may say in
// another place: it returns false if it has not.
func (o *Outside) save(name string, e *receiver.Event, refused func(error) bool) tea.Cmd {
	write := func(context.Context) error { return create(name, reproduce.Request(e)) }
	end := o.o.Work.Begin(saving)
	return command.Ask(o.o.Run, write, func(err error) tea.Cmd {
		end()
		if errors.Is(err, fs.ErrExist) {
			refused(nil) // the question takes its place
			o.o.Ask(&prompt.Question{
				Theme: o.o.Theme, Keys: o.o.Keys, Ask: "replace " + text.Clean(name, 60) + "?", Then: "It is there already.", Enter: "replace",
				Do: func() tea.Cmd { return o.replace(name, e) },
			})
			return nil
		}
		if !refused(err) {
			o.saved(name, e, err)
		}
		return nil
	})
}

func (o *Outside) replace(name string, e *receiver.Event) tea.Cmd {
	write := func(context.Context) error { return outfile.Put(name, reproduce.Request(e)) }
	end := o.o.Work.Begin(saving)
	return command.Ask(o.o.Run, write, func(err error) tea.Cmd {
		end()
		o.saved(name, e, err)
		return nil
	})
}

func (o *Outside) saved(name string, e *receiver.Event, err error) {
	if err != nil {
		o.o.Say.Failure("could not save: " + err.Error())
		return
	}
	o.o.Say.Info(fmt.Sprintf("saved as %s; up42hooks verify --now %s judges it", name, reproduce.JudgeBy(e)))
}

// create writes a file for its owner only, which must not be there yet.
func create(name string, content []byte) (err error) {
	f, err := outfile.Create(name)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(outfile.Explain(name, err), os.Remove(name))
	}
	return nil
}
