package tui_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/admission"
	"github.com/up42/up42-webhooks/tui"
)

// fakeAdmissions admits into a log what a test says is good.
type fakeAdmissions struct {
	log *memory

	mu    sync.Mutex
	good  []int64
	fault error // of admitting
	// unknown is why it is not known what is good.
	unknown error
	wait    chan struct{} // admitting waits for it, unless it is nil
	asked   []admission.Request
}

func (a *fakeAdmissions) Good() []int64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.good)
}

func (a *fakeAdmissions) Err() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.unknown
}

func (a *fakeAdmissions) Do(ctx context.Context, r admission.Request) (results []admission.Result, err error) {
	a.mu.Lock()
	a.asked = append(a.asked, r)
	wait := a.wait
	a.mu.Unlock()
	if wait != nil {
		<-wait
	}
	if a.fault != nil {
		return nil, a.fault
	}
	for _, n := range r.Numbers {
		e, err := receiver.EventAt(ctx, a.log, n, true)
		if err != nil {
			return nil, err
		}
		if e == nil {
			results = append(results, admission.Result{Number: fmt.Sprint("r", n), Outcome: admission.Gone})
			continue
		}
		now := *e
		now.Verdict, now.Reason, now.Rejection, now.Admitted = receiver.Verified, "", n, noon
		receipts, err := a.log.Admit(ctx, &now)
		if err != nil {
			return nil, err
		}
		results = append(results, admission.Result{Number: fmt.Sprint("r", n), Outcome: admission.Admitted, Seq: receipts[0].Seq, Verdict: receiver.Verified})
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.good = slices.DeleteFunc(a.good, func(n int64) bool { return slices.Contains(r.Numbers, n) })
	return results, nil
}

// offering runs a test on a screen with a day on which r3 and r4 are good.
func offering(t *testing.T, w, h int, test func(s *screen, a *fakeAdmissions)) {
	t.Helper()
	a := &fakeAdmissions{}
	log := func() *memory {
		l := aDay()
		l.Add(
			with(order(9, "PLACED", 202*time.Second), rejected("signature-mismatch")),
			with(order(9, "FULFILLED", 101*time.Second), rejected("signature-mismatch")),
		)
		a.log, a.good = l, []int64{3, 4}
		return l
	}
	within(t, w, h, log, func(s *screen) {
		s.advance(time.Second)
		test(s, a)
	}, func(o *tui.Options) { o.Admissions = a })
}

func TestGoodDeliveriesAreOffered(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {132, 30}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			golden := func(name string) string { return fmt.Sprintf("%s-%dx%d", name, size[0], size[1]) }
			offering(t, size[0], size[1], func(s *screen, a *fakeAdmissions) {
				s.Shows("2 rejected deliveries are good now: A admits them")
				s.Press("3")
				s.Golden(golden("admit-events"))
				s.Press("/", "verdict:rejected", "enter")
				s.Golden(golden("admit-rejected"))
				s.Press("enter")
				s.Golden(golden("admit-details"))
				s.Press("esc", "A")
				s.Golden(golden("admit-question"))
				s.Press("enter", "esc")
				s.advance(time.Second)
				s.Press("end")
				s.Golden(golden("admit-done"))
			})
		})
	}
}

// What was admitted is not counted as rejected any more, nor after another start.
func TestWhatWasAdmittedIsNotCountedAsRejected(t *testing.T) {
	offering(t, 200, 60, func(s *screen, a *fakeAdmissions) {
		s.Press("3")
		s.Shows("20 verified", "4 rejected")
		s.Press("A", "enter", "0")
		s.advance(time.Second)
		s.Shows("22 verified", "2 rejected", "✕ 2 rejected")
		s.Lacks("4 rejected")
	})
	within(t, 200, 60, func() *memory {
		l := aDay()
		l.Add(with(order(9, "PLACED", 202*time.Second), rejected("signature-mismatch")))
		a := fakeAdmissions{log: l}
		_, err := a.Do(t.Context(), admission.Request{Numbers: []int64{3}})
		require.NoError(t, err)
		return l
	}, func(s *screen) {
		s.Shows("2 rejected")
		s.Press("0")
		s.Shows("✕ 2 rejected")
	})
}

func TestNothingIsAdmittedWithoutAnAnswer(t *testing.T) {
	offering(t, 100, 30, func(s *screen, a *fakeAdmissions) {
		s.Press("A")
		s.Shows("Admit r3 and r4, which were rejected and are good now?", "enter admit  esc leave")
		s.Press("x", "q", "3")
		s.Shows("Admit r3 and r4")
		s.Press("esc")
		s.Lacks("Admit r3")
		assert.Empty(t, a.asked)
		assert.False(t, s.quit)

		s.Press("A", "enter")
		s.advance(time.Second)
		assert.Equal(t, []admission.Request{{Numbers: []int64{3, 4}}}, a.asked)
		s.Shows("admitted 2 deliveries, up to event 26")
		s.Lacks("good now")
		s.Press("3", "/", "verdict:rejected", "enter")
		s.Lacks(" r3 ", " r4 ")
		s.Shows(" r2 ")
		s.Press("A")
		s.Shows("nothing to admit: no rejected delivery is good by the current secrets")
	})
}

// An admitted delivery stands where it came: at once, when a filter finds it, and in a screen that
// starts later.
func TestAnAdmittedDeliveryStandsWhereItCame(t *testing.T) {
	between := func(s *screen) {
		t.Helper()
		s.Press("3", "home")
		assert.Regexp(t, `(?s)11:58:20 .*BEING_FULFILLED.*\n.*11:58:19 .*FULFILLED, admitted.*\n.*11:58:00 .*PLACED`, s.View())
	}
	offering(t, 100, 40, func(s *screen, a *fakeAdmissions) {
		s.Press("A", "enter")
		s.advance(time.Second)
		between(s)
		s.Press("/", "kind:order -live:false", "enter")
		assert.Regexp(t, `(?s)11:58:20 .*BEING_FULFILLED.*\n.*11:58:19 .*FULFILLED, admitted.*\n.*11:58:00 .*ARCHIVED`, s.View())
		s.Press("esc", "/", "seq:26", "enter", "enter")
		s.Shows("Admitted", "it was the rejected delivery r4")
	})
	admitted := func() *memory {
		l := aDay()
		e := order(9, "FULFILLED", 101*time.Second)
		e.Admitted = noon
		l.Add(e)
		return l
	}
	within(t, 100, 40, admitted, func(s *screen) {
		s.advance(time.Second)
		between(s)
		s.Press("end")
		s.Lacks("not read yet")
	})
}

// In details the key is about the delivery that is shown.
func TestOneDeliveryIsAdmittedFromItsDetails(t *testing.T) {
	offering(t, 100, 30, func(s *screen, a *fakeAdmissions) {
		s.Press("3", "/", "seq:2 verdict:rejected", "enter", "enter", "A")
		s.Shows("r2 can't be admitted: the current secrets do not prove it")
		s.Press("esc", "esc", "/", "seq:3 verdict:rejected", "enter", "enter")
		s.Shows("Rejected delivery r3", "Good now")
		s.Press("A", "enter")
		s.advance(time.Second)
		assert.Equal(t, []admission.Request{{Numbers: []int64{3}}}, a.asked)
		s.Shows("admitted r3: it is event 25")
		s.Press("esc", "esc", "/", "seq:25", "enter", "enter")
		s.Shows("Admitted", "it was the rejected delivery r3")
		s.Press("A")
		s.Shows("this one was accepted")
	})
}

func TestAnAdmissionThatFailsSaysWhy(t *testing.T) {
	offering(t, 100, 30, func(s *screen, a *fakeAdmissions) {
		a.fault, a.wait = errors.New("the store is full\x1b[2J"), make(chan struct{})
		s.Press("A", "enter")
		s.Shows("admitting 2…")
		s.Press("A")
		s.Shows("being admitted already")
		close(a.wait)
		s.advance(time.Second)
		s.Shows(`could not admit: the store is full\u001b[2J`)
		s.Press("esc")
		s.Shows("2 rejected deliveries are good now")
	})
}

// If not everything was looked at, the screen never says that there is nothing.
func TestWhatIsNotKnownIsSaid(t *testing.T) {
	offering(t, 100, 30, func(s *screen, a *fakeAdmissions) {
		a.mu.Lock()
		a.good, a.unknown = nil, errors.New("ask the receiver: connection refused")
		a.mu.Unlock()
		s.advance(time.Second)
		s.Press("A")
		s.Shows("not known what can be admitted: ask the receiver: connection refused")
	})
}

func TestWithoutAdmissionsTheKeySaysSo(t *testing.T) {
	within(t, 100, 30, aDay, func(s *screen) {
		s.Press("A")
		s.Shows("nothing to admit")
	})
}
