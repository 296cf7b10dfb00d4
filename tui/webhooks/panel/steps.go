package panel

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/signature"
	"github.com/up42/up42-webhooks/tui/elapsed"
	"github.com/up42/up42-webhooks/tui/roundtrip"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/textblock"
	"github.com/up42/up42-webhooks/tui/theme"
)

// stepState is how far a step of a test event is.
type stepState int

const (
	notReached stepState = iota
	running
	done
	failed
)

func (st stepState) look(th *theme.Theme) (glyph string, style theme.Style) {
	g := &th.Glyphs
	switch st {
	case done:
		return g.Verified, th.Success
	case failed:
		return g.Failed, th.Failure
	case running:
		return g.Progress, th.Progress
	default:
		return g.Quiet, th.Dim
	}
}

// step is a step of a test event.
type step struct {
	words string
	state stepState
}

// stepsOf are the steps of a test event: UP42 sent it, it arrived, its signature
// and its digest are good, it is stored. waiting says that the test is still
// under way.
func stepsOf(e *roundtrip.Event, waiting bool) []step {
	out := []step{{"sent", notReached}, {"arrived", notReached}, {"signature", notReached}, {"digest", notReached}, {"stored", notReached}}
	pending := failed
	if waiting && e.Cause == "" && !e.Undelivered {
		pending = running
	}
	if !e.Sent && !e.Arrived {
		out[0].state = pending
		return out
	}
	out[0].state = done
	if !e.Arrived {
		out[1].state = pending
		return out
	}
	out[1] = step{"arrived " + took(e.Took), done}
	// The receiver checks the digest after the signature.
	digest := e.Reason == signature.DigestMismatch || e.Reason == signature.DigestRequired
	signed := digest || e.Verdict == receiver.Verified || e.Verdict == receiver.Partial
	out[2].state = doneIf(signed)
	if signed {
		out[3].state = doneIf(e.Covered && !digest)
	}
	if at := map[bool]int{false: 2, true: 3}[digest]; e.Reason != "" {
		out[at].words = text.Clean(string(e.Reason), 30)
	}
	if e.Seq > 0 && e.Verdict.Trust() > receiver.NoTrust {
		out[4] = step{fmt.Sprintf("stored #%d", e.Seq), done}
	}
	return out
}

func doneIf(ok bool) stepState {
	if ok {
		return done
	}
	return failed
}

func took(d time.Duration) string {
	if d < 10*time.Second {
		return fmt.Sprintf("%d ms", max(0, d.Milliseconds()))
	}
	return elapsed.Long(d)
}

// drawEvents shows the steps of each event, and why it failed.
func drawEvents(b *textblock.Block, r *roundtrip.Result, waiting bool) {
	th := b.Theme
	shared := sharedCause(r.Events)
	if shared != "" {
		b.Hanging(th.Mark, textblock.Indent, text.Clean(shared, 400))
		b.Gap()
	}
	for i := range r.Events {
		e := &r.Events[i]
		b.Add(textblock.Span{Style: th.Bold, Text: textblock.Indent + text.Clean(e.Name, 60)})
		drawSteps(b, stepsOf(e, waiting))
		if e.Cause != "" && shared == "" {
			b.Hanging(th.Mark, textblock.Indent+"    ", text.Clean(e.Cause, 400))
		}
		if message := text.Clean(e.Message, 200); !e.Sent && !strings.Contains(e.Cause, message) {
			b.Hanging(th.Dim, textblock.Indent+"    UP42: ", message)
		}
		b.Gap()
	}
}

// sharedCause is why all of several events failed. It is empty if they have
// different causes.
func sharedCause(events []roundtrip.Event) string {
	if len(events) < 2 || slices.ContainsFunc(events, func(e roundtrip.Event) bool { return e.Cause != events[0].Cause }) {
		return ""
	}
	return events[0].Cause
}

// drawSteps draws steps side by side, on as many lines as they need.
func drawSteps(b *textblock.Block, steps []step) {
	th := b.Theme
	before := textblock.Span{Style: th.Plain, Text: textblock.Indent + "  "}
	line, used := []textblock.Span{before}, text.Width(before.Text)
	for n, st := range steps {
		glyph, style := st.state.look(th)
		arrow, words := " "+th.Glyphs.Arrow+" ", glyph+" "+st.words
		width := text.Width(arrow) + text.Width(words)
		switch {
		case n > 0 && used+width > b.Width:
			b.Add(line...)
			line, used = []textblock.Span{before, {Style: th.Dim, Text: arrow[1:]}}, text.Width(before.Text)-1
		case n > 0:
			line = append(line, textblock.Span{Style: th.Dim, Text: arrow})
		}
		line, used = append(line, textblock.Span{Style: style, Text: words}), used+width
	}
	b.Add(line...)
}
