package events

import (
	"fmt"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/text"
)

// describe returns all that is known about a delivery, in lines. Text of the delivery is
// cleaned for terminals.
func describe(e *receiver.Event) string {
	var d description
	what := "event"
	if e.Verdict == receiver.Rejected {
		what = "rejected delivery"
	}
	fmt.Fprintf(&d, "%s %v\n", what, e.Number())
	d.line("received", moment(e.ReceivedAt))
	if !e.Admitted.IsZero() {
		d.line("admitted", admittedWords(e))
	}
	d.verdict(e)
	d.message(e)
	d.signature(&e.Proof)
	d.line("sent from", e.Proof.Remote)
	d.line("request", strings.TrimSpace(e.Proof.Method+" "+e.Proof.Path))
	for _, h := range e.Headers {
		d.line("header", h.Name+": "+h.Value)
	}
	d.line("body", cli.Count(len(e.Raw), "byte"))
	for _, line := range text.CleanLines(string(e.Raw), 0) {
		d.WriteString("    " + line + "\n")
	}
	return d.String()
}

func moment(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// admittedWords says when a delivery was admitted, and as what it was rejected before.
func admittedWords(e *receiver.Event) string {
	words := moment(e.Admitted)
	if e.Rejection > 0 {
		words += fmt.Sprintf(", it was the rejected delivery %v", receiver.Number{Seq: e.Rejection, Rejected: true})
	}
	return words
}

// description collects lines of a name and a value.
type description struct{ strings.Builder }

// line adds a line, unless the value is empty.
func (d *description) line(name, value string) {
	if value != "" {
		fmt.Fprintf(d, "  %-11s %s\n", name, text.Clean(value, 0))
	}
}

func (d *description) verdict(e *receiver.Event) {
	if e.Verdict == receiver.Rejected {
		words := receiver.Explain(e.Reason)
		d.line("verdict", "rejected: "+string(e.Reason))
		d.line("meaning", words.Long)
		if cause := e.Cause(); !cause.IsZero() {
			d.line("cause", cause.What)
			words.Todo = cause.Todo
		}
		d.line("to do", words.Todo)
		return
	}
	d.line("verdict", string(e.Verdict)+": "+e.Proof.Words(e.Verdict).Short)
}

func (d *description) message(e *receiver.Event) {
	d.line("event", e.Name)
	d.line("message", e.MessageID)
	if e.ID != "" {
		d.line(string(e.Kind), e.ID)
	}
	d.line("task", e.TaskID)
	d.line("status", string(e.Status))
	d.line("sub-status", string(e.SubStatus))
	if !e.Timestamp.IsZero() {
		d.line("timestamp", moment(e.Timestamp))
	}
	d.line("problem", e.TimestampProblem())
}

func (d *description) signature(p *receiver.Proof) {
	if p.Label == "" {
		return
	}
	d.line("signature", p.Label+", covers "+strings.Join(p.Components, ", "))
	if p.Created != 0 {
		d.line("created", moment(time.Unix(p.Created, 0)))
	}
}
