package remote

import (
	"context"
	"errors"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/forwarding"
	"github.com/up42/up42-webhooks/tui/keys"
)

// absent are the actions that do not exist in a session: they open programs, files or servers.
var absent = []string{"forward-to", "admit", "pin", "save", "open", "suspend", "forge", "webhooks.pin"}

// shown are the actions that show secrets.
var shown = []string{"webhooks.copy-secret", "webhooks.reveal"}

const noSecrets = "secrets are shown to nobody over SSH"

// changing are the actions that only operators may do, with what they do.
var changing = map[string]string{
	"forward": "resend events", "test": "send test events", "refresh": "ask UP42 again", "webhooks.create": changes, "webhooks.edit": changes,
	"webhooks.toggle": changes, "webhooks.test": "test webhooks", "webhooks.remove": changes, "webhooks.duplicate": changes, "webhooks.undo": changes,
}

const changes = "change webhooks"

// permit lets a session do what its role may, and logs it.
type permit struct{ s *session }

// limits are those of the screen. What it asks for nevertheless is refused again below.
func (p *permit) limits() *keys.Limits {
	l := &keys.Limits{Absent: absent, Refused: map[string]string{}, Tried: func(action string) { p.refused(action) }}
	for _, name := range shown {
		l.Refused[name] = noSecrets
	}
	if p.s.key.Role != Operator {
		for name, does := range changing {
			l.Refused[name] = p.s.key.Role.why(does)
		}
	}
	return l
}

func (p *permit) refused(what string) {
	p.s.server.o.Logger.Warn("ssh: refused", append(p.s.who.attrs(), "tried", what)...)
}

// do does what only an operator may do.
func (p *permit) do(what string, do func() error, attrs ...any) error {
	if p.s.key.Role != Operator {
		p.refused(what)
		return errors.New(p.s.key.Role.why(what))
	}
	err := do()
	attrs = append(append(p.s.who.attrs(), "did", what), attrs...)
	if err != nil {
		attrs = append(attrs, "error", err)
	}
	p.s.server.o.Logger.Info("ssh: an operator acted", attrs...)
	return err
}

func (p *permit) testEvent(send func(context.Context, receiver.Kind) error) func(context.Context, receiver.Kind) error {
	if p.s.key.Role != Operator {
		return nil
	}
	return func(ctx context.Context, k receiver.Kind) error {
		return p.do("send test events", func() error { return send(ctx, k) }, "kind", string(k))
	}
}

// forwarder forwards for operators, to the configured targets only.
type forwarder struct {
	forwarding.Forwarder
	may *permit
}

func (f forwarder) Resend(ctx context.Context, seq int64, target string) error {
	return f.may.do("resend events", func() error { return f.Forwarder.Resend(ctx, seq, target) }, "event", seq, "target", target)
}

func (f forwarder) SendTo(context.Context, int64, string) error {
	f.may.refused("send an event to a URL")
	return errors.New("events are sent to no other URL over SSH")
}
