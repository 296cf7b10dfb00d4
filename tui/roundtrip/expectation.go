package roundtrip

import (
	"slices"

	"github.com/up42/up42-webhooks/client"
)

// expectation is an event type, and what UP42 says about its test.
type expectation struct {
	name string
	test client.Test // zero if UP42's answer does not have this test
	// sent: the delivery was answered with success. failed: it was not.
	// untested: UP42 ran no test of this event type. If all are false, UP42 did
	// not say, or has not answered yet.
	sent, failed, untested bool
}

// expect returns the webhook's event types in their order, followed by other
// event types that UP42 tested. A report of nil means that UP42 has not answered.
func expect(w client.Webhook, report *client.TestReport) []expectation {
	var tests []client.Test
	if report != nil {
		tests = slices.Clone(report.Tests)
	}
	out := make([]expectation, 0, len(w.Events))
	for _, name := range w.Events {
		x := expectation{name: name}
		i := slices.IndexFunc(tests, func(test client.Test) bool { return test.EventName == name })
		switch {
		case i >= 0:
			x = expectTest(tests[i])
			tests = slices.Delete(tests, i, i+1)
		case report == nil:
		case report.HasTests:
			x.untested = true
		default:
			x.addSums(report, len(w.Events))
		}
		out = append(out, x)
	}
	for _, test := range tests {
		out = append(out, expectTest(test))
	}
	return out
}

func expectTest(test client.Test) expectation {
	return expectation{name: test.EventName, test: test, sent: test.Success, failed: !test.Success}
}

// addSums reads an answer that has only sums. They say something about each
// event only if all events had the same outcome.
func (x *expectation) addSums(r *client.TestReport, events int) {
	switch {
	case r.Run == 0:
		x.untested = true
	case r.Succeeded == 0:
		x.failed = true
	default:
		x.sent = r.Failed == 0 && r.Run >= events
	}
}
