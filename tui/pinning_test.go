package tui_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui"
)

// pinnable is what a receiver offers the screen that can pin headers.
type pinnable struct {
	pinned []string
	calls  int
	err    error
}

func (p *pinnable) options(o *tui.Options) {
	o.PinFile = "/etc/up42hooks/config.yaml"
	o.Pinned = func() []string { return p.pinned }
	o.Pin = func(list []string) (string, error) {
		p.calls++
		if p.err == nil {
			p.pinned = list
		}
		return "is pinned, and written to /etc/up42hooks/config.yaml", p.err
	}
}

// signedOver returns deliveries that are signed over a list.
func signedOver(from, n int, v receiver.Verdict, list ...string) (out []*receiver.Event) {
	for i := range n {
		out = append(out, with(order(from+i, "PLACED", 0), func(e *receiver.Event) { e.Verdict, e.Proof.Components = v, list }))
	}
	return out
}

func (s *screen) receive(events []*receiver.Event) {
	for _, e := range events {
		s.log.Add(e)
	}
	s.advance(3 * time.Second)
}

func TestTheScreenOffersToPinWhatGenuineDeliveriesAreSignedOver(t *testing.T) {
	for _, size := range [][2]int{{132, 30}, {80, 24}} {
		var p pinnable
		within(t, size[0], size[1], newMemory, func(s *screen) {
			s.receive(signedOver(1, 2, receiver.Verified, "date", "digest"))
			s.receive(signedOver(10, 9, receiver.Partial, "x-other"))
			s.Lacks("H pins")
			s.Shows("headers not pinned")
			s.Press("H")
			s.Shows("after 3 verified deliveries, 2 came")
			s.advance(6 * time.Second)
			s.receive(signedOver(3, 1, receiver.Verified, "date", "digest"))
			s.Shows("3 verified deliveries are signed over date, digest: H pins that list")
			s.Press("down")
			s.Lacks("H pins that list")
			s.advance(10 * time.Second)
			s.Lacks("H pins that list")
			s.Shows("H pins signed headers")
			s.Press("H")
			s.Shows("H again pins date, digest: other lists are rejected; other keys: no")
			assert.Zero(t, p.calls)
			s.Press("H")
			s.Shows("date, digest is pinned, and written to /etc/up42hooks/config.yaml", "to undo it")
			assert.Equal(t, []string{"date", "digest"}, p.pinned)
			s.Lacks("H pins")
			s.Press("H")
			s.Shows("a list is pinned already: date, digest")
		}, p.options)
	}
}

func TestAnOfferThatWasDeclinedIsNotMadeAgain(t *testing.T) {
	var p pinnable
	within(t, 132, 30, newMemory, func(s *screen) {
		s.receive(signedOver(1, 3, receiver.Verified, "digest"))
		s.Press("H")
		s.Shows("no date is signed, so old deliveries can be sent again", "H again pins digest: other lists are rejected; other keys: no")
		s.Press("esc")
		s.receive(signedOver(10, 5, receiver.Verified, "digest"))
		s.Lacks("H pins", "H again")
		assert.Zero(t, p.calls)
		s.Press("H", "H")
		assert.Equal(t, []string{"digest"}, p.pinned, "who asks for it gets it")
	}, p.options)
}

func TestListsThatDifferAreNotOffered(t *testing.T) {
	var p pinnable
	within(t, 132, 30, newMemory, func(s *screen) {
		s.receive(signedOver(1, 3, receiver.Verified, "date", "digest"))
		s.Shows("H pins signed headers")
		s.receive(signedOver(10, 1, receiver.Verified, "digest"))
		s.advance(6 * time.Second)
		s.Lacks("H pins")
		s.Shows("lists differ")
		s.Press("H", "H")
		s.Shows("different lists: date, digest (3); digest (1)")
		assert.Zero(t, p.calls)
	}, p.options)
}

func TestAListThatCantBePinned(t *testing.T) {
	p := pinnable{err: errors.New("the file is read-only")}
	within(t, 132, 30, newMemory, func(s *screen) {
		s.receive(signedOver(1, 3, receiver.Verified, "date", "digest"))
		s.Press("H", "H")
		s.Shows("could not pin: the file is read-only")
	}, p.options)
	p = pinnable{}
	within(t, 132, 30, newMemory, func(s *screen) {
		s.receive(signedOver(1, 3, receiver.Verified, "date", "digest"))
		s.Lacks("H pins")
		s.Press("H", "H")
		s.Shows("this screen is a viewer")
		assert.Zero(t, p.calls)
	}, p.options, func(o *tui.Options) { o.Receiver.Viewer = true })
	within(t, 132, 30, newMemory, func(s *screen) {
		s.receive(signedOver(1, 3, receiver.Verified, "date", "digest"))
		s.Lacks("H pins", "headers not pinned")
		s.Press("H")
		s.Shows("can't be pinned here")
	})
}
