package client

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// TestReport is what UP42 says of a test of a webhook. Older answers hold
// neither Failed nor Tests; HasTests tells.
type TestReport struct {
	StartedAt time.Time
	Run       int
	Succeeded int
	// Failed is Run less Succeeded where UP42 does not say.
	Failed   int
	HasTests bool
	Tests    []Test
}

// Test is one test delivery.
type Test struct {
	StartedAt time.Time
	EventName string
	Success   bool
	// Message and Response are UP42's words on what came of it.
	Message  string
	Response string
	// MessageID is that of the delivery, "" where UP42 does not say.
	MessageID string
}

type reportJSON struct {
	StartedAt      instant     `json:"startedAt"`
	TestsRun       *int        `json:"testsRun"`
	TestsSucceeded int         `json:"testsSucceeded"`
	TestsFailed    *int        `json:"testsFailed"`
	Tests          *[]testJSON `json:"tests"`
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

// TestWebhook has UP42 send one test event for each event type that the webhook
// subscribes to, and returns once UP42 has done so. It is not tried again where
// the answer is lost (Unsure): the events would come twice.
func (c *Client) TestWebhook(ctx context.Context, id string) (r TestReport, err error) {
	at, err := c.webhooksAt(ctx, id, "tests")
	if err != nil {
		return r, err
	}
	k := call{what: testWebhook, method: http.MethodPost, url: at, once: true}
	answer, _, err := c.do(ctx, k)
	if err != nil {
		return r, err
	}
	var in reportJSON
	if err := decode(k.what, answer, &in); err != nil {
		return r, k.doubt(err)
	}
	if in.TestsRun == nil {
		return r, k.doubt(fmt.Errorf("%s: %w: there is no report in it", k.what, errAnswer))
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

// textOf is a text, or what is there in its place.
func textOf(raw json.RawMessage) (s string) {
	if json.Unmarshal(raw, &s) != nil && present(raw) {
		return string(raw)
	}
	return s
}

// messageOf finds the message's id in what was sent, which may be JSON in a text.
func messageOf(body json.RawMessage) string {
	var inner string
	if json.Unmarshal(body, &inner) == nil {
		body = json.RawMessage(inner)
	}
	var m struct {
		MessageID string `json:"messageId"`
	}
	_ = json.Unmarshal(body, &m) // what can't be read names none
	return m.MessageID
}
