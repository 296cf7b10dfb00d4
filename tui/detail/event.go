package detail

import (
	"fmt"
	"strconv"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/number"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/textblock"
)

// event describes what one delivery says.
func (d *description) event(e *receiver.Event) {
	d.Start()
	what := "Event"
	if e.Verdict == receiver.Rejected {
		what = "Rejected delivery"
	}
	d.Add(
		textblock.Span{Style: d.Theme.Title, Text: " " + what + " "},
		textblock.Span{Style: d.Theme.Bold, Text: e.Number().String()},
	)
	d.Gap()
	d.Pair("Received", d.ago(e.ReceivedAt))
	d.admitted(e)
	d.Optional("Event", e.Name)
	d.id(e)
	d.Optional("Task", e.TaskID)
	d.Optional("Task name", e.TaskName)
	d.eventStatus(e)
	d.Optional("Name", e.DisplayName)
	d.Optional("Type", e.Type)
	d.Optional("Host", e.Host)
	if e.Name != "" {
		d.Pair("Live", map[bool]string{true: "yes", false: "no, a test event"}[e.LiveMode])
	}
	d.changed(e)
	d.Optional("Message", e.MessageID)
}

// id names the order or the job.
func (d *description) id(e *receiver.Event) {
	if e.ID == "" {
		return
	}
	d.Styled(idLabel(e.Kind), d.Theme.Link(d.Theme.Plain, d.link), text.Clean(e.ID, 0))
}

// admitted says when a delivery was admitted that had been rejected, or that it can be.
func (d *description) admitted(e *receiver.Event) {
	switch {
	case !e.Admitted.IsZero() && e.Rejection > 0:
		d.Styled("Admitted", d.Theme.Mark, d.ago(e.Admitted)+"; it was the rejected delivery "+receiver.Number{Seq: e.Rejection, Rejected: true}.String())
	case !e.Admitted.IsZero():
		d.Styled("Admitted", d.Theme.Mark, d.ago(e.Admitted)+"; it had been rejected")
	case e.Verdict == receiver.Rejected && d.good != nil && d.good(e.Seq):
		d.Styled("Good now", d.Theme.Success, "The current secrets prove that it was genuine when it came: "+keys.First(d.keys.Admit)+" admits it.")
	}
}

// eventStatus says which status the event tells of, and what that means.
func (d *description) eventStatus(e *receiver.Event) {
	if e.Status == "" {
		return
	}
	c := e.Class()
	words := d.statusWords(c, e.Status, e.SubStatus)
	if e.Final || e.TaskFinal {
		words += ", final"
	}
	d.Styled("Status", d.Theme.Class(c), words)
	switch {
	case e.TaskID != "":
		d.Pair("Meaning", "It is the status of the task, not of the "+string(e.Kind)+".")
	case e.Verdict != receiver.Rejected:
		d.meaning(e.Kind, e.Status, e.SubStatus, e.Final)
	}
}

// changed says when UP42 says that the status changed. If that time does not count, it
// says why.
func (d *description) changed(e *receiver.Event) {
	if !e.Timestamp.IsZero() {
		d.Pair("Changed", d.moment(e.Timestamp)+" by UP42's clock")
	}
	switch problem := text.Clean(e.TimestampProblem(), 0); {
	case e.Ahead:
		d.Styled("Timestamp", d.Theme.Mark, problem)
	case problem != "":
		d.Styled("Timestamp", d.Theme.Mark, "can't be read, so the arrival counts: "+problem)
	}
}

// failure describes which target did not take the event, and why.
func (d *description) failure(f *receiver.Failure) {
	if f == nil {
		return
	}
	d.Section("Not forwarded")
	d.Pair("Target", text.Clean(f.Reader, maxCells))
	d.Styled("Reason", d.Theme.Error, text.Clean(f.Reason, maxCells))
	d.Pair("Tries", strconv.Itoa(f.Tries))
	d.Pair("Given up", d.ago(f.At))
}

func idLabel(k receiver.Kind) string {
	if k == "" {
		return "ID"
	}
	return k.Title()
}

// bodyTitle is above the body, and bodyEnd below it.
func (d *description) bodyTitle(c *contents) {
	d.Section(titleOfBody(c.event, c.row != nil))
	if c.body.Len() == 0 {
		d.Note(d.Theme.Dim, "empty")
	}
}

func (d *description) bodyEnd(c *contents) {
	if c.body.Cut() {
		d.Note(d.Theme.Mark, d.Theme.Glyphs.Ellipsis+" cut here: `"+text.AsCalled(d.program, commandFor(c.event))+"` prints all of it")
	}
}

func titleOfBody(e *receiver.Event, ofRow bool) string {
	size := number.Bytes(len(e.Raw))
	switch {
	case ofRow:
		return fmt.Sprintf("Newest event, number %d (%s)", e.Seq, size)
	case len(e.Raw) == 0 && rejectedUnread(e):
		return "Body (not kept)"
	default:
		return fmt.Sprintf("Body (%s)", size)
	}
}

// rejectedUnread reports whether the delivery was rejected before its signature
// and its body were read.
func rejectedUnread(e *receiver.Event) bool {
	return e.Reason == receiver.BodyTooLarge || e.Reason == receiver.MethodNotAllowed || e.Reason == receiver.WrongCredentials
}

// commandFor returns the command that prints the whole event.
func commandFor(e *receiver.Event) string {
	return "up42hooks events get " + e.Number().String() + " --json"
}

// maxHeaderName is the largest width of a header's name.
const maxHeaderName = 40

func (d *description) headers(headers []receiver.Header) {
	d.Section("Headers")
	widest := 0
	for _, h := range headers {
		widest = max(widest, text.Width(text.Clean(h.Name, maxHeaderName)))
	}
	for _, h := range headers {
		name := text.Fit(text.Clean(h.Name, maxHeaderName), widest+2)
		value, from := text.Clean(h.Value, maxCells), len(d.Lines)
		d.Wrapped(textblock.Line{{Style: d.Theme.Accent, Text: textblock.Indent + name}, {Style: d.Theme.Plain, Text: value}}, len(textblock.Indent)+widest+2)
		d.AddField(from, text.Clean(h.Name, maxHeaderName), value)
	}
	if len(headers) == 0 {
		d.Note(d.Theme.Dim, "no headers are kept")
	}
}
