package forwarding

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver/safe"
	"github.com/up42/up42-webhooks/tui/prompt"
	"github.com/up42/up42-webhooks/tui/text"
)

const scheme = "https://"

// AskURL makes a prompt for a URL to which the selected event is sent. It returns
// nil if there is nothing to send.
func (f *Forwarding) AskURL(s Selection) *prompt.Prompt {
	what, why := f.event(s, "F")
	if why != "" {
		f.o.Say.Hint(why)
		return nil
	}
	what.target = ""
	start := scheme
	if f.url != "" {
		start = safe.URL(f.url)
	}
	var p *prompt.Prompt
	e := urlEdit{start: start}
	p = prompt.New(prompt.Options{
		Theme: f.o.Theme, Keys: f.o.Keys, Label: fmt.Sprintf(" send event %d to ", what.seq), Enter: "send", Waits: true,
		Typed: func(value string) (*prompt.Fault, tea.Cmd) {
			if now := e.typed(value); now != value {
				p.Set(now)
			}
			return nil, nil
		},
		Done: func(value string) (*prompt.Fault, tea.Cmd) {
			trimmed := strings.TrimSpace(value)
			if f.url != "" && trimmed == start {
				trimmed = f.url // it is proposed without its secrets
			}
			what.url = trimmed
			wrong, cmd := f.sendTo(what, p)
			if wrong != "" {
				return &prompt.Fault{To: len(value), Words: wrong}, nil
			}
			return nil, cmd
		},
	}, start)
	return p
}

// sendTo sends an event to a URL, which the user has typed into a prompt, or says what is wrong with it.
// The prompt closes once the event is sent.
func (f *Forwarding) sendTo(what sending, p *prompt.Prompt) (wrong string, cmd tea.Cmd) {
	if wrong = wrongURL(what.url); wrong == "" && f.sending[what] {
		wrong = underWay(what)
	}
	if wrong != "" {
		return wrong, nil
	}
	f.url = what.url
	return "", f.send(what, func(err error) (shown bool) {
		if err == nil {
			p.Finish(nil)
			return false
		}
		return p.Finish(&prompt.Fault{To: len(p.Value()), Words: "not sent: " + whyNotSent(err)})
	})
}

// maxTyped is the most cells of a reason that leave room for what to do.
const maxTyped = 140

// whyNotSent says why an event was not sent to a URL, and what to do.
func whyNotSent(err error) string {
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return "it was not accepted in time; enter tries again"
	case errors.Is(err, http.ErrSchemeMismatch), errors.As(err, new(tls.RecordHeaderError)):
		return "no TLS there: begin with http://, which is for this machine only, or give its https port"
	default:
		return text.Short(strings.ReplaceAll(err.Error(), "\n", "; "), maxTyped) + "; correct the URL, or enter tries again"
	}
}

// urlEdit replaces the proposed URL by what the user types or pastes, so that the
// event is not sent to a mixture of both.
type urlEdit struct {
	start  string // what the prompt proposes
	edited bool
}

// typed returns what the text becomes: what is typed first replaces a proposed URL,
// and a whole URL replaces the proposed scheme.
func (e *urlEdit) typed(value string) string {
	rest, behind := strings.CutPrefix(value, e.start)
	if rest == "" && behind {
		return value
	}
	whole := strings.HasPrefix(rest, scheme) || strings.HasPrefix(rest, "http://")
	first := !e.edited && e.start != scheme
	e.edited = true
	if behind && (whole || first) {
		return rest
	}
	return value
}
