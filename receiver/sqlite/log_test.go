package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

func newLog(t testing.TB, o sqlite.Options) *sqlite.Log {
	t.Helper()
	return open(t, filepath.Join(t.TempDir(), "events.db"), o)
}

func counts(t testing.TB, l *sqlite.Log) receiver.Counts {
	t.Helper()
	c, err := l.Counts(t.Context())
	require.NoError(t, err)
	return c
}

func TestAnEventIsReadAsItWasStored(t *testing.T) {
	t.Parallel()
	l := newLog(t, sqlite.Options{})
	e := delivery(t, orderBody("m1", "o1", "PLACED", start, 0), receiver.Verified)
	e.ReceivedAt = start.Add(1234567 * time.Nanosecond)
	e.Secret, e.Webhook = "orders", "w-1"
	given := *e
	receipts := appendAll(t, l, e)
	assert.Equal(t, []receiver.Receipt{{Seq: 1}}, receipts)
	assert.Equal(t, given, *e, "nothing is set in the caller's event")

	events := allEvents(t, l)
	require.Len(t, events, 1)
	want := given
	want.Seq, want.ReceivedAt = 1, start.Add(1234*time.Microsecond)
	assert.Equal(t, want, *events[0])
}

func TestABodyIsKeptByteForByte(t *testing.T) {
	t.Parallel()
	l := newLog(t, sqlite.Options{})
	body := " {\"event\" : \"x\u202e\\u0000\", \"a\": 1.10, \"b\": \"\xff\x80\"}\r\n"
	appendAll(t, l, delivery(t, body, receiver.Unsigned))
	assert.Equal(t, body, string(allEvents(t, l)[0].Raw))
}

func TestAnEventWithoutATimeGetsTheTimeOfTheClock(t *testing.T) {
	t.Parallel()
	now := start.Add(time.Hour)
	l := newLog(t, sqlite.Options{Now: func() time.Time { return now }})
	e := delivery(t, `{"event":"order.status","body":{"orderId":"o","status":"PLACED"}}`, receiver.Verified)
	e.ReceivedAt = time.Time{}
	appendAll(t, l, e)
	assert.Equal(t, now, allEvents(t, l)[0].ReceivedAt)
	assert.Equal(t, now, counts(t, l).LastArrival)
	row, ok, err := l.Row(t.Context(), receiver.Key{Kind: receiver.Order, ID: "o", Test: true})
	require.NoError(t, err)
	require.True(t, ok)
	assert.Equal(t, now, row.LastChange, "UP42 sent no time: the arrival counts")
}

func TestARejectedDeliveryIsNotAnEvent(t *testing.T) {
	t.Parallel()
	l := newLog(t, sqlite.Options{})
	_, err := l.Append(t.Context(), delivery(t, orderBody("m", "o", "PLACED", start, 0), receiver.Rejected))
	require.Error(t, err)
	assert.Zero(t, counts(t, l))
}

// A message without an id is known by its body and its signature, with any spaces.
func TestSpacesAroundASignatureMakeNoNewMessage(t *testing.T) {
	t.Parallel()
	l := newLog(t, sqlite.Options{})
	const body = `{"event":"x","body":{"n":1}}`
	first := delivery(t, body, receiver.Verified)
	appendAll(t, l, first)
	for _, spaced := range []string{"up42-sig= %s", "up42-sig=\t%s\t", " up42-sig=  %s "} {
		e := delivery(t, body, receiver.Verified)
		for i := range e.Headers {
			if h := &e.Headers[i]; h.Name == "Signature" {
				h.Value = fmt.Sprintf(spaced, strings.TrimPrefix(h.Value, "up42-sig="))
			}
		}
		assert.True(t, appendAll(t, l, e)[0].Duplicate, spaced)
	}
}

func TestDuplicates(t *testing.T) {
	t.Parallel()
	withID := orderBody("m1", "o1", "PLACED", start, 0)
	sameID := orderBody("m1", "o1", "FULFILLED", start, 0)
	noID := orderBody("", "o1", "PLACED", start, 0)
	otherNoID := orderBody("", "o1", "FULFILLED", start, 0)
	sign := func(value string) func(*receiver.Event) {
		return func(e *receiver.Event) { e.Headers = []receiver.Header{{Name: "Signature", Value: value}} }
	}
	type step struct {
		body    string
		verdict receiver.Verdict
		want    receiver.Receipt
		change  func(*receiver.Event)
	}
	for name, steps := range map[string][]step{
		"same message":                   {{withID, receiver.Verified, receiver.Receipt{Seq: 1}, nil}, {withID, receiver.Verified, receiver.Receipt{Seq: 1, Duplicate: true}, nil}},
		"same id, other body":            {{withID, receiver.Verified, receiver.Receipt{Seq: 1}, nil}, {sameID, receiver.Verified, receiver.Receipt{Seq: 2, ConflictsWith: 1}, nil}, {sameID, receiver.Verified, receiver.Receipt{Seq: 2, Duplicate: true}, nil}},
		"same trust, other verdict":      {{withID, receiver.Verified, receiver.Receipt{Seq: 1}, nil}, {withID, receiver.Trusted, receiver.Receipt{Seq: 1, Duplicate: true}, nil}},
		"less trust later":               {{withID, receiver.Verified, receiver.Receipt{Seq: 1}, nil}, {withID, receiver.Partial, receiver.Receipt{Seq: 1, Duplicate: true}, nil}, {withID, receiver.Unsigned, receiver.Receipt{Seq: 1, Duplicate: true}, nil}},
		"more trust later is an event":   {{withID, receiver.Unsigned, receiver.Receipt{Seq: 1}, nil}, {withID, receiver.Partial, receiver.Receipt{Seq: 2}, nil}, {withID, receiver.Verified, receiver.Receipt{Seq: 3}, nil}, {withID, receiver.Partial, receiver.Receipt{Seq: 3, Duplicate: true}, nil}},
		"without an id":                  {{noID, receiver.Verified, receiver.Receipt{Seq: 1}, nil}, {noID, receiver.Verified, receiver.Receipt{Seq: 1, Duplicate: true}, nil}},
		"without an id, other body":      {{noID, receiver.Verified, receiver.Receipt{Seq: 1}, nil}, {otherNoID, receiver.Verified, receiver.Receipt{Seq: 2}, nil}},
		"without an id, other signature": {{noID, receiver.Verified, receiver.Receipt{Seq: 1}, sign("a")}, {noID, receiver.Verified, receiver.Receipt{Seq: 2}, sign("b")}, {noID, receiver.Verified, receiver.Receipt{Seq: 1, Duplicate: true}, sign("a")}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, how := range []string{"one by one", "in one batch"} {
				t.Run(how, func(t *testing.T) {
					l := newLog(t, sqlite.Options{})
					var events []*receiver.Event
					var want []receiver.Receipt
					var repeated, counted int64
					for _, s := range steps {
						e := delivery(t, s.body, s.verdict)
						if s.change != nil {
							s.change(e)
						}
						events, want = append(events, e), append(want, s.want)
						if s.want.Duplicate {
							repeated++
						}
					}
					var got []receiver.Receipt
					var err error
					if how == "one by one" {
						got, counted = appendAll(t, l, events...), repeated
					} else {
						got, err = l.AppendAll(t.Context(), events)
						require.NoError(t, err)
					}
					assert.Equal(t, want, got)
					c := counts(t, l)
					assert.Equal(t, counted, c.Duplicates, "nobody sends what is imported")
					assert.EqualValues(t, len(steps), c.Events()+repeated)
					assert.Len(t, allEvents(t, l), int(c.Events()))
				})
			}
		})
	}
}

func TestManyAtOnceAreEachStoredOnce(t *testing.T) {
	t.Parallel()
	l := newLog(t, sqlite.Options{})
	var lives [][]*receiver.Event
	for range 40 {
		lives = append(lives, orderEvents(t))
	}
	var wg sync.WaitGroup
	var receipts sync.Map
	for _, events := range lives {
		for range 2 { // each twice
			wg.Go(func() {
				for _, e := range events {
					r, err := l.Append(context.Background(), e)
					assert.NoError(t, err)
					if !r.Duplicate {
						_, twice := receipts.LoadOrStore(e.MessageID, r.Seq)
						assert.False(t, twice, "stored twice")
					}
				}
			})
		}
	}
	wg.Wait()
	acknowledged := map[int64]string{}
	receipts.Range(func(id, seq any) bool { acknowledged[seq.(int64)] = id.(string); return true })
	assert.Len(t, acknowledged, 200)
	checkStore(t, l, acknowledged)
	c := counts(t, l)
	assert.EqualValues(t, 200, c.Duplicates)
	assert.EqualValues(t, 40, c.Rows.Of(receiver.Order))
	assert.Zero(t, c.Rows.Of(receiver.Job))
}

func TestCounts(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "events.db")
	l := open(t, file, sqlite.Options{})
	assert.Zero(t, counts(t, l))
	for i, v := range []receiver.Verdict{receiver.Verified, receiver.Verified, receiver.Trusted, receiver.Partial, receiver.Unsigned} {
		e := delivery(t, orderBody(fmt.Sprint("m", i), fmt.Sprint("o", i%3), "PLACED", start, 0), v)
		e.ReceivedAt = start.Add(time.Duration(i) * time.Second)
		appendAll(t, l, e)
	}
	appendAll(t, l, delivery(t, `{"event":"job.status","messageId":"j","body":{"jobId":"j1","status":"RUNNING"}}`, receiver.Verified))
	late := delivery(t, orderBody("m0", "o0", "PLACED", start, 0), receiver.Verified)
	late.ReceivedAt = start.Add(time.Minute)
	appendAll(t, l, late)
	l.Reject(delivery(t, orderBody("m9", "o9", "PLACED", start, 0), receiver.Rejected))
	want := receiver.Counts{
		Verified: 3, Trusted: 1, Partial: 1, Unsigned: 1, Rejected: 1, Duplicates: 1,
		Rows: receiver.RowCounts{3, 1}, LastSeq: 6, LastRejected: 1, LastArrival: start.Add(time.Minute),
	}
	require.NoError(t, l.Close())
	l = open(t, file, sqlite.Options{})
	assert.Equal(t, want, counts(t, l))
}

func TestQueueIsBounded(t *testing.T) {
	t.Parallel()
	// The writer waits for the transaction of another connection.
	file := filepath.Join(t.TempDir(), "events.db")
	l := open(t, file, sqlite.Options{Queue: 2})
	release := lock(t, file)
	var wg sync.WaitGroup
	busy := make(chan struct{})
	var once sync.Once
	for i := range 16 {
		wg.Go(func() {
			e := delivery(t, orderBody(fmt.Sprint(i), "o", "PLACED", start, 0), receiver.Verified)
			for {
				_, err := l.Append(context.Background(), e)
				if err == nil {
					return
				}
				assert.ErrorIs(t, err, receiver.ErrBusy)
				once.Do(func() { close(busy) })
				select {
				case <-busy:
				case <-t.Context().Done():
					return
				}
			}
		})
	}
	<-busy
	release()
	wg.Wait()
	assert.EqualValues(t, 16, counts(t, l).Events())
}

func TestAppendEndsWithItsContext(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "events.db")
	l := open(t, file, sqlite.Options{})
	release := lock(t, file)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		_, err := l.Append(ctx, delivery(t, orderBody("m", "o", "PLACED", start, 0), receiver.Verified))
		ended <- err
	}()
	cancel()
	require.ErrorIs(t, <-ended, context.Canceled)
	release()
	_, err := l.Append(ctx, delivery(t, orderBody("m2", "o", "PLACED", start, 0), receiver.Verified))
	require.ErrorIs(t, err, context.Canceled)
}

func TestCloseStoresWhatIsQueuedAndEndsReaders(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "events.db")
	l := open(t, file, sqlite.Options{})
	version, err := l.Wait(t.Context(), 0)
	require.NoError(t, err)
	ends := make(chan error, 2)
	go func() {
		_, err := l.Next(context.Background(), 1_000_000, 10)
		ends <- err
	}()
	go func() {
		v := version
		for {
			var err error
			if v, err = l.Wait(context.Background(), v); err != nil {
				ends <- err
				return
			}
		}
	}()
	release := lock(t, file)
	stored := make(chan error, 20)
	for i := range cap(stored) {
		go func() {
			_, err := l.Append(context.Background(), delivery(t, orderBody(fmt.Sprint(i), "o", "PLACED", start, 0), receiver.Verified))
			stored <- err
		}()
	}
	l.Reject(delivery(t, `{"event":"x"}`, receiver.Rejected))
	release()
	require.NoError(t, l.Close())
	require.NoError(t, l.Close(), "twice is once")
	for range cap(ends) {
		assert.ErrorIs(t, <-ends, receiver.ErrClosed)
	}
	var kept int64
	for range cap(stored) {
		if err := <-stored; err == nil {
			kept++
		} else {
			assert.ErrorIs(t, err, receiver.ErrClosed)
		}
	}
	_, err = l.Append(t.Context(), delivery(t, orderBody("late", "o", "PLACED", start, 0), receiver.Verified))
	assert.ErrorIs(t, err, receiver.ErrClosed)
	_, err = l.Counts(t.Context())
	assert.ErrorIs(t, err, receiver.ErrClosed)
	l.Reject(delivery(t, `{"event":"x"}`, receiver.Rejected))

	l = open(t, file, sqlite.Options{})
	assert.Equal(t, kept, counts(t, l).Events())
	assert.EqualValues(t, 1, counts(t, l).Rejected)
}

// A reader that opens a store while it is made finds no store or a complete one.
func TestOpenWhileAStoreIsMade(t *testing.T) {
	t.Parallel()
	for range 5 {
		file := filepath.Join(t.TempDir(), "events.db")
		var making sync.WaitGroup
		making.Go(func() {
			l, err := sqlite.Open(context.Background(), file, sqlite.Options{})
			if assert.NoError(t, err) {
				assert.NoError(t, l.Close())
			}
		})
		for {
			l, err := sqlite.Open(t.Context(), file, sqlite.Options{ReadOnly: true})
			if err == nil {
				require.NoError(t, l.Close())
				break
			}
			if !errors.Is(err, sqlite.ErrInterrupted) {
				require.ErrorIs(t, err, sqlite.ErrMissing)
			}
		}
		making.Wait()
	}
}

// A store that is removed while it is opened is missing: its permissions are not to blame.
func TestAStoreThatIsRemovedWhileItIsOpened(t *testing.T) {
	t.Parallel()
	movesOpenFiles(t)
	store := storeOf(t, anEvent(t, "o"))
	for range 200 {
		file := copyOf(t, store)
		removed := make(chan error)
		go func() { removed <- os.Remove(file) }()
		l, err := sqlite.Open(t.Context(), file, sqlite.Options{ReadOnly: true})
		require.NoError(t, <-removed)
		if err == nil {
			require.NoError(t, l.Close())
			continue
		}
		require.NotErrorIs(t, err, sqlite.ErrDenied)
	}
}
