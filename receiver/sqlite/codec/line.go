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
// conflicts with.
func appendEventLine(dst []byte, e *receiver.Event) []byte {
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
	l.null()
	l.end()
	return l.b
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
	l.end()
	return l.b
}

// WithoutLine returns what follows the line of an envelope or a state. Exports have that of
// a state.
func WithoutLine(b []byte) []byte {
	if len(b) > 0 && b[0] == '[' {
		return b[bytes.IndexByte(b, '\n')+1:]
	}
	return b
}
