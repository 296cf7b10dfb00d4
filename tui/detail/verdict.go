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

// verdict explains how an event's verdict came about.
func (w *writer) verdict(e *receiver.Event) {
	w.section("Verdict")
	style := w.theme.Verdict(e.Verdict)
	head := w.theme.Glyphs.Verdict(e.Verdict) + " " + string(e.Verdict)
	if e.Reason != "" {
		head += ": " + text.Clean(string(e.Reason), 0)
	}
	w.add(line{{style, indent + head}})
	if e.Verdict == receiver.Rejected {
		a := adviceFor(e.Reason)
		w.prose(w.theme.Plain, a.what)
		if e.Reason == signature.SignatureMismatch {
			w.prose(w.theme.Plain, w.alsoTried())
		}
		w.prose(w.theme.Plain, a.do)
	} else {
		w.prose(w.theme.Plain, meaning(e))
	}
	w.gap()
	w.proof(e)
}

// alsoTried says whether there are more secrets than those that are configured.
func (w *writer) alsoTried() string {
	if w.workspace {
		return "The secrets of the workspace's webhooks are tried too, as UP42 tells them."
	}
	return "The secrets of the workspace's webhooks are not tried: that takes credentials for UP42."
}

// meaning says what a verdict that is no rejection is worth.
func meaning(e *receiver.Event) string {
	switch e.Verdict {
	case receiver.Verified:
		return "The signature is good, and it covers a digest that matches the body: this is what UP42 sent."
	case receiver.Trusted:
		return "It came with the configured user name and password, so its sender is known. No signature was checked."
	case receiver.Partial:
		return "The signature is good, but nothing that it covers vouches for the body, which could have been changed. It is kept and marked, and never forwarded; who reads events from listen sees its verdict."
	default:
		return "It has no signature, and unsigned deliveries are allowed here. Anybody could have sent it."
	}
}

func (w *writer) proof(e *receiver.Event) {
	p := &e.Proof
	switch {
	case p.Label != "":
		w.pair("Signature", text.Clean(p.Label, 0))
	case unread(e):
		w.pair("Signature", "not looked at")
	default:
		w.pair("Signature", "none that could be read")
	}
	if p.Label != "" || len(p.Components) > 0 {
		w.pair("Covers", covered(p.Components))
	}
	if p.Created != 0 {
		w.pair("Created", w.created(p.Created, e.ReceivedAt))
	}
	w.pair("Digest", digest(e))
	if e.Secret != "" {
		w.pair("Secret", w.secret(e))
	}
	if e.Webhook != "" {
		w.pair("Webhook", w.webhook(e.Webhook))
	}
	from := text.Clean(p.Remote, 0)
	if from == "" {
		from = "not known"
	}
	w.pair("Sent from", from)
	if p.Method != "" || p.Path != "" {
		w.pair("Request", text.Clean(p.Method+" "+p.Path, 0))
	}
}

// webhook names the webhook that a delivery came through.
func (w *writer) webhook(id string) string {
	clean, name := text.Clean(id, 0), w.webhookName(id)
	if name == "" {
		return clean
	}
	return name + " (" + clean + ")"
}

// webhookName is a webhook's name, clean, "" where it is not known.
func (w *writer) webhookName(id string) string {
	if w.nameOf == nil {
		return ""
	}
	return text.Clean(w.nameOf(id), 0)
}

// unread: it was rejected before anything but its head was looked at.
func unread(e *receiver.Event) bool {
	return e.Reason == receiver.BodyTooLarge || e.Reason == receiver.MethodNotAllowed || e.Reason == receiver.WrongCredentials
}

func covered(components []string) string {
	if len(components) == 0 {
		return "nothing"
	}
	return text.Clean(strings.Join(components, ", "), 0)
}

// created tells the signature's own time and how old it was on arrival, which
// is what the age window looks at.
func (w *writer) created(unix int64, arrived time.Time) string {
	at := time.Unix(unix, 0)
	age := arrived.Sub(at)
	s := w.moment(at)
	switch {
	case age < -time.Second:
		return s + ", " + elapsed.Long(-age) + " after it arrived"
	case age < time.Second:
		return s + ", as it arrived"
	default:
		return s + ", " + elapsed.Long(age) + " before it arrived"
	}
}

func digest(e *receiver.Event) string {
	p := &e.Proof
	switch {
	case p.Digest == "" && e.Reason == "digest-mismatch":
		return "does not match the body"
	case p.Digest == "":
		return "none was checked"
	case e.Reason == "digest-mismatch":
		return text.Clean(p.Digest, 0) + ", does not match the body"
	case p.BodyCovered:
		return text.Clean(p.Digest, 0) + ", matches the body and is covered by the signature"
	case p.Label == "":
		return text.Clean(p.Digest, 0) + ", matches the body"
	default:
		return text.Clean(p.Digest, 0) + ", matches the body but is not covered by the signature"
	}
}

// secret names the secret that matched: by its place where it is configured, else
// by the webhook that has it.
func (w *writer) secret(e *receiver.Event) string {
	s := string(e.Secret)
	if n, err := strconv.Atoi(s); err == nil && n >= 0 {
		return "number " + strconv.Itoa(n+1) + " of those configured (index " + strconv.Itoa(n) + ")"
	}
	if s == e.Webhook {
		return "that of webhook " + either(w.webhookName(s), text.Clean(s, 0))
	}
	return text.Clean(s, 0)
}
