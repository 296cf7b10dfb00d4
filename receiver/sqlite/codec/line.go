package codec

import (
	"bytes"
	"slices"
	"strconv"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// An envelope and the state of a row begin with a line of JSON, an array with what people
// read with SQL: the views of the schema select its elements. A program does not read the
// line. No JSON has a line break, so the first one is the end of the line.

// longText is from which length on the line lacks a text of the body, in bytes.
const longText = 1 << 10

type lineEncoder struct{ b []byte }

func (l *lineEncoder) begin() { l.b = append(l.b, '[') }

func (l *lineEncoder) name(s string) { l.b = append(l.b, s...) }

// close ends a list or an object in the array.
func (l *lineEncoder) close(end byte) {
	if last := len(l.b) - 1; l.b[last] == ',' {
		l.b = l.b[:last]
	}
	l.b = append(l.b, end, ',')
}

// end replaces the comma after the last element.
func (l *lineEncoder) end() { l.b = append(l.b[:len(l.b)-1], "]\n"...) }

func (l *lineEncoder) null()       { l.b = append(l.b, "null,"...) }
func (l *lineEncoder) bool(v bool) { l.b = append(strconv.AppendBool(l.b, v), ',') }
func (l *lineEncoder) int(v int64) { l.b = append(strconv.AppendInt(l.b, v, 10), ',') }

func (l *lineEncoder) str(s string) {
	if len(s) > longText {
		l.null()
		return
	}
	const hex = "0123456789abcdef"
	l.b = append(l.b, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c < ' ':
			l.b = append(l.b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		case c == '"' || c == '\\':
			l.b = append(l.b, '\\', c)
		default:
			l.b = append(l.b, c)
		}
	}
	l.b = append(l.b, '"', ',')
}

// optional writes a text that may be missing.
func (l *lineEncoder) optional(s string) {
	if s == "" {
		l.null()
		return
	}
	l.str(s)
}

func (l *lineEncoder) time(t time.Time) {
	if t.IsZero() {
		l.null()
		return
	}
	l.b = append(l.b, '"')
	l.b = t.UTC().AppendFormat(l.b, time.RFC3339Nano)
	l.b = append(l.b, '"', ',')
}

// appendEventLine appends the line of an event. Its last element is the event that it
// conflicts with. cause is what [receiver.Event.Cause] says, if somebody has asked.
func appendEventLine(dst []byte, e *receiver.Event, cause string) []byte {
	l := lineEncoder{dst}
	l.begin()
	if e.Admitted.IsZero() {
		l.null()
	} else {
		l.int(e.ReceivedAt.UnixMicro())
	}
	class := ""
	if e.Status != "" {
		class = e.Class().Word()
	}
	l.str(string(e.Reason))
	l.optional(string(e.Secret))
	l.str(e.Webhook)
	l.optional(e.Proof.Remote)
	l.str(e.Name)
	l.str(e.MessageID)
	l.time(e.Timestamp)
	l.bool(e.LiveMode)
	l.str(string(e.Kind))
	l.str(e.ID)
	l.optional(e.TaskID)
	l.str(string(e.Status))
	l.optional(string(e.SubStatus))
	l.str(class)
	l.bool(e.Final)
	l.optional(admittedFrom(e))
	l.optional(e.TimestampProblem())
	l.optional(cause)
	l.null()
	l.end()
	return l.b
}

// admittedFrom is the number that an admitted delivery had among the rejected ones.
func admittedFrom(e *receiver.Event) string {
	if e.Rejection == 0 {
		return ""
	}
	return receiver.Number{Seq: e.Rejection, Rejected: true}.String()
}

// withConflict sets the last element of the line that an envelope begins with.
func withConflict(envelope []byte, with int64) []byte {
	end := bytes.IndexByte(envelope, '\n') - len("null]")
	return slices.Replace(envelope, end, end+len("null"), strconv.AppendInt(nil, with, 10)...)
}

// appendRowLine appends the line of a row.
func appendRowLine(dst []byte, r *receiver.Row) []byte {
	l := lineEncoder{dst}
	l.begin()
	l.str(r.Name)
	l.str(r.Type)
	l.str(r.Host)
	l.str(string(r.Status))
	l.optional(string(r.SubStatus))
	l.str(r.Class().Word())
	l.bool(r.Final)
	l.str(r.Trust.String())
	l.time(r.FirstSeen)
	l.time(r.LastChange)
	l.int(r.Events)
	l.journey(r)
	l.tasks(r)
	l.end()
	return l.b
}

// journey writes the list of the row's changes, as JSON has it.
func (l *lineEncoder) journey(r *receiver.Row) {
	l.begin()
	for _, u := range r.Journey() {
		l.name(`{"status":`)
		l.str(string(u.Status))
		if u.SubStatus != "" {
			l.name(`"subStatus":`)
			l.str(string(u.SubStatus))
		}
		l.name(`"at":`)
		l.time(u.At)
		if u.Trust < r.Trust {
			l.name(`"verdict":`)
			l.str(u.Trust.String())
		}
		l.close('}')
	}
	l.close(']')
}

// tasks writes the list of the row's tasks, as JSON has it.
func (l *lineEncoder) tasks(r *receiver.Row) {
	if len(r.Tasks) == 0 {
		l.null()
		return
	}
	l.begin()
	for i := range r.Tasks {
		t := &r.Tasks[i]
		l.name(`{"id":`)
		l.str(t.ID)
		l.name(`"name":`)
		l.str(t.Name)
		l.name(`"status":`)
		l.str(string(t.Status))
		l.name(`"class":`)
		l.str(t.Class(r.Kind).Word())
		l.name(`"final":`)
		l.bool(t.Final)
		l.name(`"at":`)
		l.time(t.At)
		l.close('}')
	}
	l.close(']')
}

// WithoutLine returns what follows the line of an envelope or a state. Exports have that of
// a state.
func WithoutLine(b []byte) []byte {
	if len(b) > 0 && b[0] == '[' {
		return b[bytes.IndexByte(b, '\n')+1:]
	}
	return b
}
