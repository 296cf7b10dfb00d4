package detail

import (
	"fmt"
	"strconv"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/text"
)

// event tells what one delivery said.
func (w *writer) event(e *receiver.Event) {
	w.sections = append(w.sections, len(w.lines))
	what := "Event"
	if e.Verdict == receiver.Rejected {
		what = "Rejected delivery"
	}
	w.add(line{
		{w.theme.Title, " " + what + " "},
		{w.theme.Bold, strconv.FormatInt(e.Seq, 10)},
	})
	w.gap()
	w.pair("Received", w.ago(e.ReceivedAt))
	w.optional("Event", e.Name)
	w.optional(kindID(e.Kind), e.ID)
	if e.Status != "" {
		c := e.Class()
		final := ""
		if e.Final {
			final = ", final"
		}
		w.styled("Status", w.theme.Class(c), w.theme.Glyphs.Class(c)+" "+text.Clean(string(e.Status), 0)+final)
	}
	w.optional("Name", e.DisplayName)
	w.optional("Type", e.Type)
	w.optional("Host", e.Host)
	if e.Name != "" {
		w.pair("Live", map[bool]string{true: "yes", false: "no, a test event"}[e.LiveMode])
	}
	if !e.Timestamp.IsZero() {
		w.pair("Changed", w.moment(e.Timestamp)+" by UP42's clock")
	}
	w.optional("Message", e.MessageID)
}

// undelivered tells which target did not get the event, and why.
func (w *writer) undelivered(f *receiver.Failure) {
	if f == nil {
		return
	}
	w.section("Not handed on")
	w.pair("Target", text.Clean(f.Reader, maxCells))
	w.styled("Reason", w.theme.Error, text.Clean(f.Reason, maxCells))
	w.pair("Tries", strconv.Itoa(f.Tries))
	w.pair("Given up", w.ago(f.At))
}

func kindID(k receiver.Kind) string {
	if k == "" {
		return "ID"
	}
	return k.Title()
}

// bodyTitle names the body's section.
func bodyTitle(e *receiver.Event, ofRow bool) string {
	size := fmt.Sprintf("%d bytes", len(e.Raw))
	if ofRow {
		return fmt.Sprintf("Newest event, number %d (%s)", e.Seq, size)
	}
	if len(e.Raw) == 0 && unread(e) {
		return "Body (not kept)"
	}
	return fmt.Sprintf("Body (%s)", size)
}

func (w *writer) body(e *receiver.Event, title string, lines []line, cut bool) {
	w.section(title)
	if len(lines) == 0 {
		w.add(line{{w.theme.Dim, indent + "nothing"}})
	}
	for _, l := range lines {
		w.wrapped(append(line{{w.theme.Plain, indent}}, l...), len(indent)+leading(l)+4)
	}
	if cut {
		w.add(line{{w.theme.Mark, indent + w.theme.Glyphs.Ellipsis + " cut here: `" + allOf(e) + "` has all of it"}})
	}
}

// allOf is the command that prints an event in full.
func allOf(e *receiver.Event) string {
	command := "up42hooks events --json"
	if e.Verdict == receiver.Rejected {
		command += " --rejected"
	}
	return command + " --filter seq:" + strconv.FormatInt(e.Seq, 10)
}

// leading is how many spaces a line starts with.
func leading(l line) int {
	if len(l) == 0 {
		return 0
	}
	n := 0
	for n < len(l[0].text) && l[0].text[n] == ' ' {
		n++
	}
	return n
}

func (w *writer) headers(headers []receiver.Header) {
	w.section("Headers")
	widest := 0
	for _, h := range headers {
		widest = max(widest, text.Width(text.Clean(h.Name, maxHeaderName)))
	}
	for _, h := range headers {
		name := text.Fit(text.Clean(h.Name, maxHeaderName), widest+2)
		w.wrapped(line{{w.theme.Accent, indent + name}, {w.theme.Plain, text.Clean(h.Value, maxCells)}}, len(indent)+widest+2)
	}
	if len(headers) == 0 {
		w.add(line{{w.theme.Dim, indent + "none were kept"}})
	}
}

const maxHeaderName = 40
