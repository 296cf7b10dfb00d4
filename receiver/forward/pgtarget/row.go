package pgtarget

import (
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/forward"
)

// column is a column that is filled from an event.
type column struct {
	name, kind string
	// more follows the type where the table is made.
	more  string
	value func(e *receiver.Event) any
}

// position is the column that the server fills.
const position = "position"

// columns are the columns of the table. Their documentation is in cmd/up42hooks/README.md.
func columns() []column {
	const required = " NOT NULL"
	return []column{
		{"message_id", "text", " PRIMARY KEY", func(e *receiver.Event) any { return text(forward.Key(e)) }},
		{"seq", "bigint", required, func(e *receiver.Event) any { return e.Seq }},
		{"received_at", "timestamp with time zone", required, func(e *receiver.Event) any { return e.ReceivedAt.UTC() }},
		{"happened_at", "timestamp with time zone", required, func(e *receiver.Event) any { return e.At().UTC() }},
		{"event", "text", required, func(e *receiver.Event) any { return text(e.Name) }},
		{"kind", "text", required, func(e *receiver.Event) any { return text(string(e.Kind)) }},
		{"id", "text", required, func(e *receiver.Event) any { return text(e.ID) }},
		{"task_id", "text", required, func(e *receiver.Event) any { return text(e.TaskID) }},
		{"status", "text", required, func(e *receiver.Event) any { return text(string(e.Status)) }},
		{"sub_status", "text", required, func(e *receiver.Event) any { return text(string(e.SubStatus)) }},
		{"class", "text", required, func(e *receiver.Event) any { return class(e) }},
		{"final", "boolean", required, func(e *receiver.Event) any { return e.Final }},
		{"live", "boolean", required, func(e *receiver.Event) any { return e.LiveMode }},
		{"verdict", "text", required, func(e *receiver.Event) any { return string(e.Verdict) }},
		{"webhook", "text", required, func(e *receiver.Event) any { return text(e.Webhook) }},
		{"conflicts_with", "bigint", "", func(e *receiver.Event) any { return e.ConflictsWith }},
		{"message", "jsonb", "", func(e *receiver.Event) any { return string(e.Raw) }},
		{"raw", "bytea", required, func(e *receiver.Event) any { return e.Raw }},
	}
}

// text removes what no text of PostgreSQL has.
func text(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "\ufffd")
}

func class(e *receiver.Event) string {
	if e.Status == "" {
		return ""
	}
	return e.Class().Word()
}

// create makes the table.
func create(table pgx.Identifier) string {
	lines := []string{position + " bigint GENERATED ALWAYS AS IDENTITY UNIQUE"}
	for _, c := range columns() {
		lines = append(lines, c.name+" "+c.kind+c.more)
	}
	return "CREATE TABLE " + table.Sanitize() + " (\n  " + strings.Join(lines, ",\n  ") + "\n)"
}

// insert inserts a row, unless it is there. The message is null if it is more than the server
// takes as JSON.
func insert(table pgx.Identifier, e *receiver.Event, withMessage bool) (statement string, values []any) {
	var names, places []string
	for _, c := range columns() {
		if c.name == "message" && !withMessage || c.name == "conflicts_with" && e.ConflictsWith == 0 {
			continue
		}
		values = append(values, c.value(e))
		names, places = append(names, c.name), append(places, "$"+strconv.Itoa(len(values))+"::"+c.kind)
	}
	return "INSERT INTO " + table.Sanitize() + " (" + strings.Join(names, ", ") + ") VALUES (" + strings.Join(places, ", ") + ") ON CONFLICT (message_id) DO NOTHING", values
}
