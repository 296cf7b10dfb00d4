package receiver_test

import (
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/signature"
)

// strangeIDs are JSON strings that no two programs read alike, each with the id that the
// receiver makes of it.
var strangeIDs = map[string]string{
	"\"\xff\"":            `\xff`,
	"\"\xfe\"":            `\xfe`,
	"\"a\xc3\"":           `a\xc3`,
	`"\ud800"`:            `\ud800`,
	`"\uDC00"`:            `\udc00`,
	`"\ud800\ud800"`:      `\ud800\ud800`,
	`"\ud83d\ude00"`:      "😀",
	`"\ud800x"`:           `\ud800x`,
	"\"\xed\xa0\x80\"":    `\xed\xa0\x80`,
	"\"\ufffd\"":          "\ufffd",
	`"\\xff"`:             `\\xff`,
	`"\u005cxfe"`:         `\\xfe`,
	`"\\ud800"`:           `\\ud800`,
	`"\u0000"`:            "\x00",
	`"a\u0000"`:           "a\x00",
	`"a"`:                 "a",
	`"A"`:                 "A",
	`" a"`:                " a",
	`"\u00e9"`:            "é",
	`"e\u0301"`:           "e\u0301",
	`"\b\f\n\r\t\/\""`:    "\b\f\n\r\t/\"",
	`1`:                   "1",
	`1.0`:                 "1.0",
	`1e0`:                 "1e0",
	`"01"`:                "01",
	`-0`:                  "-0",
	`10000000000000001`:   "10000000000000001",
	`10000000000000000`:   "10000000000000000",
	`"` + long("x") + `"`: long("x"),
	`"` + long("y") + `"`: long("y"),
}

// long returns ids that differ only at their end.
func long(end string) string { return strings.Repeat("a", 5000) + end }

func TestIDsThatDifferAreToldApart(t *testing.T) {
	r := newRig(t, durable(t))
	want := map[string]string{}
	for id, text := range strangeIDs {
		body := fmt.Sprintf(`{"event":"order.status","liveMode":true,"messageId":%s,"body":{"orderId":%s,"status":"PLACED"}}`, id, id)
		want[body] = text
		status, answer := r.deliver(body)
		require.Equal(t, 200, status)
		require.JSONEq(t, fmt.Sprintf(`{"msg":"value with key %d stored"}`, len(want)), answer, "it is no duplicate: %.40q", id)
	}
	for _, e := range r.events() {
		assert.Equal(t, want[string(e.Raw)], e.MessageID)
		assert.Equal(t, want[string(e.Raw)], e.ID)
		line, err := receiver.AppendJSONLine(nil, e)
		require.NoError(t, err)
		assert.True(t, utf8.Valid(line))
	}
	rows, err := r.log.Rows(t.Context(), receiver.RowQuery{})
	require.NoError(t, err)
	assert.Len(t, rows, len(strangeIDs)-2, "each has a row, except those that are too long")
	for body := range want {
		status, answer := r.deliver(body)
		require.Equal(t, 200, status)
		require.NotContains(t, answer, fmt.Sprint(len(want)+1), "sent again it is a duplicate")
	}
	assert.Len(t, r.events(), len(want))
}

// The same id, written in other ways.
func TestIDsThatAreTheSame(t *testing.T) {
	for _, same := range [][2]string{
		{`"\u00e9"`, `"é"`}, {`"\u00E9"`, `"é"`}, {`"\uD800"`, `"\ud800"`}, {`"\/"`, `"/"`}, {`"\u0061"`, `"a"`}, {`1`, `"1"`}, {`"\u005c"`, `"\\"`},
	} {
		var ids []string
		for _, id := range same {
			m, err := receiver.Decode([]byte(`{"event":"x","messageId":` + id + `}`))
			require.NoError(t, err)
			ids = append(ids, m.MessageID)
		}
		assert.NotEmpty(t, ids[0])
		assert.Equal(t, ids[0], ids[1])
	}
}

// Each piece is a unit that a JSON string can have. Two strings of other units never have
// the same id.
func TestTheTextOfAnIDIsInjective(t *testing.T) {
	pieces := []string{"\xff", "\xfe", "\xc3", `\ud800`, `\udc00`, `\ud801`, "x", "f", "u", "d", "8", "0", `\\`, `\u0000`, "é", "\ufffd"}
	decode := func(in string) string {
		m, err := receiver.Decode([]byte(`{"event":"x","messageId":"` + in + `"}`))
		require.NoError(t, err)
		require.True(t, utf8.ValidString(m.MessageID))
		return m.MessageID
	}
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 6)
		a, b := strings.Join(some.Draw(t, "a"), ""), strings.Join(some.Draw(t, "b"), "")
		assert.Equal(t, a == b, decode(a) == decode(b), "%q %q", a, b)
	})
}

// Programs differ in which of several values they take. The event is kept, but it is not
// taken for another message, and moves no row.
func TestAnIDThatOccursTwice(t *testing.T) {
	r := newRig(t, durable(t))
	bodies := []string{
		order("o1", "PLACED", "m1"),
		`{"event":"order.status","liveMode":true,"messageId":"m1","messageId":"m2","body":{"orderId":"o2","status":"PLACED"}}`,
		`{"event":"order.status","liveMode":true,"messageId":"m2","MessageID":"m1","body":{"orderId":"o3","status":"PLACED"}}`,
		`{"event":"order.status","liveMode":true,"messageId":"m4","body":{"orderId":"o1","ORDERID":"o4","status":"FAILED"}}`,
		`{"event":"job.status","liveMode":true,"messageId":"m5","body":{"jobId":"j1","jobID":"j2","id":"j3","status":"FAILED"}}`,
		`{"event":"job.status","liveMode":true,"messageId":"m6","body":{"jobId":"j1","jobTaskId":"t1","jobTaskID":"t2","status":"FAILED"}}`,
		`{"event":"job.status","liveMode":true,"messageId":"m7","MESSAGEID":"m7","body":{"jobId":"j4","jobID":"j4","status":"FAILED"}}`,
	}
	for i, body := range bodies {
		status, answer := r.deliver(body)
		assert.Equal(t, 200, status)
		assert.JSONEq(t, fmt.Sprintf(`{"msg":"value with key %d stored"}`, i+1), answer)
	}
	var messages, rows []string
	for _, e := range r.events() {
		messages = append(messages, e.MessageID)
	}
	assert.Equal(t, []string{"m1", "", "", "m4", "m5", "m6", "m7"}, messages)
	all, err := r.log.Rows(t.Context(), receiver.RowQuery{})
	require.NoError(t, err)
	for _, row := range all {
		rows = append(rows, fmt.Sprint(row.Kind, " ", row.ID, " ", row.Status))
	}
	assert.ElementsMatch(t, []string{"order o1 PLACED", "order o2 PLACED", "order o3 PLACED", "job j4 FAILED"}, rows)
}

// A known message id with another signed body is neither dropped nor mistaken for a
// repetition.
func TestAnotherBodyOfAMessageIsAConflict(t *testing.T) {
	r := newRig(t, durable(t))
	placed, failed := order("o1", "PLACED", "m1"), order("o1", "FAILED", "m1")
	bodies := []string{
		placed, failed, placed, failed,
		order("o2", "PLACED", "m1"),
		strings.Replace(placed, `,"`, `, "`, 1), // other white space is another body
		strings.Replace(order("o1", "FULFILLED", "m1"), "2026-11-23", "2026-11-24", 1),
		strings.Replace(placed, `"m1"`, `"\u006d1"`, 1),
		failed,
	}
	for i, seq := range []int{1, 2, 1, 2, 3, 4, 5, 6, 2} {
		status, answer := r.deliver(bodies[i])
		assert.Equal(t, 200, status)
		assert.JSONEq(t, fmt.Sprintf(`{"msg":"value with key %d stored"}`, seq), answer, i)
	}
	for _, e := range r.events() {
		want := int64(1)
		if e.Seq == 1 {
			want = 0
		}
		assert.Equal(t, want, e.ConflictsWith, e.Seq)
		line, err := receiver.AppendJSONLine(nil, e)
		require.NoError(t, err)
		assert.Equal(t, want != 0, strings.Contains(string(line), `"conflictsWith":1`))
	}
	c, err := r.log.Counts(t.Context())
	require.NoError(t, err)
	assert.EqualValues(t, 5, c.Conflicts)
	assert.EqualValues(t, 3, c.Duplicates)
	assert.Contains(t, r.logged.String(), "conflictsWith=1")
	row, _, err := r.log.Row(t.Context(), receiver.Key{Kind: receiver.Order, ID: "o1"})
	require.NoError(t, err)
	assert.Equal(t, receiver.Status("FULFILLED"), row.Status, "it is newer")
}

// partial makes a delivery from a part of a genuine one: its signature does not cover the
// body, so that it is good for any body.
func partial(t *testing.T, r *rig, body string) (int, string) {
	t.Helper()
	req := signed(t, r.url, body, secret)
	req.Header.Del("Signature")
	req.Header.Del("Digest")
	require.NoError(t, signature.Sign(signature.Request{Header: req.Header, Body: []byte(body)}, secret, []string{"date"}, time.Now()))
	return r.do(req)
}

// Whoever re-cuts a captured request can send any body under any id. That neither keeps a
// verified message away nor touches what it says.
func TestAPartialDeliveryCantClaimAMessage(t *testing.T) {
	r := newRig(t, durable(t))
	forged := strings.Replace(order("o1", "FAILED", "m1"), "2026-11-23", "2026-11-24", 1)
	status := func() receiver.Status {
		row, _, err := r.log.Row(t.Context(), receiver.Key{Kind: receiver.Order, ID: "o1"})
		require.NoError(t, err)
		return row.Status
	}
	for i, step := range []struct {
		deliver func(*testing.T, *rig, string) (int, string)
		body    string
		seq     int
		with    int64
		row     receiver.Status
	}{
		{partial, forged, 1, 0, "FAILED"},
		{verified, order("o1", "PLACED", "m1"), 2, 0, "PLACED"},
		{partial, forged, 1, 0, "PLACED"},
		{partial, forged + " ", 3, 2, "PLACED"},
		{partial, forged + " ", 3, 2, "PLACED"},
		{partial, order("o1", "PLACED", "m1"), 2, 0, "PLACED"},
		{verified, order("o1", "PLACED", "m1"), 2, 0, "PLACED"},
	} {
		code, answer := step.deliver(t, r, step.body)
		require.Equal(t, 200, code, answer)
		require.JSONEq(t, fmt.Sprintf(`{"msg":"value with key %d stored"}`, step.seq), answer, i)
		assert.Equal(t, step.with, r.events()[step.seq-1].ConflictsWith, i)
		assert.Equal(t, step.row, status(), i)
	}
}

func verified(t *testing.T, r *rig, body string) (int, string) {
	t.Helper()
	return r.deliver(body)
}

// hashChecker is a log that compares the hash that each event comes with.
type hashChecker struct {
	receiver.Log
	t *testing.T
}

func (h hashChecker) Append(ctx context.Context, e *receiver.Event) (receiver.Receipt, error) {
	assert.Equal(h.t, sha256.Sum256(e.Raw), e.BodySHA256())
	return h.Log.Append(ctx, e)
}

func TestTheHashOfABodyIsThatOfItsDigestHeader(t *testing.T) {
	r := newRig(t, func(o *rigOptions) {
		o.log, o.policy.AllowUnsigned = hashChecker{receivertest.NewLog(), t}, true
	})
	for i, header := range []string{"sha-256", "sha-512", ""} {
		body := fmt.Sprintf(`{"event":"order.status","messageId":"%d"}`, i)
		req := signed(t, r.url, body, "")
		switch req.Header.Del("Digest"); header {
		case "sha-256":
			sum := sha256.Sum256([]byte(body))
			req.Header.Set("Content-Digest", "sha-256=:"+base64.StdEncoding.EncodeToString(sum[:])+":")
		case "sha-512":
			sum := sha512.Sum512([]byte(body))
			req.Header.Set("Content-Digest", "sha-512=:"+base64.StdEncoding.EncodeToString(sum[:])+":")
		}
		status, answer := r.do(req)
		assert.Equal(t, http.StatusOK, status, answer)
	}
}
