package webhooks

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/signature"
	"github.com/up42/up42-webhooks/tui/elapsed"
	"github.com/up42/up42-webhooks/tui/roundtrip"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// outcome is what the last test of a webhook came to.
type outcome struct {
	good, all int
	proven    bool
	at        time.Time
	result    roundtrip.Result
	err       error
}

// progressMsg is what is known of a test so far, testedMsg all of it.
type (
	progressMsg struct {
		token  int
		result roundtrip.Result
		more   <-chan roundtrip.Result
	}
	testedMsg struct {
		token  int
		result roundtrip.Result
		err    error
	}
)

// test shows a round trip while it is made, and afterwards.
type test struct {
	p       *Page
	webhook client.Webhook
	began   time.Time
	result  roundtrip.Result
}

func (p *Page) pressTest(w client.Webhook) tea.Cmd {
	if p.busy(w.ID) {
		return nil
	}
	if old, ok := p.topmost().(*test); ok {
		p.closeLayer(old)
	}
	t := &test{p: p, webhook: w, began: p.o.Now()}
	p.push(t)
	return t.run()
}

func (t *test) run() tea.Cmd {
	p := t.p
	// The newest word is enough, so it replaces one that was not taken yet.
	words := make(chan roundtrip.Result, 1)
	o := roundtrip.Options{API: p.o.API, Log: p.o.Log, PointsHere: p.o.PointsHere, Now: p.o.Now, Progress: func(r roundtrip.Result) {
		r.Events = slices.Clone(r.Events)
		select {
		case <-words:
		default:
		}
		words <- r
	}}
	w := t.webhook
	c := call{id: w.ID, does: "testing", name: shownName(w), layer: t}
	run := p.begin(c, func(ctx context.Context, token int) tea.Msg {
		defer close(words)
		r, err := roundtrip.Run(ctx, w, o)
		return testedMsg{token, r, err}
	})
	return tea.Batch(run, p.listen(p.calls.last, words))
}

// listen waits for the next word on a test.
func (p *Page) listen(token int, words <-chan roundtrip.Result) tea.Cmd {
	return p.o.Do(func(ctx context.Context) tea.Msg {
		select {
		case r, ok := <-words:
			if !ok {
				return nil
			}
			return progressMsg{token, r, words}
		case <-ctx.Done():
			return nil
		}
	})
}

func (p *Page) takeProgress(m progressMsg) tea.Cmd {
	if c := p.calls.open[m.token]; c != nil {
		if t, ok := c.layer.(*test); ok {
			t.result = m.result
		}
	}
	return p.listen(m.token, m.more)
}

func (p *Page) takeTested(m testedMsg) tea.Cmd {
	c := p.finish(m.token)
	if c == nil {
		return nil
	}
	o := outcome{all: len(m.result.Events), proven: m.err == nil && m.result.Proven(), at: p.o.Now(), result: m.result, err: m.err}
	for i := range m.result.Events {
		if passed(&m.result.Events[i]) {
			o.good++
		}
	}
	p.tests[c.id] = o
	t, _ := c.layer.(*test)
	t.result = m.result
	if client.NotFound(m.err) {
		return p.vanished(t.webhook)
	}
	name := c.name
	if now, ok := p.webhook(c.id); ok {
		name = shownName(now)
	}
	p.sayTested(t, name, &o)
	return nil
}

func (p *Page) sayTested(t *test, name string, o *outcome) {
	switch {
	case o.err != nil:
		p.failed(t, "could not test "+name, why(o.err))
	case o.proven:
		p.say(Info, fmt.Sprintf("%s works: %d of %d events went all the way", name, o.good, o.all))
	case o.all == 0:
		p.say(Failure, "UP42 ran no test of "+name)
	default:
		p.say(Failure, fmt.Sprintf("%s: %d of %d events went all the way", name, o.good, o.all))
	}
}

func (t *test) subject() string { return t.webhook.ID }
func (t *test) captures() bool  { return false }

func (t *test) hints() []key.Binding {
	k := &t.p.keys
	if t.p.calls.waiting(t) != nil {
		return []key.Binding{key.NewBinding(key.WithHelp("esc", "give up"))}
	}
	out := []key.Binding{k.back, k.test}
	if t.p.canPin(&t.result) {
		out = append(out, k.pin)
	}
	return append(out, k.edit, k.remove, k.details, k.pageDown)
}

func (t *test) press(msg tea.KeyMsg) (tea.Cmd, bool) { return t.p.pressAbout(msg) }

func (t *test) draw(s *sheet) {
	p, th := t.p, s.theme
	w := t.webhook
	if now, ok := p.webhook(w.ID); ok {
		w = now // it may have been changed since
	}
	s.title("Test of " + shownName(w))
	s.prose(th.Dim, text.Clean(w.URL, s.width-8))
	s.gap()
	if !w.Active {
		s.hanging(th.Mark, indent+th.Glyphs.Arrow+" ", "It is off: what UP42 sends now are tests only.")
		s.gap()
	}
	if p.calls.waiting(t) != nil {
		t.drawRunning(s)
		return
	}
	o, ok := p.tests[t.webhook.ID]
	if !ok || o.at.Before(t.began) {
		s.prose(th.Mark, "The test was given up; t starts another one.")
		drawEvents(s, &t.result, false)
		return
	}
	p.drawOutcome(s, w)
}

func (t *test) drawRunning(s *sheet) {
	th := s.theme
	since := elapsed.Long(t.p.o.Now().Sub(t.began))
	words := "asking UP42 to send its test events" + th.Glyphs.Ellipsis
	if t.result.Sent {
		words = "waiting for what UP42 sent" + th.Glyphs.Ellipsis
	}
	s.add(span{th.Progress, indent + th.Glyphs.Progress + " " + words + " " + since + ", esc gives up"})
	s.gap()
	drawEvents(s, &t.result, true)
}

// drawOutcome tells what the last test of a webhook came to.
func (p *Page) drawOutcome(s *sheet, w client.Webhook) {
	th := s.theme
	o, ok := p.tests[w.ID]
	switch {
	case !ok:
		s.prose(th.Dim, "Not tested since the start. t tests it.")
		return
	case o.err != nil:
		s.hanging(th.Error, indent+th.Glyphs.Failed+" ", "It could not be tested: "+why(o.err))
		return
	case o.proven:
		s.hanging(th.Success, indent+th.Glyphs.Verified+" ", fmt.Sprintf("It works: %d of %d events went all the way.", o.good, o.all))
	default:
		s.hanging(th.Error, indent+th.Glyphs.Failed+" ", fmt.Sprintf("%d of %d events went all the way.", o.good, o.all))
	}
	s.gap()
	drawEvents(s, &o.result, false)
	p.drawPin(s, &o)
}

// drawEvents tells for each event how far it came.
func drawEvents(s *sheet, r *roundtrip.Result, running bool) {
	th := s.theme
	shared := sharedCause(r.Events)
	if shared != "" {
		s.hanging(th.Mark, indent, text.Clean(shared, 400))
		s.gap()
	}
	for i := range r.Events {
		e := &r.Events[i]
		s.add(span{th.Bold, indent + text.Clean(e.Name, 60)})
		drawSteps(s, stepsOf(e, running))
		if e.Cause != "" && shared == "" {
			s.hanging(th.Mark, indent+"    ", text.Clean(e.Cause, 400))
		}
		if message := text.Clean(e.Message, 200); !e.Sent && !strings.Contains(e.Cause, message) {
			s.hanging(th.Dim, indent+"    UP42: ", message)
		}
		s.gap()
	}
}

// sharedCause is why none of several events made it, "" where they differ in
// that.
func sharedCause(events []roundtrip.Event) string {
	if len(events) < 2 || slices.ContainsFunc(events, func(e roundtrip.Event) bool { return e.Cause != events[0].Cause }) {
		return ""
	}
	return events[0].Cause
}

// drawSteps draws steps one behind the other, on as many lines as they need.
func drawSteps(s *sheet, steps []step) {
	th := s.theme
	before := span{th.Plain, indent + "  "}
	line, used := []span{before}, text.Width(before.text)
	for n, st := range steps {
		glyph, style := st.state.look(th)
		arrow, words := " "+th.Glyphs.Arrow+" ", glyph+" "+st.words
		width := text.Width(arrow) + text.Width(words)
		switch {
		case n > 0 && used+width > s.width:
			s.add(line...)
			line, used = []span{before, {th.Dim, arrow[1:]}}, text.Width(before.text)-1
		case n > 0:
			line = append(line, span{th.Dim, arrow})
		}
		line, used = append(line, span{style, words}), used+width
	}
	s.add(line...)
}

type stepState int

const (
	notReached stepState = iota
	awaited
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
	case awaited:
		return g.Progress, th.Progress
	default:
		return g.Quiet, th.Dim
	}
}

// step is one of those that an event takes: UP42 sent it, it arrived, its
// signature and its digest are good, it is stored.
type step struct {
	words string
	state stepState
}

func stepsOf(e *roundtrip.Event, running bool) []step {
	out := []step{{"sent", notReached}, {"arrived", notReached}, {"signature", notReached}, {"digest", notReached}, {"stored", notReached}}
	pending := failed
	if running && e.Cause == "" && !e.Undelivered {
		pending = awaited
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
	// A digest is looked at once the signature is good.
	digest := e.Reason == signature.DigestMismatch || e.Reason == signature.DigestRequired
	signed := digest || e.Verdict == receiver.Verified || e.Verdict == receiver.Partial
	out[2].state = doneOr(signed)
	if signed {
		out[3].state = doneOr(e.Covered && !digest)
	}
	if at := map[bool]int{false: 2, true: 3}[digest]; e.Reason != "" {
		out[at].words = text.Clean(string(e.Reason), 30)
	}
	if e.Seq > 0 && e.Verdict.Trust() > 0 {
		out[4] = step{fmt.Sprintf("stored #%d", e.Seq), done}
	}
	return out
}

func doneOr(ok bool) stepState {
	if ok {
		return done
	}
	return failed
}

// sent says that UP42 could send something at all.
func (o *outcome) sent() bool {
	return slices.ContainsFunc(o.result.Events, func(e roundtrip.Event) bool { return e.Sent || e.Arrived })
}

// passed says that an event went all the way.
func passed(e *roundtrip.Event) bool {
	return e.Proven()
}

func took(d time.Duration) string {
	if d < 10*time.Second {
		return fmt.Sprintf("%d ms", max(0, d.Milliseconds()))
	}
	return elapsed.Long(d)
}
