package cli

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/text"
)

// Records returns a function that prints records, page by page, in the form of the
// output; forPeople prints them as a table. CSV begins with its header at once.
func Records[T any](env Env, o *Form, forPeople func([]T) error) (func([]T) error, error) {
	switch o.form {
	case formJSON:
		return func(page []T) error { return PrintJSON(env, page...) }, nil
	case formCSV:
		var none T
		t := &csvTable{csv.NewWriter(env.Stdout), receiver.JSONFields(none)}
		t.UseCRLF = true // RFC 4180
		err := t.writeLine(t.columns)
		return func(page []T) error { return writeCSV(t, page) }, err
	default:
		return forPeople, nil
	}
}

// Print prints records in the form of the output; forPeople prints them as text.
func Print[T any](env Env, o *Form, forPeople func() error, records ...T) error {
	print, err := Records(env, o, func([]T) error { return forPeople() })
	if err != nil {
		return err
	}
	return print(records)
}

// csvTable writes comma-separated values. The columns have the names of JSON.
type csvTable struct {
	*csv.Writer
	columns []string
}

func writeCSV[T any](t *csvTable, page []T) error {
	for _, r := range page {
		line, err := t.cells(r)
		if err != nil {
			return err
		}
		if err := t.Write(line); err != nil {
			return fmt.Errorf("write CSV: %w", err)
		}
	}
	t.Flush()
	return t.Error()
}

func (t *csvTable) writeLine(cells []string) error {
	_ = t.Write(cells) // Error returns it
	t.Flush()
	return t.Error()
}

// cells returns the cells of a record: the values that it has in JSON.
func (t *csvTable) cells(record any) ([]string, error) {
	encoded, err := receiver.AppendJSONLine(nil, record)
	if err != nil {
		return nil, err
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(encoded, &fields); err != nil {
		return nil, fmt.Errorf("encode a record: %w", err)
	}
	out := make([]string, len(t.columns))
	for i, name := range t.columns {
		out[i] = csvCell(fields[name])
	}
	return out, nil
}

// csvCell returns a value of JSON as a cell: a text without quotation marks, nothing for
// null, and lists and objects as JSON.
func csvCell(value json.RawMessage) string {
	var s string
	switch {
	case len(value) == 0, bytes.Equal(value, []byte("null")):
		return ""
	case value[0] == '"' && json.Unmarshal(value, &s) == nil:
		return harmless(text.Clean(s, 0))
	default:
		return string(value)
	}
}

// harmless marks a text as text that a spreadsheet would take for a formula.
func harmless(cell string) string {
	if r, _ := utf8.DecodeRuneInString(cell); strings.ContainsRune("=+-@＝＋－＠", r) {
		return "'" + cell
	}
	return cell
}
