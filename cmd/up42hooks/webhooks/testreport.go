package webhooks

import (
	"fmt"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/signature"
	"github.com/up42/up42-webhooks/tui/roundtrip"
	"github.com/up42/up42-webhooks/tui/text"
)

// TestRecord is what --json prints of a test.
type TestRecord struct {
	Webhook    Record            `json:"webhook"`
	Sent       bool              `json:"sent"`
	Proven     bool              `json:"proven"`
	Events     []roundtrip.Event `json:"events"`
	Components []string          `json:"components"`
}

func printTest(s *session, r roundtrip.Result, o *cli.Form) error {
	proven := r.Proven()
	pinned := len(s.config.Components) > 0
	err := cli.Print(s.Env, o, func() error { return reportTest(&r, pinned).print(s.Stdout) },
		TestRecord{output{}.record(r.Webhook), r.Sent, proven, r.Events, r.Components})
	if err == nil && !proven {
		err = cli.Failed("") // the report says it already
	}
	return err
}

// reportTest says how far each event got. pinned reports that the components of a
// signature are configured.
func reportTest(r *roundtrip.Result, pinned bool) *report {
	out, proven := &report{}, 0
	for _, e := range r.Events {
		fmt.Fprintf(out, "%s\n", text.Clean(e.Name, 0))
		reportEvent(out, e)
		if e.Proven() {
			proven++
		}
	}
	switch {
	case len(r.Events) == 0:
		fmt.Fprintln(out, "failed: the webhook subscribes to no event")
	case !r.Proven():
		fmt.Fprintf(out, "failed: %d of %s passed\n", proven, cli.Count(len(r.Events), "test event"))
	default:
		fmt.Fprintln(out, "proven: every event was sent, arrived, verified and stored")
		if len(r.Components) > 0 && !pinned {
			fmt.Fprintf(out, "to pin what UP42 signs: --components %s\n", text.Clean(strings.Join(r.Components, ","), 0))
		}
	}
	return out
}

func reportEvent(out *report, e roundtrip.Event) {
	out.line("sent", sentText(e))
	if e.Arrived {
		how := "by message id " + e.MessageID
		if e.ByTime {
			how = "by its time, because UP42 gave no message id"
		}
		out.line("arrived", fmt.Sprintf("yes, after %s, found %s", tookText(e.Took), how))
		out.line("verdict", strings.TrimSuffix(string(e.Verdict)+": "+string(e.Reason), ": "))
		out.line("digest", digestText(e))
		out.line("stored", storedText(e))
	} else {
		out.line("arrived", "no")
	}
	if e.Cause != "" {
		out.line("cause", e.Cause)
	}
}

func sentText(e roundtrip.Event) string {
	sent := yesOrNo(e.Sent || e.Arrived)
	if e.Arrived && !e.Sent {
		sent += ", but UP42 got no good answer"
	}
	if message := strings.Join(strings.Fields(e.Message), " "); message != "" {
		sent += ", UP42 says: " + message
	}
	return sent
}

func tookText(d time.Duration) string {
	if d < time.Millisecond {
		return "<1 ms"
	}
	return fmt.Sprintf("%d ms", d.Milliseconds())
}

func storedText(e roundtrip.Event) string {
	if e.Verdict == receiver.Rejected {
		return fmt.Sprintf("no, but kept as the rejected delivery %s", receiver.Number{Seq: e.Seq, Rejected: true})
	}
	return fmt.Sprintf("as event %d", e.Seq)
}

func digestText(e roundtrip.Event) string {
	switch {
	case e.Reason == signature.DigestMismatch:
		return "does not match the body"
	case e.Digest == "" && e.Verdict == receiver.Rejected && e.Reason != signature.DigestRequired:
		return "not checked" // the receiver checks it after the signature
	case e.Digest == "":
		return "none"
	case e.Covered:
		return e.Digest + ", covered by the signature"
	default:
		return e.Digest + ", not covered by the signature"
	}
}
