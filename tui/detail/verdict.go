package detail

import (
	"strconv"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/signature"
	"github.com/up42/up42-webhooks/tui/elapsed"
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
		d.Prose(d.Theme.Plain, e.Proof.Words(e.Verdict).Long)
	}
	if e.ConflictsWith != 0 {
		d.Gap()
		d.Note(d.Theme.Mark, d.Theme.Glyphs.Conflict+" conflict with event "+strconv.FormatInt(e.ConflictsWith, 10))
		d.Prose(d.Theme.Plain, receiver.ConflictWords)
	}
	d.Gap()
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

// proof lists the facts that the verdict is based on.
func (d *description) proof(e *receiver.Event) {
	p := &e.Proof
	switch {
	case p.Label != "":
		d.Pair("Signature", text.Clean(p.Label, 0))
	case rejectedUnread(e):
		d.Pair("Signature", "not looked at")
	default:
		d.Pair("Signature", "none that could be read")
	}
	if p.Label != "" || len(p.Components) > 0 {
		d.Pair("Covers", covered(p.Components))
	}
	if p.Created != 0 {
		d.Pair("Created", d.created(p.Created, e.ReceivedAt))
	}
	d.Pair("Digest", digestWords(e))
	if age := e.AgeWords(); age != "" {
		d.Pair("Age", age)
	}
	if e.Secret != "" {
		d.Pair("Secret", d.secret(e))
	}
	if e.Webhook != "" {
		d.Pair("Webhook", d.webhook(e.Webhook))
	}
	d.Pair("Sent from", firstOf(text.Clean(p.Remote, 0), "not known"))
	if p.Method != "" || p.Path != "" {
		d.Pair("Request", text.Clean(p.Method+" "+p.Path, 0))
	}
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

func covered(components []string) string {
	if len(components) == 0 {
		return "nothing"
	}
	return text.Clean(strings.Join(components, ", "), 0)
}

// created returns the time of the signature, and its age when it arrived, which is
// what --max-age limits.
func (d *description) created(unix int64, arrived time.Time) string {
	at := time.Unix(unix, 0)
	age := arrived.Sub(at)
	s := d.moment(at)
	switch {
	case age < -time.Second:
		return s + ", " + elapsed.Long(-age) + " after it arrived"
	case age < time.Second:
		return s + ", as it arrived"
	default:
		return s + ", " + elapsed.Long(age) + " before it arrived"
	}
}

func digestWords(e *receiver.Event) string {
	p := &e.Proof
	name, mismatch := text.Clean(p.Digest, 0), e.Reason == signature.DigestMismatch
	switch {
	case name == "" && mismatch:
		return "does not match the body"
	case name == "":
		return "none was checked"
	case mismatch:
		return name + ", does not match the body"
	case p.BodyCovered:
		return name + ", matches the body and is covered by the signature"
	case p.Label == "":
		return name + ", matches the body"
	default:
		return name + ", matches the body but is not covered by the signature"
	}
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
