package actions

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/webhooks/host"
	"github.com/up42/up42-webhooks/tui/webhooks/words"
)

// Clipboard copies values of webhooks.
type Clipboard struct {
	run   host.Runner
	notes host.Notes
	copy  func(string) error // nil: there is no clipboard
}

// CopyID copies the id of a webhook.
func (c *Clipboard) CopyID(w client.Webhook) tea.Cmd {
	return c.start(text.Clean(w.ID, 0), text.Clean(w.ID, 60))
}

// CopySecret copies the secret of a webhook.
func (c *Clipboard) CopySecret(w client.Webhook) tea.Cmd {
	if w.Secret == "" {
		c.notes.Hint("nothing to copy: " + words.Name(w) + words.NoSecret)
		return nil
	}
	return c.start(w.Secret.Reveal(), "the secret of "+words.Name(w))
}

func (c *Clipboard) start(value, what string) tea.Cmd {
	if c.copy == nil {
		c.notes.Hint("nothing to copy to: this terminal has no clipboard")
		return nil
	}
	return host.Ask(c.run, func(context.Context) error { return c.copy(value) }, func(err error) tea.Cmd {
		if err != nil {
			c.notes.Failure("could not copy: " + err.Error())
		} else {
			c.notes.Info("copied " + what)
		}
		return nil
	})
}
