package receiver_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
)

func withPassword(o *rigOptions) { o.handler.BasicAuth = "ada:lovelace" }

func (r *rig) dump(method, user, pass string) (int, string) {
	r.t.Helper()
	req, err := http.NewRequest(method, r.url+"/dump-webhooks", nil)
	require.NoError(r.t, err)
	if user != "" {
		req.SetBasicAuth(user, pass)
	}
	return r.do(req)
}

func TestDumpShowsAllBodiesInOrderThenTheirNumber(t *testing.T) {
	r := newRig(t, withPassword)
	status, all := r.dump(http.MethodGet, "ada", "lovelace")
	assert.Equal(t, http.StatusOK, status)
	assert.Equal(t, `{"number_webhooks_received": 0}`, all)

	const many = 70 // more than are read at a time
	var want []string
	for i := range many {
		body := order(fmt.Sprintf("o%d", i), "PLACED", fmt.Sprintf("m%d", i))
		r.deliver(body)
		want = append(want, body)
	}
	r.deliver("{\n  \"event\": \"order.status\",\r\n \"messageId\": \"x\", \"n\": 1.50, \"s\": \"a\\nb <\"\n}")
	want = append(want, `{"event":"order.status","messageId":"x","n":1.50,"s":"a\nb <"}`)
	r.do(signed(t, r.url, order("no", "PLACED", "no"), "a wrong secret"))

	status, all = r.dump(http.MethodGet, "ada", "lovelace")
	assert.Equal(t, http.StatusOK, status)
	assert.Equal(t, append(want, `{"number_webhooks_received": 71}`), strings.Split(all, "\n"))
}

func TestDumpNeedsThePassword(t *testing.T) {
	open := newRig(t)
	status, answer := open.dump(http.MethodGet, "ada", "lovelace")
	assert.Equal(t, http.StatusForbidden, status)
	assert.Contains(t, answer, "--basic-auth")

	r := newRig(t, withPassword)
	r.deliver(order("o", "PLACED", "m"))
	for name, tc := range map[string]struct {
		method, user, pass string
		want               int
	}{
		"no password":       {http.MethodGet, "", "", http.StatusUnauthorized},
		"a wrong one":       {http.MethodGet, "ada", "byron", http.StatusUnauthorized},
		"another's":         {http.MethodGet, "eve", "lovelace", http.StatusUnauthorized},
		"to write":          {http.MethodPost, "ada", "lovelace", http.StatusMethodNotAllowed},
		"to write, unknown": {http.MethodPost, "", "", http.StatusUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			status, answer := r.dump(tc.method, tc.user, tc.pass)
			assert.Equal(t, tc.want, status)
			assert.NotContains(t, answer, "PLACED")
		})
	}
}

// brokenLog fails to read events after a place.
type brokenLog struct {
	receiver.Log
	until int64
}

func (l *brokenLog) Events(ctx context.Context, q receiver.EventQuery) ([]*receiver.Event, error) {
	if q.After >= l.until {
		return nil, errors.New("a bad sector")
	}
	return l.Log.Events(ctx, q)
}

func TestADumpThatBreaksOffBreaksTheConnection(t *testing.T) {
	whole := newRig(t, withPassword)
	for i := range 70 {
		whole.deliver(order("o", "PLACED", fmt.Sprint(i)))
	}
	r := newRig(t, withPassword, func(o *rigOptions) { o.log = &brokenLog{whole.log, 32} })
	req, err := http.NewRequest(http.MethodGet, r.url+"/dump-webhooks", nil)
	require.NoError(t, err)
	req.SetBasicAuth("ada", "lovelace")
	res, err := client.Do(req)
	if err == nil {
		defer res.Body.Close()
		_, err = io.ReadAll(res.Body)
	}
	assert.Error(t, err)
	assert.Contains(t, r.logged.String(), "a bad sector")
}
