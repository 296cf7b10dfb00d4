package notify

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/up42/up42-webhooks/receiver"
)

const (
	// maxWord is the length up to which a word is kept, in cells.
	maxWord = 80
	// maxName is the length up to which names of events are compared, in bytes.
	maxName = 256
)

// subjectKey identifies an order, a job or a task of a job, the name of an event without
// one, or the reason of a rejection.
type subjectKey struct {
	category, id, task string
	test               bool
}

// The categories beside the kinds.
const (
	taskOfJob  = "task"
	otherEvent = "event"
	rejection  = "rejected"
)

// subject is what deliveries are about. Its texts are those of the newest one, and clean.
type subject struct {
	subjectKey
	n  int // deliveries
	at time.Time

	kind, id, event, status, name, typ, host, verdict, reason, webhook string
	subStatus, task, taskName                                          string
	// shown is the status, or the sub-status if that says more. todo is what the owner can
	// do, and class the class of the status; without a status it is "".
	shown, todo string
	class       receiver.Class
	hasStatus   bool
	final, live bool
}

func keyOf(e *receiver.Event) subjectKey {
	if e.Verdict == receiver.Rejected {
		return subjectKey{category: rejection, id: string(e.Reason)}
	}
	if k, ok := e.Key(); ok {
		key := subjectKey{category: string(k.Kind), id: k.ID, task: e.TaskID, test: k.Test}
		if e.TaskID != "" {
			key.category = taskOfJob
		}
		return key
	}
	return subjectKey{category: otherEvent, id: strings.Clone(e.Name[:min(len(e.Name), maxName)])}
}

func (s *subject) add(e *receiver.Event, clean func(string, int) string) {
	s.n++
	if e.At().Before(s.at) {
		return
	}
	s.at, s.final, s.live = e.At(), e.Final, e.LiveMode
	s.class, s.hasStatus, s.todo = e.Class(), e.Status != "", ""
	if e.TaskID == "" && e.Verdict != receiver.Rejected {
		_, s.todo = e.Kind.Explain(e.Status, e.SubStatus, e.Final)
	}
	for _, w := range []struct {
		to   *string
		from string
	}{
		{&s.kind, string(e.Kind)},
		{&s.id, e.ID},
		{&s.event, e.Name},
		{&s.status, string(e.Status)},
		{&s.name, e.DisplayName},
		{&s.typ, e.Type},
		{&s.host, e.Host},
		{&s.verdict, string(e.Verdict)},
		{&s.reason, string(e.Reason)},
		{&s.webhook, e.Webhook},
		{&s.subStatus, string(e.SubStatus)},
		{&s.task, e.TaskID},
		{&s.taskName, e.TaskName},
		{&s.shown, string(e.Kind.Shown(e.Status, e.SubStatus, e.Final))},
	} {
		*w.to = clean(w.from, maxWord)
	}
}

// mode is empty for rejected deliveries and those whose body can't be read.
func (s *subject) mode() string {
	switch {
	case s.event == "" || s.verdict == string(receiver.Rejected):
		return ""
	case s.live:
		return "live"
	default:
		return "test"
	}
}

func (s *subject) text() string {
	if s.category == otherEvent {
		return strings.Join(slices.DeleteFunc([]string{s.event, s.id, s.status}, func(s string) bool { return s == "" }), " ")
	}
	what := named(s.kind, s.id, s.name)
	if s.task != "" {
		return named("task", s.task, s.taskName) + " of " + what + " is " + s.shown
	}
	switch {
	case s.class == receiver.NeedsYou && s.todo != "":
		return what + " needs you: " + inner(s.todo)
	case s.class == receiver.NeedsYou:
		return what + " needs you: it is " + s.shown
	case s.class == receiver.InTrouble:
		return what + " is in trouble: " + s.shown
	default:
		return what + " is " + s.shown
	}
}

// named returns what a thing is, with its id, and its name if it has one.
func named(kind, id, name string) string {
	if name == "" {
		return kind + " " + id
	}
	return kind + " " + name + " (" + id + ")"
}

// inner makes a sentence a part of another one.
func inner(sentence string) string {
	first, size := utf8.DecodeRuneInString(sentence)
	return string(unicode.ToLower(first)) + strings.TrimSuffix(sentence[size:], ".")
}

// word returns the status for a list. It says if that calls for attention.
func (s *subject) word() string {
	if s.category != taskOfJob && (s.class == receiver.NeedsYou || s.class == receiver.InTrouble) {
		return s.shown + " (" + s.class.String() + ")"
	}
	return s.shown
}

// classWord returns the class as filters and JSON name it, "" without a status.
func (s *subject) classWord() string {
	if !s.hasStatus || s.verdict == string(receiver.Rejected) {
		return ""
	}
	return s.class.Word()
}
