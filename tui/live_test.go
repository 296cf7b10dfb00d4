package tui_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/frame"
)

// manyOrders is a log of n orders, a second apart.
func manyOrders(n int) func() *memory {
	return func() *memory {
		l := newMemory()
		events := make([]*receiver.Event, n)
		for i := range events {
			events[i] = order(i, "PLACED", time.Duration(n-i)*time.Second+time.Hour)
		}
		l.add(events...)
		return l
	}
}

func TestAnEventShowsWithinFiftyMilliseconds(t *testing.T) {
	within(t, 120, 30, newMemory, func(s *screen) {
		s.shows("No event has come yet", "nothing yet")
		s.log.add(order(1, "PLACED", 0), job(2, "RUNNING", 0))
		s.advance(50 * time.Millisecond)
		s.shows("1 Jobs 1", "2 Orders 1", "3 Events 2", "◐ PLACED", "2 verified", "last 0s ago")
		s.press("1")
		s.shows("◐ RUNNING")
		s.press("3")
		s.shows("order.status", "job.status")
	})
}

func TestManyChangesAtOnceAllArrive(t *testing.T) {
	within(t, 120, 30, manyOrders(3000), func(s *screen) {
		s.advance(time.Second)
		s.shows("1/3,000")
		for i := range 3000 {
			s.log.add(order(i, "FULFILLED", 0))
		}
		s.advance(time.Second)
		s.press("/", "fulfilled", "enter")
		s.advance(time.Second)
		s.shows("(3,000 of 3,000)")
		s.press("3")
		s.shows("3,200 of 6,000 read")
	})
}

func TestOldRowsAreReadInTheBackground(t *testing.T) {
	within(t, 120, 30, manyOrders(4321), func(s *screen) {
		s.advance(time.Second)
		s.shows("1/4,321")
		s.lacks("of 4,321 read")
		s.press("end")
		s.shows("4,321/4,321")
	})
}

func TestTheFeedReadsFurtherBackAsOneMovesThere(t *testing.T) {
	within(t, 120, 30, manyOrders(4321), func(s *screen) {
		s.press("3")
		s.shows("200 of 4,321 read")
		for range 30 {
			s.press("end")
		}
		s.shows("4,321/4,321")
		s.lacks("of 4,321 read")
	})
}

func TestAFilterLooksBackUntilItHasEnough(t *testing.T) {
	within(t, 120, 30, manyOrders(4321), func(s *screen) {
		s.press("3", "/", id(7), "enter")
		s.advance(time.Second)
		s.shows("(1 of 4,321)", id(7)[:20])
	})
}

func TestRejectedOnesStandAtTheirTime(t *testing.T) {
	// Were the few old rejections shown before the events between them and now
	// are read, the feed would have a hole.
	within(t, 120, 30, func() *memory {
		l := newMemory()
		l.add(with(order(9000, "PLACED", 48*time.Hour), rejected("stale")))
		for i := range 1000 {
			l.add(order(i, "PLACED", time.Duration(1000-i)*time.Second))
		}
		return l
	}, func(s *screen) {
		s.press("3")
		s.shows("1/200")
		s.press("end", "end", "end", "end")
		s.shows("1,001/1,001", "stale")
	})
}

func TestTheCursorFollowsItsRow(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		s.press("down", "down")
		s.shows("▌ ◐ PLACED", "3/8")
		s.log.add(order(50, "CREATED", 0), order(51, "CREATED", 0))
		s.advance(100 * time.Millisecond)
		s.shows("▌ ◐ PLACED", "5/10")
		s.press("home")
		s.log.add(order(52, "CREATED", 0))
		s.advance(100 * time.Millisecond)
		s.shows("▌ ◐ CREATED", "1/11")
	})
}

func TestPauseLosesNothing(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		s.press("3", "p")
		s.shows("PAUSED +0 new")
		before := s.line(4)
		for i := range 3 {
			s.log.add(order(60+i, "CREATED", 0), with(order(70, "CREATED", 0), rejected("stale")))
			s.advance(time.Second)
		}
		s.shows("PAUSED +6 new", before)
		s.lacks("CREATED             live         27")
		s.press("2")
		s.shows("PAUSED +3 new")
		s.press("3", "p")
		s.advance(100 * time.Millisecond)
		s.lacks("PAUSED")
		s.shows("1/32", "stale")
		s.press("2")
		s.shows("1/11")
	})
}

func TestAFeedThatIsFarBehindStartsAgainAtTheNewest(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		s.press("3", "p")
		many := make([]*receiver.Event, 6000)
		for i := range many {
			many[i] = order(100+i%10, "PLACED", 0)
		}
		s.log.add(many...)
		s.advance(time.Second)
		s.shows("PAUSED +6,000 new")
		s.press("p")
		s.advance(100 * time.Millisecond)
		s.shows("the feed starts again at the newest", "1/200", "6023")
		for range 40 {
			s.press("end")
		}
		s.shows("6,026/6,026")
	})
}

func TestRateAndLastArrival(t *testing.T) {
	within(t, 120, 30, newMemory, func(s *screen) {
		s.shows("0/min", "nothing yet")
		s.log.add(with(order(1, "PLACED", 0), rejected("stale")))
		s.log.duplicate(s.now())
		s.advance(100 * time.Millisecond)
		s.shows("2/min", "1 rejected", "1 duplicate")
		s.advance(30 * time.Second)
		s.shows("2/min", "last 30s ago")
		s.advance(40 * time.Second)
		s.shows("0/min", "last 1m ago", "12:01:1")
	})
}

func TestTheStoreMayFailForAWhile(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		s.log.setFailure(errors.New("read rows: \x1b[31mdisk I/O error"))
		s.advance(time.Minute)
		s.shows("can't read the store, trying again", `\u001b[31mdisk I/O error`, "FULFILLED")
		reads := s.log.reads
		s.advance(time.Minute)
		assert.Less(t, s.log.reads-reads, 30, "it tries again, but not all the time")
		s.log.setFailure(nil)
		s.log.add(order(80, "CREATED", 0))
		s.advance(10 * time.Second)
		s.lacks("can't read the store")
		s.shows("CREATED")
	})
}

func TestTheStoreMayFailAtTheStart(t *testing.T) {
	within(t, 120, 30, func() *memory {
		l := aDay()
		l.fail = errors.New("locked")
		return l
	}, func(s *screen) {
		s.shows("can't read the store", "reading the store")
		s.press("p", "s", "enter", "down", "end")
		s.log.setFailure(nil)
		s.advance(10 * time.Second)
		s.shows("FULFILLED", "1/8")
	})
}

func TestAReceiverThatStoppedIsSaid(t *testing.T) {
	var stands chan frame.ReceiverStatus
	within(t, 120, 30, aDay, func(s *screen) {
		stands <- frame.ReceiverStatus{Err: errors.New("accept: too many open files")}
		s.advance(time.Second)
		s.shows("✕ stopped", "start up42hooks again: the receiver stopped, nothing comes in: accept: too many open files")
		stands <- frame.ReceiverStatus{Address: "127.0.0.1:9999"}
		s.advance(time.Second)
		assert.NotContains(t, s.m.View(), "stopped", "there is one again")
		s.shows("127.0.0.1:9999")
	}, func(o *tui.Options) {
		stands = make(chan frame.ReceiverStatus) // in here, where time waits for it
		o.Sources.Status = stands
	})
}

func TestAStoreThatIsFullIsSaidUntilItIsNot(t *testing.T) {
	var storing chan error
	within(t, 120, 30, aDay, func(s *screen) {
		storing <- errors.New("the disk is full")
		s.advance(time.Second)
		s.shows("can't store", "✕ can't store: the disk is full; senders are told to try again")
		storing <- nil
		s.advance(time.Second)
		assert.NotContains(t, s.m.View(), "can't")
	}, func(o *tui.Options) {
		storing = make(chan error) // in here, where time waits for it
		o.Sources.Storing = storing
	})
}

func TestNothingIsReadOrDrawnWhileNothingHappens(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		s.advance(time.Second)
		reads := s.log.reads
		s.advance(time.Minute)
		assert.Equal(t, reads, s.log.reads)
		before := s.m.View()
		s.advance(900 * time.Millisecond)
		allocs := testing.AllocsPerRun(10, func() { s.m.View() })
		assert.Zero(t, allocs)
		s.advance(200 * time.Millisecond)
		assert.NotEqual(t, before, s.m.View(), "the clock goes on")
	})
}

func TestTextFromOutsideIsHarmless(t *testing.T) {
	const nasty = "\x1b]0;title\x07\x1b[2J\u202egpj\u009b31m\u200b\ufe0f\r\n\t\xff"
	log := func() *memory {
		l := newMemory()
		e := order(1, "PLACED", 0)
		e.Name, e.Status, e.Type, e.Host, e.DisplayName, e.MessageID = nasty, nasty, nasty, nasty, nasty, nasty
		e.ID = nasty
		e.Raw = []byte(`{"a` + "\u202e\u009b" + `": "` + "\u202e\u200b\u007f" + `"}`)
		e.Headers = []receiver.Header{{Name: nasty, Value: nasty}}
		e.Secret, e.Webhook = nasty, nasty
		e.Proof = receiver.Proof{Label: nasty, Components: []string{nasty}, Digest: nasty, Method: nasty, Path: nasty, Remote: nasty}
		j, r, raw := *e, *e, *e
		j.Kind = receiver.Job
		r.Verdict, r.Reason = receiver.Rejected, nasty
		raw.Verdict, raw.Reason, raw.Raw = receiver.Rejected, receiver.BodyMalformed, []byte(nasty+"\n"+nasty)
		l.add(e, &j, &r, &raw)
		return l
	}
	within(t, 160, 60, log, func(s *screen) {
		for _, keys := range [][]string{{"1"}, {"enter", "end"}, {"2"}, {"enter", "end"}, {"3"}, {"enter", "end"}, {"right", "end"}, {"right", "end"}, {"right", "end"}, {"y"}} {
			s.press(keys...)
			for _, r := range s.view() {
				harmless(t, r)
			}
		}
		s.press("2", "/")
		s.paste(nasty)
		for _, r := range s.view() {
			harmless(t, r)
		}
		for _, what := range s.copied {
			for _, r := range what {
				harmless(t, r)
			}
		}
	})
}

func harmless(t *testing.T, r rune) {
	t.Helper()
	bad := r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 || r == 0x202e || r == 0x200b || r == 0xfe0f || r == 0xfffd
	require.False(t, bad, "%U reached the screen", r)
}

func TestDetailsFollowTheirRow(t *testing.T) {
	within(t, 120, 50, aDay, func(s *screen) {
		s.press("/", "tasking", "enter", "enter")
		s.shows("Order b86c0484", "◐ BEING_FULFILLED", "≈ partial: changed nothing")
		s.log.add(order(2, "FULFILLED", 0))
		s.advance(100 * time.Millisecond)
		s.shows("● FULFILLED", "yes: succeeded", "number 25")
	})
}

func TestDetailsOfHugeAndDeepBodies(t *testing.T) {
	deep := make([]byte, 0, 1<<20)
	for range 200 {
		deep = append(deep, '[')
	}
	for len(deep) < 1<<20 {
		deep = append(deep, "1,"...)
	}
	deep = append(deep, '1')
	for range 200 {
		deep = append(deep, ']')
	}
	line := fmt.Appendf(nil, `{"long": %q}`, make([]byte, 100_000))
	for name, raw := range map[string][]byte{"deep": deep, "long": line} {
		t.Run(name, func(t *testing.T) {
			within(t, 120, 40, func() *memory {
				l := newMemory()
				l.add(with(order(1, "PLACED", 0), func(e *receiver.Event) { e.Raw = raw }))
				return l
			}, func(s *screen) {
				began := time.Now()
				s.press("enter", "end", "tab", "G")
				s.resize(80, 24)
				assert.Less(t, time.Since(began), 5*time.Second)
				s.press("end")
				s.shows("Headers")
				s.press("home", "tab", "tab", "tab", "up", "up", "up")
				s.shows("cut here", "Verdict")
			})
		})
	}
}

func TestRetentionDoesNotSlowTheRateDown(t *testing.T) {
	within(t, 120, 30, newMemory, func(s *screen) {
		s.log.add(order(1, "PLACED", 0), order(2, "PLACED", 0))
		s.advance(time.Second)
		s.shows(" 2/min")
		s.log.mu.Lock()
		s.log.counts.Deleted += 2
		s.log.mu.Unlock()
		s.log.add(order(3, "PLACED", 0))
		s.advance(time.Second)
		s.shows(" 3/min")
	})
}

func TestALongWarningTakesALineOfThePageAndGivesItBack(t *testing.T) {
	within(t, 60, 15, manyOrders(40), func(s *screen) {
		assert.Contains(t, s.line(3), "STATUS")
		s.log.setFailure(errors.New("events.db can't be read or written, its disk fails: check the disk"))
		s.advance(time.Second)
		assert.Contains(t, s.line(3), "check the disk")
		assert.Contains(t, s.line(4), "STATUS")
		s.press("end") // the last row is not behind the footer
		assert.Contains(t, s.line(12), "▌")
		s.press("enter", "?")
		s.view()
		s.press("?", "esc")
		s.log.setFailure(nil)
		s.advance(10 * time.Second)
		assert.Contains(t, s.line(3), "STATUS")
	})
}
