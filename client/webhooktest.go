package client

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// TestReport is UP42's report on a test of a webhook. Older answers have neither Failed nor
// Tests.
type TestReport struct {
	StartedAt time.Time
	Run       int
	Succeeded int
	// Failed is Run minus Succeeded if UP42 does not say it.
	Failed int
	// HasTests reports whether the answer has Tests.
	HasTests bool
	Tests    []Test
}

// Test is one test delivery.
type Test struct {
	StartedAt time.Time
	EventName string
	Success   bool
	// Message and Response are UP42's texts about the result.
	Message  string
	Response string
	// MessageID is the message id of the delivery. It may be empty.
	MessageID string
}

type reportJSON struct {
	StartedAt      instant            `json:"startedAt"`
	TestsRun       *int               `json:"testsRun"`
	TestsSucceeded int                `json:"testsSucceeded"`
	TestsFailed    *int               `json:"testsFailed"`
	Tests          *entries[testJSON] `json:"tests"`
}

type testJSON struct {
	StartedAt instant         `json:"startedAt"`
	EventName string          `json:"eventName"`
	Success   bool            `json:"success"`
	Message   string          `json:"message"`
	Response  json.RawMessage `json:"response"`
	Request   struct {
		Body json.RawMessage `json:"body"`
	} `json:"request"`
}

// TestWebhook makes UP42 send one test event for each event type that the webhook subscribes
// to. It returns when UP42 has sent them. It is not repeated if the answer is lost, see
// [Unsure], because the events would come twice.
func (c *Client) TestWebhook(ctx context.Context, id string) (r TestReport, err error) {
	at, err := c.webhooksAt(ctx, id, "tests")
	if err != nil {
		return r, unsent{err}
	}
	k := call{what: testWebhook, method: http.MethodPost, url: at, once: true}
	answer, _, err := c.caller.do(ctx, k)
	if err != nil && !MayBeDone(err) {
		return r, err
	}
	var in reportJSON
	if err == nil {
		err = decode(k.what, answer, &in)
	}
	if err == nil && in.TestsRun == nil {
		err = fmt.Errorf("%s: %w: there is no report in it", k.what, errAnswer)
	}
	if err != nil {
		return r, unsure{lostAnswer: lostAnswer{err, testing}}
	}
	return in.report(), nil
}

func (in *reportJSON) report() TestReport {
	r := TestReport{StartedAt: in.StartedAt.Time, Run: *in.TestsRun, Succeeded: in.TestsSucceeded, Failed: *in.TestsRun - in.TestsSucceeded}
	if in.TestsFailed != nil {
		r.Failed = *in.TestsFailed
	}
	if in.Tests == nil {
		return r
	}
	r.HasTests = true
	for i := range *in.Tests {
		r.Tests = append(r.Tests, (*in.Tests)[i].test())
	}
	return r
}

func (in *testJSON) test() Test {
	return Test{
		StartedAt: in.StartedAt.Time, EventName: in.EventName, Success: in.Success, Message: in.Message,
		Response: textOf(in.Response), MessageID: messageOf(in.Request.Body),
	}
}

// textOf returns a text, or the JSON of another value.
func textOf(raw json.RawMessage) (s string) {
	if json.Unmarshal(raw, &s) != nil && present(raw) {
		return string(raw)
	}
	return s
}

// messageOf finds the message id in a request body, which is JSON or a text with JSON.
func messageOf(body json.RawMessage) string {
	var inner string
	if json.Unmarshal(body, &inner) == nil {
		body = json.RawMessage(inner)
	}
	var m struct {
		MessageID string `json:"messageId"`
	}
	_ = json.Unmarshal(body, &m) // a body that can't be read has no id
	return m.MessageID
}
