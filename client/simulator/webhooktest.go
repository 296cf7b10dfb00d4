package simulator

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// testReportJSON is the answer to a test of a webhook. See “Calls” in client/README.md.
type testReportJSON struct {
	StartedAt      string     `json:"startedAt"`
	TestsRun       int        `json:"testsRun"`
	TestsSucceeded int        `json:"testsSucceeded"`
	TestsFailed    int        `json:"testsFailed"`
	Tests          []testJSON `json:"tests"`
}

type testJSON struct {
	StartedAt string      `json:"startedAt"`
	EventName string      `json:"eventName"`
	Success   bool        `json:"success"`
	Message   string      `json:"message"`
	Request   testRequest `json:"request"`
	Response  string      `json:"response"`
}

type testRequest struct {
	// Headers is always the same in UP42's answers: it shows no headers.
	Headers struct {
		CaseInsensitiveName bool `json:"caseInsensitiveName"`
		Empty               bool `json:"empty"`
	} `json:"headers"`
	Body messageJSON `json:"body"`
}

// webhookTester tests webhooks.
type webhookTester struct {
	webhooks *webhooks
	sender   *sender
	messages *ids
	now      func() time.Time
}

// test sends one test event for each event that the webhook subscribes to, even if it is not
// active. The answer is a report.
func (w *webhookTester) test(r *http.Request) answer {
	var settings webhookSettings
	found := w.webhooks.with(r, func(h *webhook) answer {
		settings = h.webhookSettings
		return answer{status: http.StatusOK}
	})
	if found.status != http.StatusOK {
		return found
	}
	report := testReportJSON{StartedAt: stamp(w.now()), Tests: []testJSON{}}
	for _, event := range settings.events {
		t := w.send(r.Context(), settings, event)
		report.TestsRun++
		if t.Success {
			report.TestsSucceeded++
		} else {
			report.TestsFailed++
		}
		report.Tests = append(report.Tests, t)
	}
	return data(http.StatusOK, report)
}

func (w *webhookTester) send(ctx context.Context, settings webhookSettings, event string) testJSON {
	now := w.now()
	t := testJSON{StartedAt: stamp(now), EventName: event}
	t.Request.Headers.CaseInsensitiveName = true
	t.Request.Body = w.testMessage(event, w.messages.next(), now)
	code, status, err := w.sender.post(ctx, settings.url, settings.secret, t.Request.Body.encode(), now)
	t.Success = code/100 == 2
	switch {
	case err != nil:
		t.Message, t.Response = "Test request failed: "+err.Error(), err.Error()
	case t.Success:
		t.Message = "Test request was successful!"
	default:
		t.Message = "Test request failed: the answer was " + status
	}
	if err == nil {
		t.Response = "HttpResponse[" + redacted(settings.url) + ", " + status + "]"
	}
	return t
}

func (w *webhookTester) testMessage(event, id string, at time.Time) messageJSON {
	t, _ := w.webhooks.events.find(event) // the settings of a webhook have only known events
	return messageJSON{Event: event, MessageID: id, Timestamp: stamp(at), Body: t.test}
}

// redacted returns a URL without its password.
func redacted(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return ""
	}
	return u.Redacted()
}
