package roundtrip_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest/testmain"
	"github.com/up42/up42-webhooks/receiver/signature"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

func TestMain(m *testing.M) { testmain.Run(m) }

const secret = "correct horse"

// rig is a real receiver, and a fake UP42 that tests a webhook.
type rig struct {
	log *sqlite.Log
	url string
	up42
}

func newRig(t *testing.T, p signature.Policy) *rig {
	t.Helper()
	log, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "events.db"), sqlite.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, log.Close()) })
	server := httptest.NewServer(receiver.NewHandler(receiver.HandlerOptions{Log: log}, p))
	t.Cleanup(server.Close)
	r := &rig{log: log, url: server.URL + receiver.DefaultPath}
	r.up42 = up42{t: t, secret: secret, components: signature.DefaultComponents(), now: time.Now}
	return r
}

func (r *rig) webhook(events ...string) client.Webhook {
	return client.Webhook{ID: "w1", Name: "mine", URL: r.url, Events: events, Active: true, Secret: secret}
}

// up42 delivers test events as UP42 does.
type up42 struct {
	t          *testing.T
	webhook    client.Webhook
	secret     string // "": the deliveries are not signed
	components []string
	now        func() time.Time
	// events are the event types that it tests. Nil means those of the webhook.
	events []string
	// old is how old the timestamps in the bodies are.
	old time.Duration
	// nowhere: it says that it delivered the events, but does not.
	nowhere bool
	// bare: its answer has only sums.
	bare bool
	// body changes the body of a delivery. May be nil.
	body func([]byte) []byte
	// before runs between the deliveries and the answer. May be nil.
	before func()
	err    error
}

func (u *up42) TestWebhook(ctx context.Context, id string) (client.TestReport, error) {
	if u.err != nil {
		return client.TestReport{}, u.err
	}
	report := client.TestReport{StartedAt: u.now(), HasTests: !u.bare}
	for i, event := range u.events {
		test := client.Test{StartedAt: u.now(), EventName: event, MessageID: fmt.Sprintf("message-%d", i), Success: u.nowhere}
		if !u.nowhere {
			code := u.deliver(ctx, event, test.MessageID)
			test.Success, test.Message = code == http.StatusOK, fmt.Sprint("HTTP ", code)
		}
		report.Run++
		if test.Success {
			report.Succeeded++
		} else {
			report.Failed++
		}
		if !u.bare {
			report.Tests = append(report.Tests, test)
		}
	}
	if u.before != nil {
		u.before()
	}
	return report, nil
}

// deliver returns the HTTP status of the answer, or 0 if there is no answer.
func (u *up42) deliver(ctx context.Context, event, messageID string) int {
	body, err := json.Marshal(map[string]any{
		"event": event, "liveMode": false, "messageId": messageID, "timestamp": u.now().Add(-u.old).UTC(),
		"body": map[string]any{"orderId": "00000000-0000-0000-0000-000000000001", "status": "FULFILLED", "statusIsFinal": true},
	})
	require.NoError(u.t, err)
	header := http.Header{}
	if u.secret != "" {
		require.NoError(u.t, signature.Sign(signature.Request{Header: header, Body: body}, u.secret, u.components, u.now()))
	}
	if u.body != nil {
		body = u.body(body)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u.webhook.URL, bytes.NewReader(body))
	require.NoError(u.t, err)
	for name, values := range header {
		req.Header[name] = values
	}
	req.Close = true
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, res.Body)
	return res.StatusCode
}
