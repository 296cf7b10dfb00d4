package pgtarget

import (
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/forward"
)

// column is a column that is filled from an event.
type column struct {
	name, kind string
	// more follows the type where the table is made.
	more  string
	value func(e *receiver.Event) string
}

// position is the column that the server fills.
const position = "position"

// columns are the columns of the table. Their documentation is in cmd/up42hooks/README.md.
func columns() []column {
	const required = " NOT NULL"
	return []column{
		{"message_id", "text", " PRIMARY KEY", func(e *receiver.Event) string { return text(forward.Key(e)) }},
		{"seq", "bigint", required, func(e *receiver.Event) string { return strconv.FormatInt(e.Seq, 10) }},
		{"received_at", "timestamp with time zone", required, func(e *receiver.Event) string { return at(e.ReceivedAt) }},
		{"happened_at", "timestamp with time zone", required, func(e *receiver.Event) string { return at(e.At()) }},
		{"event", "text", required, func(e *receiver.Event) string { return text(e.Name) }},
		{"kind", "text", required, func(e *receiver.Event) string { return text(string(e.Kind)) }},
		{"id", "text", required, func(e *receiver.Event) string { return text(e.ID) }},
		{"task_id", "text", required, func(e *receiver.Event) string { return text(e.TaskID) }},
		{"status", "text", required, func(e *receiver.Event) string { return text(string(e.Status)) }},
		{"sub_status", "text", required, func(e *receiver.Event) string { return text(string(e.SubStatus)) }},
		{"class", "text", required, func(e *receiver.Event) string { return class(e) }},
		{"final", "boolean", required, func(e *receiver.Event) string { return strconv.FormatBool(e.Final) }},
		{"live", "boolean", required, func(e *receiver.Event) string { return strconv.FormatBool(e.LiveMode) }},
		{"verdict", "text", required, func(e *receiver.Event) string { return string(e.Verdict) }},
		{"webhook", "text", required, func(e *receiver.Event) string { return text(e.Webhook) }},
		{"conflicts_with", "bigint", "", func(e *receiver.Event) string { return strconv.FormatInt(e.ConflictsWith, 10) }},
		{"message", "jsonb", "", func(e *receiver.Event) string { return string(e.Raw) }},
		{"raw", "bytea", required, func(e *receiver.Event) string { return `\x` + hex.EncodeToString(e.Raw) }},
	}
}

// text removes what no text of PostgreSQL has.
func text(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "\ufffd")
}

func at(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

func class(e *receiver.Event) string {
	if e.Status == "" {
		return ""
	}
	return e.Class().Word()
}

// create makes the table.
func (t table) create() string {
	lines := []string{position + " bigint GENERATED ALWAYS AS IDENTITY UNIQUE"}
	for _, c := range columns() {
		lines = append(lines, c.name+" "+c.kind+c.more)
	}
	return "CREATE TABLE " + t.quoted() + " (\n  " + strings.Join(lines, ",\n  ") + "\n)"
}

// insert inserts a row, unless it is there. Without its message that column is null.
func (t table) insert(e *receiver.Event, withMessage bool) (statement string, values [][]byte) {
	var names, places []string
	for _, c := range columns() {
		if c.name == "message" && !withMessage || c.name == "conflicts_with" && e.ConflictsWith == 0 {
			continue
		}
		values = append(values, []byte(c.value(e)))
		names, places = append(names, c.name), append(places, "$"+strconv.Itoa(len(values))+"::"+c.kind)
	}
	return "INSERT INTO " + t.quoted() + " (" + strings.Join(names, ", ") + ") VALUES (" + strings.Join(places, ", ") + ") ON CONFLICT (message_id) DO NOTHING", values
}
