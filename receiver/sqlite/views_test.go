package sqlite_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// viewRows returns the rows of a query, each as its columns by name.
func viewRows(t *testing.T, file, query string) (out []map[string]any) {
	t.Helper()
	rows, err := other(t, file).QueryContext(t.Context(), query)
	require.NoError(t, err)
	defer rows.Close()
	names, err := rows.Columns()
	require.NoError(t, err)
	for rows.Next() {
		values, to := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			to[i] = &values[i]
		}
		require.NoError(t, rows.Scan(to...))
		row := map[string]any{}
		for i, n := range names {
			row[n] = values[i]
		}
		out = append(out, row)
	}
	require.NoError(t, rows.Err())
	return out
}

// sameAsJSON compares the columns of a view with the fields that JSON has, all of them. raw is
// the only column that JSON lacks; a field that JSON leaves out is NULL.
func sameAsJSON(t *testing.T, v any, row map[string]any) {
	t.Helper()
	line, err := json.Marshal(v)
	require.NoError(t, err)
	var fields map[string]any
	require.NoError(t, json.Unmarshal(line, &fields))
	for name, got := range row {
		want := fields[name]
		if text, isText := want.(string); isText && strings.HasSuffix(text, "Z") {
			if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
				column, err := time.Parse(time.RFC3339Nano, got.(string))
				require.NoError(t, err, "%s: %v", name, got)
				assert.True(t, at.Equal(column), "%s: %v, not %v", name, got, want)
				delete(fields, name)
				continue
			}
		}
		delete(fields, name)
		switch want := want.(type) {
		case bool:
			assert.Equal(t, map[bool]int64{true: 1}[want], got, name)
		case float64:
			if n, isText := got.(string); isText { // the index of a secret
				assert.Equal(t, json.Number(n).String(), n, name)
				continue
			}
			assert.EqualValues(t, want, got, name)
		case map[string]any, []any:
			text, _ := json.Marshal(want)
			assert.JSONEq(t, string(text), got.(string), name)
		default:
			if name != "raw" {
				assert.Equal(t, want, got, name)
			}
		}
	}
	assert.Empty(t, fields, "the view lacks them")
}

func TestViewsHaveWhatJSONHas(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "events.db")
	l := open(t, file, sqlite.Options{})
	odd := delivery(t, `{"event":"order.status","messageId":"m-odd","liveMode":true,"body":{"orderID":"o \"1\"\n\\ü","status":"PLACED","displayName":"a\u0007b"}}`, receiver.Verified)
	odd.Secret, odd.Webhook, odd.Proof.Remote = "0", "w1", "192.0.2.1:5"
	twin := delivery(t, `{"event":"order.status","messageId":"m-odd","liveMode":true,"body":{"orderId":"o2","status":"FAILED"}}`, receiver.Verified)
	admitted := delivery(t, `{"event":"order.status","messageId":"m-late","timestamp":"2026-01-02T03:04:05.5Z","body":{"orderId":"o3","status":"CREATED","subStatus":"WAITING"}}`, receiver.Verified)
	admitted.Admitted, admitted.Rejection = admitted.ReceivedAt.Add(time.Hour), 7
	undated := delivery(t, `{"event":"order.status","messageId":"m-undated","timestamp":"yesterday \"noon\"","body":{"orderId":"o3","status":"PLACED"}}`, receiver.Partial)
	require.NotEmpty(t, undated.TimestampProblem())
	appendAll(t, l, odd, twin, undated, receivertest.Job("j1", "FAILED", receivertest.Task("t1", "crop")), receivertest.Order("o4", "FULFILLED"))
	_, err := l.AppendAll(t.Context(), []*receiver.Event{admitted})
	require.NoError(t, err)
	for _, body := range []string{`{"event":"order.status","body":{"orderId":"o5","status":"PLACED"}}`, "no JSON \xff", ""} {
		e := &receiver.Event{Verdict: receiver.Rejected, Reason: "missing-signature", ReceivedAt: start, Raw: []byte(body)}
		e.Message, _ = receiver.Decode(e.Raw)
		l.Reject(e)
	}
	cut := &receiver.Event{Verdict: receiver.Rejected, Reason: "body-malformed", ReceivedAt: start, Raw: []byte("{"), Headers: []receiver.Header{{Name: "Content-Length", Value: "9999"}}}
	require.NotEmpty(t, cut.Cause().What)
	l.Reject(cut)
	require.NoError(t, l.Close())

	l = open(t, file, sqlite.Options{})
	for view, rejected := range map[string]bool{"events": false, "rejected": true} {
		events, err := l.Events(t.Context(), receiver.EventQuery{Rejected: rejected, Oldest: true})
		require.NoError(t, err)
		rows := viewRows(t, file, "SELECT * FROM "+view+" ORDER BY seq")
		require.Len(t, rows, len(events), view)
		for i, e := range events {
			sameAsJSON(t, e, rows[i])
			assert.Equal(t, string(e.Raw), rows[i]["raw"])
		}
	}
	for _, kind := range receiver.Kinds() {
		rows, err := l.Rows(t.Context(), receiver.RowQuery{Kind: kind, Updates: true})
		require.NoError(t, err)
		require.NotEmpty(t, rows)
		for i := range rows {
			found := viewRows(t, file, "SELECT * FROM "+kind.Plural()+" WHERE id = "+quoted(rows[i].ID))
			require.Len(t, found, 1)
			sameAsJSON(t, rows[i], found[0])
		}
	}
}

func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
