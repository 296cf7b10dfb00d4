package receiver

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/up42/up42-webhooks/receiver/jsonscan"
)

// wireMessage is the outer object of a delivery. As in wireBody, the case of field
// names does not matter: UP42 writes both jobId and jobID. Of a field that occurs twice,
// the last one counts.
type wireMessage struct {
	Event, LiveMode, Timestamp, Body json.RawMessage
	MessageID                        idField
	body                             wireBody // zero if Body is no object
}

// read reads a whole delivery. It reports whether that is an object.
func (w *wireMessage) read(raw []byte) bool {
	s := jsonscan.New(raw)
	s.Object(func(name []byte) {
		var f jsonscan.Field
		switch string(jsonscan.Fold(&f, name)) {
		case "event":
			w.Event = s.Value()
		case "livemode":
			w.LiveMode = s.Value()
		case "timestamp":
			w.Timestamp = s.Value()
		case "messageid":
			w.MessageID.add(s.Value())
		case "body":
			w.Body = w.body.read(&s)
		default:
			s.Value()
		}
	})
	return s.End()
}

// wireBody is the inner object of a delivery, with the fields of all event types.
type wireBody struct {
	OrderID, JobID, ID, JobTaskID, TaskID          idField
	Status, StatusIsFinal, SubStatus, OrderDetails json.RawMessage
	OrderType, ProcessID, DataHostName             json.RawMessage
	JobName, DisplayName, Name, WorkflowName       json.RawMessage
	JobTaskName, TaskName                          json.RawMessage
}

// read reads a value of any type and returns its text. It has no fields if it is no
// object.
func (b *wireBody) read(s *jsonscan.Scanner) json.RawMessage {
	*b = wireBody{}
	if s.Next() != '{' {
		return s.Value()
	}
	return s.Object(func(name []byte) {
		var f jsonscan.Field
		b.set(jsonscan.Fold(&f, name), s.Value())
	})
}

func (b *wireBody) set(field []byte, value json.RawMessage) {
	switch string(field) {
	case "orderid":
		b.OrderID.add(value)
	case "jobid":
		b.JobID.add(value)
	case "id":
		b.ID.add(value)
	case "jobtaskid":
		b.JobTaskID.add(value)
	case "taskid":
		b.TaskID.add(value)
	case "status":
		b.Status = value
	case "statusisfinal":
		b.StatusIsFinal = value
	case "substatus":
		b.SubStatus = value
	case "orderdetails":
		b.OrderDetails = value
	case "ordertype":
		b.OrderType = value
	case "processid":
		b.ProcessID = value
	case "datahostname":
		b.DataHostName = value
	case "jobname":
		b.JobName = value
	case "displayname":
		b.DisplayName = value
	case "name":
		b.Name = value
	case "workflowname":
		b.WorkflowName = value
	case "jobtaskname":
		b.JobTaskName = value
	case "taskname":
		b.TaskName = value
	}
}

// subStatusIn returns the sub-status in a tasking order's orderDetails, nil if there is
// none.
func subStatusIn(details json.RawMessage) (value json.RawMessage) {
	s := jsonscan.New(details)
	if s.Next() != '{' {
		return nil
	}
	s.Object(func(name []byte) {
		var f jsonscan.Field
		if v := s.Value(); string(jsonscan.Fold(&f, name)) == "substatus" {
			value = v
		}
	})
	return value
}

// anyID returns the id in a body of an unknown type.
func (b *wireBody) anyID() string { return firstID(&b.OrderID, &b.JobID, &b.ID) }

// orderID returns the id of the order.
func (b *wireBody) orderID() string { return firstID(&b.OrderID, &b.ID) }

// taskID returns the id of the task that the body is about, "" if it is about the job.
func (b *wireBody) taskID() string { return firstID(&b.JobTaskID, &b.TaskID) }

// unknownTask reports whether the body is about a task whose id can't be read.
func (b *wireBody) unknownTask() bool {
	return b.taskID() == "" && (says(b.JobTaskID.value) || says(b.TaskID.value))
}

// says reports whether a field has a value that is not empty.
func says(v json.RawMessage) bool {
	switch string(v) {
	case "", "null", `""`, "{}", "[]":
		return false
	default:
		return true
	}
}

// jobID returns the id of the job. In a body about a task, a field id may be that of the
// task. A body about a task that has no readable id must not move the job: it has none.
func (b *wireBody) jobID() string {
	id := firstID(&b.JobID, &b.ID)
	if b.unknownTask() || len(b.JobID.value) == 0 && id != "" && id == b.taskID() {
		return ""
	}
	return id
}

// name returns the name of the order or job.
func (b *wireBody) name() string { return first(b.DisplayName, b.JobName, b.Name, b.WorkflowName) }

// taskName returns the name of the task that the body is about.
func (b *wireBody) taskName() string {
	return first(b.JobTaskName, b.TaskName, b.DisplayName, b.Name)
}

// status returns the status and the sub-status. A sub-status without a status is the
// status.
func (b *wireBody) status() (status, sub Status) {
	status, sub = statusOf(b.Status), statusOf(b.SubStatus)
	if sub == "" {
		sub = statusOf(subStatusIn(b.OrderDetails))
	}
	if status == "" || sub.Is(status) {
		return cmp.Or(status, sub), ""
	}
	return status, sub
}

// statusOf returns the status in a JSON value, "" if it is neither a text nor a number or
// if it is blank.
func statusOf(v json.RawMessage) Status {
	s := first(v)
	if strings.TrimSpace(s) == "" {
		return ""
	}
	return Status(s)
}

// isFinal returns what statusIsFinal says; known is false if it says nothing.
func (b *wireBody) isFinal() (final, known bool) {
	switch v := b.StatusIsFinal; {
	case string(v) == "true", strings.EqualFold(text(v), "true"):
		return true, true
	case string(v) == "false", strings.EqualFold(text(v), "false"):
		return false, true
	default:
		return false, false
	}
}

// first returns the first of the values that is a number, or a string that is not empty.
// Of a number it returns the digits as they came.
func first(values ...json.RawMessage) string {
	for _, v := range values {
		if s := text(v); s != "" {
			return s
		}
		if len(v) > 0 && (v[0] == '-' || '0' <= v[0] && v[0] <= '9') {
			return string(v)
		}
	}
	return ""
}

// text returns the string in a JSON value, "" for a value of any other type.
//
// Most strings have no escapes and need no decoding. For them it does not call
// encoding/json.
func text(v json.RawMessage) string {
	if len(v) < 2 || v[0] != '"' {
		return ""
	}
	if in := v[1 : len(v)-1]; bytes.IndexByte(in, '\\') < 0 && isASCII(in) {
		return string(in)
	}
	var s string
	if json.Unmarshal(v, &s) != nil {
		return ""
	}
	return s
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

// idField is a field with an id. If it occurs several times, also in other spellings of its
// name, with different values, it has no id: programs differ in which one they take.
type idField struct {
	value     json.RawMessage
	ambiguous bool
}

// add is called for each time that the field occurs.
func (f *idField) add(v json.RawMessage) {
	f.ambiguous = f.ambiguous || f.value != nil && !bytes.Equal(f.value, v)
	f.value = v
}

// text returns the id, "" if it is missing. Of a number it is the digits as they came. Two
// strings that differ never have the same text: see appendID.
func (f *idField) text() string {
	v := f.value
	switch {
	case f.ambiguous:
		return ""
	case len(v) == 0 || v[0] != '"':
		return first(v)
	}
	if in := v[1 : len(v)-1]; bytes.IndexByte(in, '\\') < 0 && isASCII(in) {
		return string(in)
	}
	return string(appendID(nil, v[1:len(v)-1]))
}

// firstID returns the first id of some fields. An ambiguous field hides those after it.
func firstID(fields ...*idField) string {
	for _, f := range fields {
		if id := f.text(); id != "" || f.ambiguous {
			return id
		}
	}
	return ""
}

// appendID appends what is between the quotes of a JSON string. What is not Unicode stays
// visible: a byte that is not UTF-8 as \xff, half of a surrogate pair as \ud800. So that
// nothing else looks like that, a backslash is doubled.
func appendID(dst, in []byte) []byte {
	for len(in) > 0 {
		r, size := utf8.DecodeRune(in)
		switch {
		case r == utf8.RuneError && size == 1:
			dst = fmt.Appendf(dst, `\x%02x`, in[0])
		case r != '\\':
			dst = append(dst, in[:size]...)
		case in[1] == 'u':
			dst, size = appendUnit(dst, in)
		case in[1] == '\\':
			dst, size = append(dst, `\\`...), 2
		default:
			dst, size = append(dst, unescape(in[1])), 2
		}
		in = in[size:]
	}
	return dst
}

// appendUnit appends the character that in begins with as \uXXXX, or as two of these.
func appendUnit(dst, in []byte) (_ []byte, size int) {
	unit, size := unitAt(in), 6
	r := unit
	if utf16.IsSurrogate(unit) {
		if r = utf16.DecodeRune(unit, unitAt(in[size:])); r == utf8.RuneError {
			return fmt.Appendf(dst, `\u%04x`, unit), size
		}
		size *= 2
	}
	if r == '\\' {
		return append(dst, `\\`...), size
	}
	return utf8.AppendRune(dst, r), size
}

// unitAt returns the \uXXXX that in begins with, 0 if it does not begin with one.
func unitAt(in []byte) rune {
	if len(in) < 6 || in[0] != '\\' || in[1] != 'u' {
		return 0
	}
	unit, _ := strconv.ParseUint(string(in[2:6]), 16, 16)
	return rune(unit)
}

// unescape returns what a character stands for after a backslash.
func unescape(c byte) byte {
	switch c {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	default: // a quote or a slash
		return c
	}
}
