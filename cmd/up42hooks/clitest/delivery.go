package clitest

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/up42/up42-webhooks/receiver/signature"
)

// Delivery is the body of an order event.
func Delivery(messageID, orderID, status string) []byte {
	return fmt.Appendf(nil, `{"event":"order.status","liveMode":false,"messageId":%q,"timestamp":"2026-01-09T03:34:52.267042Z",`+
		`"body":{"orderId":%q,"orderType":"TASKING","dataHostName":"oneatlas","status":%q}}`, messageID, orderID, status)
}

// Deliver posts a body. It signs it if the secret is not "". An error is one of the
// connection.
func Deliver(client *http.Client, url, secret string, body []byte) (status int, answer string, err error) {
	req, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	if secret != "" {
		err = signature.Sign(signature.Request{Header: req.Header, Host: req.Host, Body: body}, secret, nil, time.Now())
		if err != nil {
			return 0, "", err
		}
	}
	resp, err := client.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(text), err
}

// Secret is the secret that tests sign with.
const Secret = "a secret for tests only"

// WithSecret adds that secret to an environment.
func WithSecret(env []string) []string { return append(env, "UP42_WEBHOOK_SECRET="+Secret) }

// HTTPClient is a client whose connections end with the test.
func HTTPClient(t *testing.T) *http.Client {
	tr := &http.Transport{}
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr, Timeout: Patience}
}
