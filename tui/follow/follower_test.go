package follow_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/feed"
	"github.com/up42/up42-webhooks/tui/follow"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/status"
	"github.com/up42/up42-webhooks/tui/theme"
	"github.com/up42/up42-webhooks/tui/tuitest"
)

// followed is a follower with the pages that it fills.
type followed struct {
	*tuitest.Screen
	log          slowLog
	follower     *follow.Follower
	jobs, orders *status.Page
	feed         *feed.Page
	batches      int
	notes        []string
}

// slowLog is a log whose reads take some time.
type slowLog struct {
	*receivertest.Log
	took *atomic.Int64 // nanoseconds
}

func (l slowLog) Counts(ctx context.Context) (receiver.Counts, error) {
	time.Sleep(time.Duration(l.took.Load()))
	return l.Log.Counts(ctx)
}

// within runs a test on a log with n orders, after the first screen was read.
func within(t *testing.T, n int, test func(f *followed)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		f := &followed{Screen: tuitest.New(t, 80, 20), log: slowLog{receivertest.NewLog(), new(atomic.Int64)}}
		f.add(0, n)
		pool := command.NewPool()
		defer pool.Close()
		th := theme.New(theme.Options{Profile: termenv.Ascii})
		f.jobs = status.New(status.Options{Kind: receiver.Job, Theme: th, Now: f.Now})
		f.orders = status.New(status.Options{Kind: receiver.Order, Theme: th, Now: f.Now})
		f.feed = feed.New(feed.Options{Log: f.log, Theme: th, Now: f.Now, Do: pool.For(func(msg tea.Msg) tea.Cmd { return f.feed.Update(msg) })})
		f.follower = follow.New(follow.Options{
			Log: f.log, Run: pool.Do, Jobs: f.jobs, Orders: f.orders, Feed: f.feed,
			Say:  func(_ note.Kind, words string) { f.notes = append(f.notes, words) },
			Came: func(*follow.Batch) tea.Cmd { f.batches++; return nil },
		})
		f.Update = func(msg tea.Msg) tea.Cmd { return msg.(command.Answer).Take() }
		f.Do(f.follower.Start())
		test(f)
	})
}

func (f *followed) add(from, to int) {
	events := make([]*receiver.Event, 0, to-from)
	for i := from; i < to; i++ {
		events = append(events, receivertest.Order(fmt.Sprintf("order-%d", i), "PLACED", receivertest.At(tuitest.Noon)))
	}
	f.log.Add(events...)
}

func (f *followed) advance(d time.Duration) { f.Advance(d, time.Millisecond, nil) }

func (f *followed) pause(paused bool) {
	f.jobs.SetPaused(paused)
	f.orders.SetPaused(paused)
	f.feed.SetPaused(paused)
	if !paused {
		f.Do(f.follower.Resumed())
	}
}

func (f *followed) rows() int {
	_, n := f.orders.Len()
	return n
}

func (f *followed) entries() int {
	_, n := f.feed.Len()
	return n
}

func TestTheFirstScreenAndThenAllOlderRows(t *testing.T) {
	within(t, 2345, func(f *followed) {
		assert.True(t, f.follower.Ready())
		assert.Equal(t, 2345, f.entries())
		assert.Equal(t, 200, f.rows())
		f.advance(time.Second)
		assert.Equal(t, 2345, f.rows())
		assert.EqualValues(t, 2345, f.follower.Counts().Verified)
	})
}

func TestManyChangesMakeFewBatches(t *testing.T) {
	within(t, 10, func(f *followed) {
		before := f.batches
		for i := range 100 {
			f.add(10+i, 11+i)
			f.advance(time.Millisecond)
		}
		f.advance(100 * time.Millisecond)
		assert.Equal(t, 110, f.entries())
		assert.Less(t, f.batches-before, 10)
	})
}

// A machine that is busy shows changes less often, and all of them.
func TestALogThatIsReadSlowlyIsReadLessOften(t *testing.T) {
	within(t, 10, func(f *followed) {
		for took, most := range map[time.Duration]int{0: 62, 10 * time.Millisecond: 25, 100 * time.Millisecond: 4} {
			f.log.took.Store(int64(took))
			f.advance(time.Second) // it is known then
			before, n := f.batches, f.entries()
			for i := range 1000 {
				f.add(n+i, n+i+1)
				f.advance(time.Millisecond)
			}
			assert.LessOrEqual(t, f.batches-before, most+1, "reads that take %v", took)
			assert.GreaterOrEqual(t, f.batches-before, most/2, "reads that take %v", took)
			f.advance(time.Second)
			assert.Equal(t, n+1000, f.entries())
		}
	})
}

func TestAPausedFeedCountsWhatWaits(t *testing.T) {
	within(t, 10, func(f *followed) {
		f.pause(true)
		f.add(10, 30)
		f.advance(time.Second)
		assert.Equal(t, 20, f.feed.NewRows())
		assert.Equal(t, 10, f.entries())
		f.pause(false)
		f.advance(time.Second)
		assert.Equal(t, 30, f.entries())
		assert.Equal(t, 30, f.rows())
	})
}

func TestOlderRowsWaitForTheEndOfAPause(t *testing.T) {
	within(t, 3000, func(f *followed) {
		f.pause(true)
		f.advance(time.Second)
		f.pause(false)
		f.advance(time.Second)
		assert.Equal(t, 3000, f.rows())
	})
}

func TestAFollowerThatIsFarBehindGoesOnAtTheNewest(t *testing.T) {
	within(t, 10, func(f *followed) {
		f.add(10, 8000)
		reads := f.log.Reads()
		f.advance(time.Second)
		assert.Equal(t, 8000, f.entries())
		assert.Less(t, f.log.Reads()-reads, 50)
	})
}

func TestTheFeedKnowsWhichEventIsTheOldest(t *testing.T) {
	within(t, 300, func(f *followed) {
		deleted := make([]int64, 120)
		for i := range deleted {
			deleted[i] = int64(i + 1)
		}
		f.log.Delete(deleted...)
		f.advance(100 * time.Millisecond)
		assert.Equal(t, 180, f.entries())
		f.feed.End()
		s, _ := f.feed.Subject()
		assert.EqualValues(t, 121, s.Seq)
	})
}

func TestAFailingLogIsReadAgainLaterAndLater(t *testing.T) {
	within(t, 10, func(f *followed) {
		f.log.Fail(errors.New("disk I/O error"))
		f.advance(time.Second)
		assert.ErrorContains(t, f.follower.Err(), "disk I/O error")
		reads := f.log.Reads()
		f.advance(time.Minute)
		assert.Less(t, f.log.Reads()-reads, 20)
		f.log.Fail(nil)
		f.add(10, 20)
		f.advance(10 * time.Second)
		assert.NoError(t, f.follower.Err())
		assert.Equal(t, 20, f.entries())
	})
}
