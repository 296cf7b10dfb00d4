package tui_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/frame"
)

func TestTheHeaderFollowsTheTunnel(t *testing.T) {
	var now frame.PublicURL
	through := func(o *tui.Options) { o.Sources.PublicURL = func() frame.PublicURL { return now } }
	within(t, 120, 30, newMemory, func(s *screen) {
		s.Shows("tunnel: starting…")
		now.URL = "https://one.example.com"
		s.advance(time.Second)
		s.Shows("9888  https://one.example.com ", "The internet reaches it at  https://one.example.com")
		s.Lacks("tunnel")
		now = frame.PublicURL{Err: "cloudflared ended: exit status 1\x1b[2J"}
		s.advance(time.Second)
		s.Shows("✕ no tunnel", `UP42 can't reach this receiver, the tunnel is tried again: cloudflared ended: exit status 1\u001b[2J `)
		s.Lacks("example.com", "The internet")
		s.resize(80, 24)
		s.Shows("✕ no tunnel", "UP42 can't reach this receiver")
		now = frame.PublicURL{URL: "https://two.example.com"}
		s.advance(time.Second)
		s.Shows("The internet reaches it at  https://two.example.com")
		s.Lacks("tunnel")
	}, through)
}

func TestCountsOfVerdictsKeepTheirDistance(t *testing.T) {
	count := func(verified, rejected, duplicates int64) func() *memory {
		return func() *memory {
			l := newMemory()
			l.count = func(c *receiver.Counts) {
				*c = receiver.Counts{Verified: verified, Rejected: rejected, Duplicates: duplicates, Rows: receiver.RowCounts{13, 12}, LastArrival: noon}
			}
			return l
		}
	}
	for _, tc := range []struct {
		w                              int
		verified, rejected, duplicates int64
		want                           string
	}{
		{160, 88, 12, 1, "88 verified  0 partial  12 rejected  1 duplicate"},
		{113, 88, 12, 1, "88 verified  12 rejected  1 duplicate"},
		{100, 88, 12, 1, "88 verified  12 rejected  1 dup"},
		{93, 88, 12, 4, "✓ 88  12 rejected  4 dup"},
		{93, 8_888, 12, 4, "✓ 8,888  ✕ 12  4 dup"},
		{93, 888_888, 1_234, 4_567, "✓ 888,888  ✕ 1,234"},
		{93, 0, 12, 4, "12 rejected  4 duplicates"},
		{80, 88, 12, 4, "✓ 88  ✕ 12"},
		{80, 88_888, 1_234, 1, "✓ 88,888  ✕ 1,234"},
	} {
		t.Run(fmt.Sprintf("%d of %d", tc.verified, tc.w), func(t *testing.T) {
			within(t, tc.w, 20, count(tc.verified, tc.rejected, tc.duplicates), func(s *screen) {
				assert.Regexp(t, "ooks {2,}"+tc.want+"$", s.Line(1))
			})
		})
	}
}

func TestTheHeaderCountsConflicts(t *testing.T) {
	within(t, 160, 20, func() *memory {
		l := newMemory()
		l.Add(order(1, "PLACED", 0), order(2, "PLACED", 0))
		return l
	}, func(s *screen) {
		s.Lacks("conflict")
		for i, want := range []string{"  1 conflict  ", "  2 conflicts  "} {
			e := order(3+i, "PLACED", 0)
			e.ConflictsWith = 1
			s.log.Add(e)
			s.advance(time.Second)
			assert.Contains(t, s.Line(1), want)
		}
	})
}

func TestTheRateDoesNotStickToTheAddress(t *testing.T) {
	busy := func() *memory {
		l := newMemory()
		for i := range 60 {
			l.Add(order(i, "PLACED", time.Duration(59-i)*time.Second))
		}
		return l
	}
	for w := 60; w < 130; w++ {
		within(t, w, 20, busy, func(s *screen) {
			assert.Regexp(t, `viewer of 127\.0\.0\.1:9888  `, s.Line(0), w)
		}, func(o *tui.Options) { o.Receiver.Viewer = true })
	}
}

func TestALongAddressIsCutToTheScreen(t *testing.T) {
	within(t, 60, 20, aDay, func(s *screen) {
		s.Shows("viewer of [2001:0db8:")
	}, func(o *tui.Options) {
		o.Receiver.Viewer, o.Receiver.Address = true, "[2001:0db8:0001:0002:0003:0004:0005:0006]:9888"
	})
}

func TestTheHeaderFollowsTheTeam(t *testing.T) {
	now := frame.Team{Stream: "UP42"}
	member := func(o *tui.Options) { o.Sources.Team = func() frame.Team { return now } }
	within(t, 120, 30, newMemory, func(s *screen) {
		s.Shows("team UP42")
		now.Behind = 1234
		s.advance(time.Second)
		s.Shows("team UP42, 1,234 wait")
		now.Unread = 5678
		s.advance(time.Second)
		s.Shows("team UP42, 5,678 to read")
		now.Err = "no server answers at nats://127.0.0.1:4222\x1b[2J"
		s.advance(time.Second)
		s.Shows("✕ team UP42", `team: no server answers at nats://127.0.0.1:4222\u001b[2J; 1,234 events wait`)
		s.resize(80, 24)
		s.Shows("✕ team UP42", "team: no server answers at")
		now = frame.Team{Stream: "UP42"}
		s.advance(time.Second)
		s.Lacks("no server")
	}, member)
}

func TestTheHeaderNamesWhoForwardsForTheTeam(t *testing.T) {
	now := frame.Team{Stream: "UP42", Members: []frame.Member{
		{Name: "a\x1b[2J", Role: "receiver", Forwards: 1}, {Name: "b", Role: "receiver", Behind: 3, Self: true}, {Name: "laptop", Role: "member", Unread: 1234},
	}}
	received := func() *memory {
		l := newMemory()
		l.Add(order(1, "PLACED", 0))
		return l
	}
	within(t, 132, 40, received, func(s *screen) {
		s.Shows("team UP42  3 members, a", " forwards")
		s.Press("0")
		s.Shows("members", "a\\u001b[2J (receiver), forwards", "b (receiver, this one), 3 waiting", "laptop (member), 1,234 to read")
		now.Members[1].Forwards = 2
		s.advance(time.Second)
		s.Shows("and 1 more forward")
		now.Members = nil
		s.advance(time.Second)
		s.Lacks("laptop", "members")
	}, func(o *tui.Options) { o.Sources.Team = func() frame.Team { return now } })
}
