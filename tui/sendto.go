package tui

import (
	"fmt"
	"net/url"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/up42/up42-webhooks/loopback"
)

// askWhereTo asks for a URL to send the event to that is looked at.
func (m *Model) askWhereTo() tea.Cmd {
	what, why := m.handable("F")
	if why != "" {
		m.say(noteHint, why)
		return nil
	}
	what.target = ""
	const scheme = "https://"
	start := m.handing.url
	if start == "" {
		start = scheme
	}
	p := newPrompt(fmt.Sprintf(" send event %d to ", what.seq), "send", start)
	untouched := true
	p.typed = func(value string) (*fault, tea.Cmd) {
		rest, behind := strings.CutPrefix(value, start)
		if rest == "" && behind {
			return nil, nil
		}
		// What is typed first replaces a URL that was proposed, and a URL that is
		// pasted replaces the scheme: the event is not to go to a mixture of both.
		whole := strings.HasPrefix(rest, scheme) || strings.HasPrefix(rest, "http://")
		if behind && (whole || untouched && start != scheme) {
			p.set(rest)
		}
		untouched = false
		return nil, nil
	}
	p.taken = func(value string) (*fault, tea.Cmd) {
		value = strings.TrimSpace(value)
		if wrong := wrongURL(value); wrong != "" {
			return &fault{from: 0, to: len(m.prompt.value()), words: wrong}, nil
		}
		what.url, m.handing.url = value, value
		return nil, m.send(what)
	}
	return m.open(p)
}

// wrongURL says why nothing is sent to a URL; "": something is.
func wrongURL(s string) string {
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Opaque != "" || u.Hostname() == "":
		return "want a URL like https://example.com/hook"
	case u.Scheme != "https" && u.Scheme != "http":
		return "want https, or http for this machine"
	case u.Scheme == "http" && !loopback.Host(u.Hostname()):
		return "want https, as it leaves this machine"
	case u.User != nil:
		return "no password here: it would stand on the screen"
	default:
		return ""
	}
}

// bareURL is a URL without what may be a secret in it.
func bareURL(s string) string {
	u, err := url.Parse(s)
	if err != nil {
		return "that URL"
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}
