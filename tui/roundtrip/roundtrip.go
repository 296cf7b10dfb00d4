// Package roundtrip proves that a webhook works: it has UP42 send test events
// and looks for each of them in the log, by its message id.
//
// It lives under tui because it is where UP42's API and the receiver's log
// meet; the command `webhooks test` uses it as well.
package roundtrip

import (
	"context"
	"errors"
	"time"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver"
)

// DefaultWait is how long a test event may take to arrive.
const DefaultWait = 15 * time.Second

// API is what a round trip needs of UP42.
type API interface {
	TestWebhook(ctx context.Context, id string) (client.TestReport, error)
}

// Options are what Run needs.
type Options struct {
	API API
	// Log is that of the receiver, which may be another process.
	Log receiver.Reader
	// Wait is how long to wait for what UP42 says it sent; 0: DefaultWait.
	Wait time.Duration
	// PointsHere says whether a webhook's URL leads to the receiver of Log;
	// nil: not known.
	PointsHere func(url string) bool
	// Progress is told each time something becomes known, one call after the
	// other; nil: nobody is.
	Progress func(Result)
	Now      func() time.Time
}

// Result is what is known of a round trip so far.
type Result struct {
	Webhook client.Webhook `json:"webhook"`
	// Sent: UP42 has answered that it ran the tests.
	Sent bool `json:"sent"`
	// Done: nothing more will come.
	Done bool `json:"done"`
	// Events has one for each event type that the webhook subscribes to.
	Events []Event `json:"events"`
	// Components are the headers that the arrived events' signatures cover, nil
	// where they differ or nothing verified arrived: what may be pinned.
	Components []string `json:"components"`
}

// Proven says that every event made it: sent, arrived, verified and stored.
func (r *Result) Proven() bool { return false }

// Event is the round trip of one test event.
type Event struct {
	Name      string `json:"name"`
	MessageID string `json:"messageId"`
	// Sent is UP42's word that its delivery was answered well, Message its own
	// words on that.
	Sent    bool   `json:"sent"`
	Message string `json:"message"`
	// Arrived: it is in the log. By time, not by message id, where UP42 told
	// none.
	Arrived bool `json:"arrived"`
	ByTime  bool `json:"byTime"`
	// Took is from UP42's start of the test to the arrival, by both clocks.
	Took    time.Duration      `json:"-"`
	Verdict receiver.Verdict   `json:"verdict"`
	Reason  receiver.Reason    `json:"reason"`
	Secret  receiver.SecretRef `json:"secret"`
	Digest  string             `json:"digest"`
	Covered bool               `json:"bodyCovered"`
	Seq     int64              `json:"seq"`
	// Cause is why it likely did not make it, and what to do; "" where it did.
	Cause string `json:"cause"`
}

// Run tests the webhook and waits for what was sent. Its error is that of UP42
// or of the log; a round trip that failed is none.
func Run(ctx context.Context, w client.Webhook, o Options) (Result, error) {
	return Result{}, errors.ErrUnsupported
}
