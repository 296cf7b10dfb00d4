package detail

import (
	"strconv"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/signature"
	"github.com/up42/up42-webhooks/tui/checklist"
	"github.com/up42/up42-webhooks/tui/text"
)

// verdict explains an event's verdict.
func (d *description) verdict(e *receiver.Event) {
	d.Section("Verdict")
	head := d.Theme.Glyphs.Verdict(e.Verdict) + " " + string(e.Verdict)
	if e.Reason != "" {
		head += ": " + text.Clean(string(e.Reason), 0)
	}
	d.Note(d.Theme.Verdict(e.Verdict), head)
	if e.Verdict == receiver.Rejected {
		words := receiver.Explain(e.Reason)
		d.Prose(d.Theme.Plain, words.Long)
		cause := e.Cause()
		if !cause.IsZero() {
			words.Todo = cause.Todo
			d.Prose(d.Theme.Mark, text.Clean(cause.What, 0))
		}
		if e.Reason == signature.SignatureMismatch {
			d.Prose(d.Theme.Plain, d.otherSecrets())
		}
		d.Prose(d.Theme.Plain, text.Clean(words.Todo, 0))
	} else {
		words := e.Proof.Words(e.Verdict)
		d.Prose(d.Theme.Plain, words.Long)
		if e.Verdict == receiver.Unknown {
			d.Prose(d.Theme.Mark, words.Todo)
		}
	}
	if e.ConflictsWith != 0 {
		d.Gap()
		d.Note(d.Theme.Mark, d.Theme.Glyphs.Conflict+" conflict with event "+strconv.FormatInt(e.ConflictsWith, 10))
		d.Prose(d.Theme.Plain, receiver.ConflictWords)
	}
	d.Gap()
	if e.Webhook != "" {
		d.Pair("Webhook", d.webhook(e.Webhook))
	}
	d.proof(e)
}

// otherSecrets says whether the receiver tries other secrets than the configured
// ones.
func (d *description) otherSecrets() string {
	if d.workspace {
		return "The secrets of the workspace's webhooks, which UP42 lists, are tried too."
	}
	return "The secrets of the workspace's webhooks are not tried: this needs credentials for UP42."
}

// proof lists the steps that the verdict is based on.
func (d *description) proof(e *receiver.Event) {
	named := ""
	if e.Secret != "" {
		named = d.secret(e)
	}
	for _, s := range checklist.Of(e, checklist.Known{Secret: named, Zone: d.now.Location()}) {
		d.check(s)
	}
}

// check adds a step of the judgement.
func (d *description) check(s checklist.Step) {
	g := &d.Theme.Glyphs
	mark, style := g.Skipped, d.Theme.Dim
	switch s.State {
	case checklist.Passed:
		mark, style = g.Verified, d.Theme.Success
	case checklist.Failed:
		mark, style = g.Rejected, d.Theme.Failure
	case checklist.Weak:
		mark, style = g.Partial, d.Theme.Mark
	}
	fact := text.Clean(s.Fact, maxCells)
	if fact == "" {
		fact = s.State.String()
	}
	d.Marked(style, mark, s.Name, fact)
}

// webhook returns the name and the id of a webhook.
func (d *description) webhook(id string) string {
	clean, name := text.Clean(id, 0), d.webhookName(id)
	if name == "" {
		return clean
	}
	return name + " (" + clean + ")"
}

// webhookName returns a webhook's name, cleaned, or "".
func (d *description) webhookName(id string) string {
	if d.nameOf == nil {
		return ""
	}
	return text.Clean(d.nameOf(id), 0)
}

// secret says which secret made the signature: a configured one by its place, or
// that of a webhook.
func (d *description) secret(e *receiver.Event) string {
	s := string(e.Secret)
	if n, err := strconv.Atoi(s); err == nil && n >= 0 {
		return "number " + strconv.Itoa(n+1) + " of those configured (index " + strconv.Itoa(n) + ")"
	}
	if s == e.Webhook {
		return "that of webhook " + firstOf(d.webhookName(s), text.Clean(s, 0))
	}
	return text.Clean(s, 0)
}
