package feed

import (
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
)

// passes reports whether an entry passes a filter. Words are searched in all texts
// that the entry shows. It does not allocate.
func passes(f *filter.Filter, e *Entry, now time.Time) bool {
	hook, about := e.webhook.Value(), e.about.Value()
	words := [...]string{
		string(e.Verdict), e.reason.Value(), e.name.Value(), string(e.Kind), e.ID(), e.status.Value(), e.mode(), hook.id, hook.name, about.sub, about.task, e.mark(),
	}
	return f.Match(&filter.Subject{
		Kind: e.Kind, Status: receiver.Status(e.status.Value()), SubStatus: receiver.Status(about.sub), Class: e.class, Final: e.final, Live: e.live,
		Event: e.name.Value(), Verdict: e.Verdict, Reason: receiver.Reason(e.reason.Value()),
		ID: e.ID(), Task: about.task, Webhook: hook.id, WebhookName: hook.name, Secret: about.secret, Name: about.name, Type: about.typ, Host: about.host,
		Seq: e.Seq, At: e.At(), Words: words[:],
	}, now)
}
