package sqlite_test

import (
	"fmt"
	"math/rand/v2"
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

const (
	day  = 24 * time.Hour
	year = 365 * day
)

// machine is a machine whose wall clock can be wrong, with a store.
type machine struct {
	t    *testing.T
	file string
	keep time.Duration

	mu    sync.Mutex
	right time.Time     // the true time
	wrong time.Duration // how far the wall clock is ahead of it
	jumps []time.Duration

	log    *sqlite.Log // nil while no receiver runs
	ticks  chan struct{}
	pruned chan bool

	sent int
	came map[int64]time.Time // the true arrival of each event
}

func newMachine(t *testing.T, keep time.Duration) *machine {
	m := &machine{t: t, file: filepath.Join(t.TempDir(), "events.db"), keep: keep, right: start, came: map[int64]time.Time{}}
	t.Cleanup(func() { m.stop() })
	return m
}

func (m *machine) wall() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.right.Add(m.wrong)
}

func (m *machine) elapsed() time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.right.Sub(start)
}

// pass lets time pass.
func (m *machine) pass(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.right = m.right.Add(d)
}

// set sets the wall clock.
func (m *machine) set(wrong time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.wrong = wrong
}

// setTo sets the wall clock to a time.
func (m *machine) setTo(year int) {
	m.set(time.Date(year, 2, 3, 4, 5, 6, 0, time.UTC).Sub(m.right))
}

func (m *machine) start() {
	m.ticks, m.pruned = make(chan struct{}), make(chan bool, 1000)
	m.log = open(m.t, m.file, sqlite.Options{
		Keep: m.keep, Now: m.wall, ClockJumped: func(by time.Duration) { m.jumps = append(m.jumps, by) },
	}.WithElapsed(m.elapsed).WithTicks(m.ticks).WithPruned(func(more bool) { m.pruned <- more }))
	for <-m.pruned {
	}
}

func (m *machine) stop() {
	if m.log != nil {
		require.NoError(m.t, m.log.Close())
		m.log = nil
	}
}

// restart stops the receiver for a while.
func (m *machine) restart(off time.Duration) {
	m.stop()
	m.pass(off)
	m.start()
}

// receive stores n events.
func (m *machine) receive(n int) {
	events := make([]*receiver.Event, n)
	for i := range events {
		events[i] = delivery(m.t, orderBody(fmt.Sprint("m-", m.sent), fmt.Sprint("o-", m.sent), "PLACED", start, 0), receiver.Verified)
		events[i].ReceivedAt = m.wall()
		m.sent++
	}
	if n == 0 {
		return
	}
	receipts, err := m.log.AppendAll(m.t.Context(), events)
	require.NoError(m.t, err)
	for _, r := range receipts {
		m.came[r.Seq] = m.right
	}
}

// retain lets retention delete what it may. It returns how many events are left.
func (m *machine) retain() int {
	m.ticks <- struct{}{}
	for <-m.pruned {
		m.ticks <- struct{}{}
	}
	return int(counts(m.t, m.log).Events())
}

func TestEventsOfAWrongClockAreKeptUntilTheyAreOld(t *testing.T) {
	for _, wrong := range []int{1970, 2099} {
		t.Run(fmt.Sprint(wrong), func(t *testing.T) {
			m := newMachine(t, 30*day)
			m.setTo(wrong)
			m.start()
			m.receive(40)
			m.pass(time.Hour)
			m.set(0)
			assert.Equal(t, 40, m.retain())
			m.receive(1)
			m.restart(time.Minute)
			assert.Equal(t, 41, m.retain())
			for range 29 {
				m.pass(day)
				m.receive(1)
				m.retain()
			}
			assert.Equal(t, 70, m.retain(), "none is older than 30 days")
			m.pass(2 * day)
			m.receive(1)
			m.retain()
			m.pass(day)
			assert.Less(t, m.retain(), 35, "those from before the clock was mended are gone")
			require.Len(t, m.jumps, 1)
		})
	}
}

func TestAWrongClockAtTheStartDeletesNothing(t *testing.T) {
	for name, wrong := range map[string]time.Duration{"1970": -56 * year, "2099": 73 * year, "a year ahead": year, "two months ahead": 60 * day} {
		t.Run(name, func(t *testing.T) {
			m := newMachine(t, 30*day)
			m.start()
			for range 20 {
				m.receive(2)
				m.pass(day)
			}
			m.set(wrong)
			m.restart(time.Minute)
			assert.Equal(t, 40, m.retain())
			m.receive(20)
			m.pass(20 * time.Minute)
			assert.Equal(t, 60, m.retain())
			m.set(0)
			assert.Equal(t, 60, m.retain())
			m.receive(1)
			m.pass(2 * time.Hour)
			assert.Equal(t, 61, m.retain())
			m.restart(time.Minute)
			m.pass(2 * time.Hour)
			assert.Equal(t, 61, m.retain())
			m.pass(11 * day)
			assert.InDelta(t, 61, m.retain(), 4, "the first ones are old now")
			m.receive(1)
			m.pass(31 * day)
			m.receive(1)
			m.retain()
			assert.LessOrEqual(t, m.retain(), 2)
		})
	}
}

func TestAClockThatIsPutAheadDeletesNothing(t *testing.T) {
	for name, by := range map[string]time.Duration{"a year": year, "two months": 60 * day, "50 years": 50 * year} {
		t.Run(name, func(t *testing.T) {
			m := newMachine(t, 30*day)
			m.start()
			m.receive(50)
			m.pass(20 * day)
			m.receive(50)
			m.set(by)
			assert.Equal(t, 100, m.retain())
			m.pass(2 * time.Hour)
			m.receive(50)
			assert.Equal(t, 150, m.retain())
			m.restart(time.Minute)
			m.pass(5 * time.Hour)
			assert.Equal(t, 150, m.retain(), "also after a restart")
			m.pass(10 * day)
			m.receive(1)
			assert.Equal(t, 101, m.retain(), "the first 50 are 30 days old")
			assert.Equal(t, []time.Duration{by}, m.jumps)
		})
	}
}

func TestATimeThatDoesNotFitIsNotBelieved(t *testing.T) {
	for name, wrong := range map[string]time.Duration{"behind": -3 * year, "ahead": 3 * year, "1970": -56 * year, "two months behind": -60 * day} {
		t.Run(name, func(t *testing.T) {
			m := newMachine(t, 30*day)
			m.start()
			m.receive(20)
			body := orderBody("wrong", "o-wrong", "PLACED", start, 0)
			e := delivery(t, body, receiver.Verified)
			e.ReceivedAt = start.Add(wrong)
			r, err := m.log.Append(t.Context(), e)
			require.NoError(t, err)
			m.pass(time.Minute)
			m.receive(20)
			assert.Equal(t, 41, m.retain())
			m.restart(time.Minute)
			m.pass(2 * time.Hour)
			assert.Equal(t, 41, m.retain())
			since, err := m.log.Events(t.Context(), receiver.EventQuery{Since: start.Add(time.Minute)})
			require.NoError(t, err)
			assert.GreaterOrEqual(t, len(since), 20, "found by time")

			m.pass(20 * day)
			m.receive(20)
			m.pass(11 * day)
			assert.Equal(t, 20, m.retain(), "it goes with its neighbours")
			assert.NotContains(t, seqsOf(allEvents(t, m.log)), r.Seq)
			since, err = m.log.Events(t.Context(), receiver.EventQuery{Since: start.Add(19 * day)})
			require.NoError(t, err)
			assert.Len(t, since, 20, "found by time")
		})
	}
}

// After a pause the clock may be wrong. NTP has an hour to mend it.
func TestAStoreThatWasNotUsedForLong(t *testing.T) {
	m := newMachine(t, 30*day)
	m.start()
	m.receive(20)
	m.restart(60 * day)
	assert.Equal(t, 20, m.retain())
	m.pass(30 * time.Minute)
	m.receive(1)
	assert.Equal(t, 21, m.retain())
	m.pass(31 * time.Minute)
	assert.Equal(t, 1, m.retain())

	m.restart(3 * year)
	m.pass(20 * day)
	assert.Equal(t, 1, m.retain(), "nobody knows that these were years")
	m.pass(10*day + time.Minute)
	assert.Zero(t, m.retain(), "the receiver ran for 30 days")
}

func TestSleepIsNoJump(t *testing.T) {
	m := newMachine(t, 30*day)
	m.start()
	m.receive(1)
	m.pass(8 * time.Hour)
	m.receive(1)
	m.set(5 * time.Second) // as NTP corrects a clock
	m.receive(1)
	m.retain()
	assert.Empty(t, m.jumps)
	m.set(-time.Hour)
	m.receive(1)
	assert.Equal(t, []time.Duration{-time.Hour - 5*time.Second}, m.jumps)
	info, err := m.log.Info(t.Context())
	require.NoError(t, err)
	require.Len(t, info.Jumps, 1)
	assert.EqualValues(t, 3, info.Jumps[0].Seq)
	assert.Equal(t, []int64{1, 2, 3, 4}, seqsOf(allEvents(t, m.log)))
}

// Without the jump the events of a clock that was behind would be deleted.
func TestJumpsOfTheClockSurviveACopy(t *testing.T) {
	for how, renew := range map[string]func(t *testing.T, file string) string{
		"repair": func(t *testing.T, file string) string {
			damagePages(t, file, pagesOf(t, file, "minutes", "leaf")...)
			r, err := sqlite.Repair(t.Context(), file)
			require.NoError(t, err)
			require.False(t, r.Sound)
			return file
		},
		"export and import": func(t *testing.T, file string) string {
			l, err := sqlite.Open(t.Context(), file, sqlite.Options{ReadOnly: true})
			require.NoError(t, err)
			defer l.Close()
			copied := filepath.Join(t.TempDir(), "copy.db")
			_, err = sqlite.Import(t.Context(), copied, strings.NewReader(exported(t, l)))
			require.NoError(t, err)
			return copied
		},
	} {
		t.Run(how, func(t *testing.T) {
			m := newMachine(t, 30*day)
			m.set(-60 * day)
			m.start()
			m.receive(40)
			m.pass(time.Hour)
			m.set(0)
			m.receive(1)
			before, err := m.log.Info(t.Context())
			require.NoError(t, err)
			require.Len(t, before.Jumps, 1)
			m.stop()
			m.file = renew(t, m.file)
			m.start()
			after, err := m.log.Info(t.Context())
			require.NoError(t, err)
			assert.Equal(t, before.Jumps, after.Jumps)
			m.pass(2 * time.Hour)
			m.receive(1)
			assert.Equal(t, 42, m.retain())
		})
	}
}

// Clocks jump, are wrong at starts and are mended, in any order: nothing is deleted
// before a third of --keep is over.
func TestNothingYoungIsDeletedWhateverTheClockDoes(t *testing.T) {
	const keep = 30 * day
	for seed := range uint64(rounds(t, "UP42_CLOCKS", 1)) {
		random := rand.New(rand.NewPCG(seed, 7))
		span := func(most time.Duration) time.Duration { return time.Duration(random.Int64N(int64(most))) }
		errors := []time.Duration{-56 * year, -60 * day, -2 * time.Hour, 20 * time.Minute, 50 * day, 2 * year, 73 * year}
		m := newMachine(t, keep)
		m.start()
		for range 40 {
			switch random.IntN(10) {
			case 0, 1, 2, 3:
				m.receive(1 + random.IntN(20))
			case 4, 5, 6:
				m.pass(span(2 * day))
			case 7: // the clock jumps, and is mended
				m.set(errors[random.IntN(len(errors))])
				m.receive(random.IntN(30))
				m.retain()
				m.pass(span(day))
				m.receive(random.IntN(2))
				m.set(0)
			case 8: // it is wrong at a start, and is mended by NTP
				m.set(errors[random.IntN(len(errors))])
				m.restart(span(5 * day))
				m.receive(random.IntN(30))
				m.retain()
				m.pass(span(50 * time.Minute))
				m.set(0)
			case 9:
				m.restart(span(10 * day))
			}
			m.retain()
			left := map[int64]bool{}
			for _, seq := range seqsOf(allEvents(t, m.log)) {
				left[seq] = true
			}
			for seq, came := range m.came {
				if age := m.right.Sub(came); !left[seq] && age < keep/3 {
					t.Fatalf("seed %d: event %d is deleted after %v", seed, seq, age)
				} else if !left[seq] {
					delete(m.came, seq)
				}
			}
		}
		// And what is old goes.
		m.set(0)
		for range 40 {
			m.pass(2 * day)
			m.receive(1)
			m.retain()
		}
		assert.LessOrEqual(t, m.retain(), 60, "seed %d", seed)
		m.stop()
	}
}
