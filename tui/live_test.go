package tui_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
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
		l.Add(events...)
		return l
	}
}

func TestAnEventShowsWithinFiftyMilliseconds(t *testing.T) {
	within(t, 120, 30, newMemory, func(s *screen) {
		s.Shows("No event has come yet", "nothing yet")
		s.log.Add(order(1, "PLACED", 0), job(2, "RUNNING", 0))
		s.advance(50 * time.Millisecond)
		s.Shows("1 Jobs 1", "2 Orders 1", "3 Events 2", "◐ PLACED", "2 verified", "last 0s ago")
		s.Press("1")
		s.Shows("◐ RUNNING")
		s.Press("3")
		s.Shows("order.status", "job.status")
	})
}

func TestManyChangesAtOnceAllArrive(t *testing.T) {
	within(t, 120, 30, manyOrders(3000), func(s *screen) {
		s.advance(time.Second)
		s.Shows("1/3,000")
		for i := range 3000 {
			s.log.Add(order(i, "FULFILLED", 0))
		}
		s.advance(time.Second)
		s.Press("/", "fulfilled", "enter")
		s.advance(time.Second)
		s.Shows("(3,000 of 3,000)")
		s.Press("3")
		s.Shows("1/6,000")
	})
}

func TestOldRowsAreReadInTheBackground(t *testing.T) {
	within(t, 120, 30, manyOrders(4321), func(s *screen) {
		s.advance(time.Second)
		s.Shows("1/4,321")
		s.Lacks("of 4,321 read")
		s.Press("end")
		s.Shows("4,321/4,321")
	})
}

func TestEventsGoToTheVeryOldest(t *testing.T) {
	within(t, 120, 30, manyOrders(4321), func(s *screen) {
		s.Press("3")
		s.Shows("1/4,321")
		s.Press("end")
		s.Shows("4,321/4,321", id(0))
		s.Lacks("not read yet")
		s.log.Add(order(5000, "PLACED", 0))
		s.advance(100 * time.Millisecond)
		s.Shows("4,322/4,322", id(0))
		s.Press("pgup", "pgup")
		s.Shows("4,2")
		s.Lacks("not read yet")
		s.Press("home")
		s.Shows("1/4,322", id(5000))
	})
}

func TestAFilterFindsWhatIsOldest(t *testing.T) {
	within(t, 120, 30, manyOrders(4321), func(s *screen) {
		s.Press("3", "/", id(7), "enter")
		s.Shows("(1 of 4,321)", id(7)[:20])
		s.log.Add(order(7, "FULFILLED", 0), order(8, "FULFILLED", 0))
		s.advance(100 * time.Millisecond)
		s.Shows("(2 of 4,323)", "FULFILLED")
		s.Press("esc", "2", "/", "id:="+id(3), "enter", "e")
		s.Shows("the events of "+id(3), "1 of 4,323", id(3))
	})
}

// slowLog finds nothing until it is let.
type slowLog struct {
	*memory
	parts chan receiver.Found
}

func (l *slowLog) Search(ctx context.Context, _ receiver.Search) iter.Seq2[receiver.Found, error] {
	return func(yield func(receiver.Found, error) bool) {
		for {
			select {
			case f, ok := <-l.parts:
				if !ok || !yield(f, nil) {
					return
				}
			case <-ctx.Done():
				yield(receiver.Found{}, ctx.Err())
				return
			}
		}
	}
}

func TestASearchSaysHowFarItIs(t *testing.T) {
	slow := &slowLog{}
	within(t, 140, 30, func() *memory {
		slow.memory, slow.parts = manyOrders(4000)(), make(chan receiver.Found)
		return slow.memory
	}, func(s *screen) {
		part := func(cursor int64, numbers ...int64) {
			slow.parts <- receiver.Found{Cursor: cursor, Numbers: numbers}
			s.Settle()
		}
		s.Press("3", "/")
		s.Paste("placed")
		s.Press("enter")
		s.Shows("working", "1/4,000") // the list stays until the first answer
		for range 8 {
			part(3001)
		}
		s.Shows("Nothing found so far: 1,000 of 4,000 searched", "searched 1,000 of 4,000")
		s.Lacks("Nothing matches")
		part(2001, 2500)
		s.Shows("(1 of 4,000)", "searched 2,000 of 4,000", id(2499))
		s.Press("down", "3", "enter", "esc") // keys work meanwhile
		s.Press("esc")
		s.Shows("the filter is cleared", "/4,000")
		s.Lacks("searched", "filter:")
		part(1001, 1500) // of the search that was given up
		s.Shows("/4,000")
		s.Lacks("searched", "filter:")
		s.Press("/")
		s.Paste("created")
		s.Press("enter")
		close(slow.parts)
		s.Settle()
		s.Shows("Nothing matches the filter", "(0 of 4,000)")
		s.Lacks("searched")
	}, func(o *tui.Options) { o.Log = slow })
}

// What retention deletes while it is on the screen, or is found, is said to be deleted or
// leaves the list.
func TestEventsMayBeDeletedMeanwhile(t *testing.T) {
	within(t, 120, 30, manyOrders(1000), func(s *screen) {
		s.Press("3", "end")
		s.Shows("1,000/1,000")
		deleted := make([]int64, 900)
		for i := range deleted {
			deleted[i] = int64(i + 1)
		}
		deleted = slices.Delete(deleted, 4, 5) // a target needs event 5
		s.log.Delete(deleted...)
		s.advance(100 * time.Millisecond)
		s.Shows("101/101", id(4), id(900))
		s.Lacks("deleted", "not read yet")
		s.Press("/", "placed", "enter", "end")
		s.Shows("(101 of 101)", id(4))
		s.log.Delete(5)
		s.advance(100 * time.Millisecond)
		s.Shows("100/100", id(900))
	})
}

// fewRows lets the pages of rows keep 300 of them.
func fewRows(o *tui.Options) { o.Rows = 300 }

func TestOrdersGoToTheVeryOldest(t *testing.T) {
	within(t, 120, 30, manyOrders(1321), func(s *screen) {
		s.advance(time.Second)
		s.Shows("1/1,321")
		s.Press("end")
		s.Shows("1,321/1,321", shortOf(0), shortOf(1))
		s.Lacks("not read yet")
		for range 60 {
			s.Press("pgup")
			assert.NotContains(t, s.View(), "not read yet")
		}
		s.Shows("1/1,321", shortOf(1320))
		s.Press("home")
		many := make([]*receiver.Event, 400) // they push others out of the table
		for i := range many {
			many[i] = order(5000+i, "CREATED", 0)
		}
		s.log.Add(many...)
		s.log.Add(order(0, "FULFILLED", 0)) // the oldest one becomes the newest
		s.advance(time.Second)
		s.Shows("1/1,722", shortOf(0))
		s.Press("end")
		s.Shows("1,721/1,721", shortOf(1))
		s.Press("p")
		s.log.Add(order(1, "FULFILLED", 0))
		s.advance(time.Second)
		s.Shows("1,721/1,721", shortOf(1))
		s.Press("p")
		s.advance(time.Second)
		s.Shows("1/1,721", shortOf(1)) // the cursor stays on its row
		s.Press("end")
		s.Lacks(shortOf(1))
		s.Shows("1,721/1,721", shortOf(2))
		s.Lacks(shortOf(0))
		for range 75 {
			s.Press("pgup")
		}
		s.Shows("1/1,721", shortOf(0), shortOf(1))
	}, fewRows)
}

func shortOf(n int) string { return id(n)[:8] }

func TestAFilterFindsOldOrders(t *testing.T) {
	within(t, 120, 30, manyOrders(1321), func(s *screen) {
		s.advance(time.Second)
		s.Press("/", shortOf(7), "enter")
		s.Shows("(1 of 1,321)", shortOf(7), "PLACED")
		s.log.Add(order(7, "FULFILLED", 0))
		s.advance(100 * time.Millisecond)
		s.Shows("(1 of 1,321)", "FULFILLED")
		s.Lacks("PLACED")
		s.Press("esc", "/", "placed", "enter")
		s.advance(100 * time.Millisecond)
		s.Shows("(1,320 of 1,321)")
		s.Press("s")
		s.Shows("sorted: the newest 300")
		s.Press("s", "s", "s", "s", "s", "s", "s", "s", "s", "end")
		s.Shows("1,320/1,320", shortOf(0))
		s.Press("esc", "/", "nothing-has-this", "enter")
		s.Shows("Nothing matches the filter", "(0 of 1,321)")
		s.Press("esc", "3", "end", "e") // from the oldest event to its order
		s.Shows("the order "+id(0), "1/1", shortOf(0))
		s.Press("e")
		s.Shows("the events of "+id(0), "1/1")
	}, fewRows)
}

func TestASearchForOldOrdersSaysHowFarItIs(t *testing.T) {
	var rows chan int
	slow := &slowRows{}
	within(t, 140, 30, func() *memory {
		rows = make(chan int, 100)
		slow.memory, slow.pages = manyOrders(10_000)(), rows
		for range 100 {
			rows <- 0
		}
		return slow.memory
	}, func(s *screen) {
		s.advance(time.Second)
		for len(rows) > 0 {
			<-rows
		}
		s.Press("/")
		s.Paste("id:=" + id(7)) // it is looked up, and the others are searched then
		s.Press("enter")
		s.Shows("(1 of 10,000)", shortOf(7))
		s.Press("esc")
		rows <- 0
		s.Settle()
		s.Press("/")
		s.Paste(shortOf(7))
		s.Press("enter")
		for range 8 {
			rows <- 0
			s.Settle()
		}
		s.Shows("Nothing found so far: 8,300 of 10,000 searched", "searched 8,300 of 10,000")
		s.Lacks("Nothing matches")
		s.Press("esc")
		s.Lacks("searched", "filter:")
		close(rows)
		s.Press("/")
		s.Paste(shortOf(7))
		s.Press("enter")
		s.Shows("(1 of 10,000)", shortOf(7))
		s.Lacks("searched")
	}, fewRows, func(o *tui.Options) { o.Log = slow })
}

// slowRows waits before each page of rows.
type slowRows struct {
	*memory
	pages chan int
}

func (l *slowRows) Rows(ctx context.Context, q receiver.RowQuery) ([]receiver.Row, error) {
	if q.Limit == 1000 {
		select {
		case <-l.pages:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return l.memory.Rows(ctx, q)
}

func TestRejectedDeliveriesAreSortedByTime(t *testing.T) {
	within(t, 120, 30, func() *memory {
		l := newMemory()
		l.Add(with(order(9000, "PLACED", 48*time.Hour), rejected("stale")))
		for i := range 1000 {
			l.Add(order(i, "PLACED", time.Duration(1000-i)*time.Second))
			if i == 100 {
				l.Add(with(order(9001, "PLACED", 900*time.Second), rejected("stale")))
			}
		}
		return l
	}, func(s *screen) {
		s.Press("3")
		s.Shows("1/1,002")
		s.Press("end")
		s.Shows("1,002/1,002", "stale")
		for range 110 {
			s.Press("up")
		}
		s.Shows(id(9001), id(100), id(101))
	})
}

func TestTheCursorFollowsItsRow(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		s.Press("down", "down")
		s.Shows("▌ ◐ PLACED", "3/8")
		s.log.Add(order(50, "CREATED", 0), order(51, "CREATED", 0))
		s.advance(100 * time.Millisecond)
		s.Shows("▌ ◐ PLACED", "5/10")
		s.Press("home")
		s.log.Add(order(52, "CREATED", 0))
		s.advance(100 * time.Millisecond)
		s.Shows("▌ ◐ CREATED", "1/11")
	})
}

func TestPauseLosesNothing(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		s.Press("3", "p")
		s.Shows("PAUSED +0 new")
		before := s.Line(4)
		for i := range 3 {
			s.log.Add(order(60+i, "CREATED", 0), with(order(70, "CREATED", 0), rejected("stale")))
			s.advance(time.Second)
		}
		s.Shows("PAUSED +6 new", before)
		s.Lacks("CREATED             live         27")
		s.Press("2")
		s.Shows("PAUSED +3 new")
		s.Press("3", "p")
		s.advance(100 * time.Millisecond)
		s.Lacks("PAUSED")
		s.Shows("1/32", "stale")
		s.Press("2")
		s.Shows("1/11")
	})
}

func TestAPauseOfManyEvents(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		s.Press("3", "p")
		many := make([]*receiver.Event, 6000)
		for i := range many {
			many[i] = order(100+i%10, "PLACED", 0)
		}
		s.log.Add(many...)
		s.advance(time.Second)
		s.Shows("PAUSED +6,000 new", "1/26")
		s.Press("/", "placed", "enter")
		s.Shows("of 26)")
		s.Press("esc", "p")
		s.advance(100 * time.Millisecond)
		s.Shows("1/6,026", "6024")
		s.Press("end")
		s.Shows("6,026/6,026")
	})
}

func TestRateAndLastArrival(t *testing.T) {
	within(t, 120, 30, newMemory, func(s *screen) {
		s.Shows("0/min", "nothing yet")
		s.log.Add(with(order(1, "PLACED", 0), rejected("stale")))
		s.log.Duplicate(s.Now())
		s.advance(100 * time.Millisecond)
		s.Shows("2/min", "1 rejected", "1 duplicate")
		s.advance(30 * time.Second)
		s.Shows("2/min", "last 30s ago")
		s.advance(40 * time.Second)
		s.Shows("0/min", "last 1m ago", "12:01:1")
	})
}

func TestTheStoreMayFailForAWhile(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		s.log.Fail(errors.New("read rows: \x1b[31mdisk I/O error"))
		s.advance(time.Minute)
		s.Shows("can't read the store, trying again", `\u001b[31mdisk I/O error`, "FULFILLED")
		reads := s.log.Reads()
		s.advance(time.Minute)
		assert.Less(t, s.log.Reads()-reads, 30, "it tries again, but not all the time")
		s.log.Fail(nil)
		s.log.Add(order(80, "CREATED", 0))
		s.advance(10 * time.Second)
		s.Lacks("can't read the store")
		s.Shows("CREATED")
	})
}

func TestTheFeedDoesNotReadAFailingStoreAllTheTime(t *testing.T) {
	within(t, 120, 30, manyOrders(1000), func(s *screen) {
		s.Press("3")
		s.log.Fail(errors.New("disk I/O error"))
		s.Press("end")
		s.advance(10 * time.Millisecond)
		s.Shows("trying again: disk I/O error", "not read yet")
		reads := s.log.Reads()
		s.advance(10 * time.Second)
		assert.Less(t, s.log.Reads()-reads, 30)
		s.log.Fail(nil)
		s.advance(10 * time.Second)
		s.Press("end")
		s.Shows("1,000/1,000")
	})
}

func TestTheStoreMayFailAtTheStart(t *testing.T) {
	within(t, 120, 30, func() *memory {
		l := aDay()
		l.Fail(errors.New("locked"))
		return l
	}, func(s *screen) {
		s.Shows("can't read the store", "reading the store")
		s.Press("p", "s", "enter", "down", "end")
		s.log.Fail(nil)
		s.advance(10 * time.Second)
		s.Shows("FULFILLED", "1/8")
	})
}

func TestAReceiverThatStoppedIsAWarning(t *testing.T) {
	var status frame.ReceiverStatus
	within(t, 120, 30, aDay, func(s *screen) {
		status = frame.ReceiverStatus{Err: errors.New("accept: too many open files")}
		s.advance(time.Second)
		s.Shows("✕ stopped", "start up42hooks again: the receiver stopped, nothing comes in: accept: too many open files")
		status = frame.ReceiverStatus{Address: "127.0.0.1:9999"}
		s.advance(time.Second)
		assert.NotContains(t, s.m.View(), "stopped", "there is one again")
		s.Shows("127.0.0.1:9999")
	}, func(o *tui.Options) {
		o.Sources.Now = func() (frame.ReceiverStatus, error) { return status, nil }
	})
}

func TestAFullStoreIsAWarning(t *testing.T) {
	var storing error
	within(t, 120, 30, aDay, func(s *screen) {
		storing = errors.New("the disk is full")
		s.advance(time.Second)
		s.Shows("can't store", "✕ can't store: the disk is full; senders are told to try again")
		storing = nil
		s.advance(time.Second)
		assert.NotContains(t, s.m.View(), "can't")
	}, func(o *tui.Options) {
		o.Sources.Now = func() (frame.ReceiverStatus, error) { return frame.ReceiverStatus{}, storing }
	})
}

func TestNothingIsReadOrDrawnWhileNothingHappens(t *testing.T) {
	within(t, 120, 30, aDay, func(s *screen) {
		s.advance(time.Second)
		reads := s.log.Reads()
		s.advance(time.Minute)
		assert.Equal(t, reads, s.log.Reads())
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
		l.Add(e, &j, &r, &raw)
		return l
	}
	within(t, 160, 60, log, func(s *screen) {
		for _, keys := range [][]string{{"1"}, {"enter", "end"}, {"2"}, {"enter", "end"}, {"3"}, {"enter", "end"}, {"right", "end"}, {"right", "end"}, {"right", "end"}, {"y"}} {
			s.Press(keys...)
			for _, r := range s.View() {
				harmless(t, r)
			}
		}
		s.Press("2", "/")
		s.Paste(nasty)
		for _, r := range s.View() {
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
		s.Press("/", "tasking", "enter", "enter")
		s.Shows("Order b86c0484", "◐ BEING_FULFILLED", "≈ partial: changed nothing")
		s.log.Add(order(2, "FULFILLED", 0))
		s.advance(100 * time.Millisecond)
		s.Shows("● FULFILLED", "yes: succeeded", "number 25")
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
				l.Add(with(order(1, "PLACED", 0), func(e *receiver.Event) { e.Raw = raw }))
				return l
			}, func(s *screen) {
				began := time.Now()
				s.Press("enter", "end", "tab", "G")
				s.resize(80, 24)
				assert.Less(t, time.Since(began), 5*time.Second)
				s.Press("end")
				s.Shows("Headers")
				s.Press("shift+tab", "shift+tab")
				s.Press("k", "k", "k")
				s.Shows("cut here", "Verdict")
				s.Press("z", "Z", "/", "headers", "enter", "n", "n")
				s.Shows("/headers", "Headers")
				assert.Less(t, time.Since(began), 5*time.Second)
			})
		})
	}
}

func TestRetentionDoesNotSlowTheRateDown(t *testing.T) {
	within(t, 120, 30, newMemory, func(s *screen) {
		s.log.Add(order(1, "PLACED", 0), order(2, "PLACED", 0))
		s.advance(time.Second)
		s.Shows(" 2/min")
		s.log.count = func(c *receiver.Counts) { c.Deleted += 2 }
		s.log.Add(order(3, "PLACED", 0))
		s.advance(time.Second)
		s.Shows(" 3/min")
	})
}

func TestALongWarningTakesALineOfThePageAndGivesItBack(t *testing.T) {
	within(t, 60, 15, manyOrders(40), func(s *screen) {
		assert.Contains(t, s.Line(3), "STATUS")
		s.log.Fail(errors.New("events.db can't be read or written, its disk fails: check the disk"))
		s.advance(time.Second)
		assert.Contains(t, s.Line(2), "━", "the tab is still marked")
		assert.Contains(t, s.Line(4), "check the disk")
		assert.Contains(t, s.Line(5), "STATUS")
		s.Press("end") // the last row is not behind the footer
		assert.Contains(t, s.Line(12), "▌")
		s.Press("enter", "?")
		s.View()
		s.Press("?", "esc")
		s.log.Fail(nil)
		s.advance(10 * time.Second)
		assert.Contains(t, s.Line(3), "STATUS")
	})
}

func TestTestsAreGoneToAndComeFromAlone(t *testing.T) {
	within(t, 120, 36, aHardDay, func(s *screen) {
		s.Press("/", "is:test", "enter", "e")
		s.Shows("the test events of "+id(33), "FULFILLED", "1/1")
		s.Press("e") // back to the row
		s.Shows("▌ ● FULFILLED", "TEST")
		s.Press("R")
		s.Shows("R asks UP42")
		s.Press("esc", "/", id(33)+" is:live", "enter", "e")
		s.Shows("the events of "+id(33), "PLACED", "1/1")
	})
}

func TestUP42IsNotAskedAboutTests(t *testing.T) {
	within(t, 120, 36, aHardDay, func(s *screen) {
		s.Press("/", "is:test", "enter", "R")
		s.Shows("UP42 does not know this order: its events are tests")
	}, asking(anAccount()))
}

func TestDetailsOfATestAreNotThoseOfTheLiveRow(t *testing.T) {
	within(t, 120, 36, aHardDay, func(s *screen) {
		s.Press("/", "is:test", "enter", "enter")
		s.Shows("TEST", "Events       1")
		s.log.Add(order(33, "BEING_FULFILLED", 0))
		s.advance(time.Second)
		s.Shows("Events       1", "● FULFILLED")
		s.log.Add(with(order(33, "CANCELED", 0), test))
		s.advance(time.Second)
		s.Shows("Events       2", "○ CANCELED")
	})
}

func TestTheTabSaysThatARowNeedsTheUser(t *testing.T) {
	within(t, 80, 24, aHardDay, func(s *screen) {
		s.Press("1")
		s.Shows("2 Orders 7 ◆ 1")
		s.Lacks("need")
		s.Press("2")
		s.Shows("◆ 1 needs you")
		s.log.Add(subStatus(36, "CREATED", "QUOTATION_WAITING_RESPONSE", 0))
		s.advance(time.Second)
		s.Shows("2 Orders 8 ◆ 2", "◆ 2 need you")
		s.log.Add(order(30, "PLACED", 0), order(36, "PLACED", 0))
		s.advance(time.Second)
		s.Shows("2 Orders 8 ")
		s.Lacks("◆ 1", "need")
	})
}
