package simulator

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// trialsJSON is what a test of a webhook came to, as recorded (wire.md §4).
type trialsJSON struct {
	StartedAt      string      `json:"startedAt"`
	TestsRun       int         `json:"testsRun"`
	TestsSucceeded int         `json:"testsSucceeded"`
	TestsFailed    int         `json:"testsFailed"`
	Tests          []trialJSON `json:"tests"`
}

type trialJSON struct {
	StartedAt string       `json:"startedAt"`
	EventName string       `json:"eventName"`
	Success   bool         `json:"success"`
	Message   string       `json:"message"`
	Request   trialRequest `json:"request"`
	Response  string       `json:"response"`
}

type trialRequest struct {
	// Headers is how UP42 happens to show its headers: without any.
	Headers struct {
		CaseInsensitiveName bool `json:"caseInsensitiveName"`
		Empty               bool `json:"empty"`
	} `json:"headers"`
	Body messageJSON `json:"body"`
}

// testWebhook sends one test event for each event that the webhook subscribes
// to, active or not, and tells what came of it.
func (s *Simulator) testWebhook(r *http.Request) answer {
	var settings webhookSettings
	found := s.withWebhook(r, func(h *webhook) answer {
		settings = h.webhookSettings
		return answer{status: http.StatusOK}
	})
	if found.status != http.StatusOK {
		return found
	}
	report := trialsJSON{StartedAt: stamp(s.now()), Tests: []trialJSON{}}
	for _, event := range settings.events {
		t := s.try(r.Context(), settings, event)
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

func (s *Simulator) try(ctx context.Context, settings webhookSettings, event string) trialJSON {
	now := s.now()
	t := trialJSON{StartedAt: stamp(now), EventName: event}
	t.Request.Headers.CaseInsensitiveName = true
	t.Request.Body = testMessage(event, s.messages.next(), now)
	code, status, err := s.post(ctx, settings.url, settings.secret, t.Request.Body.encode(), now)
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

// testMessage is the message of a test, with UP42's own place-holders.
func testMessage(event, id string, at time.Time) messageJSON {
	const nobody = "00000000-0000-0000-0000-000000000001"
	m := messageJSON{Event: event, MessageID: id, Timestamp: stamp(at)}
	if event == jobStatus {
		m.Body = jobJSON{nobody, "test-up42-job-name", "test-up42-process", nobody, "SUCCEEDED", true}
	} else {
		m.Body = orderJSON{nobody, "TASKING", "test-up42-host-name", "FULFILLED", true}
	}
	return m
}

// redacted is a URL without its password.
func redacted(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return ""
	}
	return u.Redacted()
}
