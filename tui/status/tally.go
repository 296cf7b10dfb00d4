package status

import (
	"cmp"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// Tally counts the live rows of a table by their classes, and ranks some of them. A change
// costs as much as the rows that it is about, however many others there are. While the table
// is paused, the tally does not change.
type Tally struct {
	now      func() time.Time
	classes  [receiver.NumClasses]int
	tests    int
	days     map[dayOf]int // the rows that are over
	rankings [rankings]*ranking
}

// Rank is a way to rank rows.
type Rank int

// The rankings.
const (
	// NeedYou, InTrouble and Longest have the rows that wait for the user, those in trouble,
	// and all that are not over. Those that have had their status for the longest time come
	// first.
	NeedYou Rank = iota
	InTrouble
	Longest
	// Failures has the rows that failed, the latest first.
	Failures
	// Latest has all rows, and Finished those that are over: those that changed last first.
	Latest
	Finished
	rankings
)

// dayOf is a class on a day: the number of days since 1970, in the time zone of the clock.
type dayOf struct {
	class receiver.Class
	day   int64
}

// ahead is how many days ahead of this clock the times of rows may be and still count as
// new.
const ahead = 2

func newTally(now func() time.Time) *Tally {
	oldest := func(a, b *Row) int { return cmp.Compare(a.changed, b.changed) }
	newest := func(a, b *Row) int { return cmp.Compare(b.changed, a.changed) }
	return &Tally{now: now, days: map[dayOf]int{}, rankings: [...]*ranking{
		NeedYou:   newRanking(oldest, func(r *Row) bool { return r.class == receiver.NeedsYou }),
		InTrouble: newRanking(oldest, func(r *Row) bool { return r.class == receiver.InTrouble }),
		Longest:   newRanking(oldest, func(r *Row) bool { return !r.class.Final() && r.changed != 0 }),
		Failures:  newRanking(newest, func(r *Row) bool { return r.class == receiver.Failed }),
		Latest:    newRanking(newest, func(r *Row) bool { return r.changed != 0 }),
		Finished:  newRanking(newest, func(r *Row) bool { return r.class.Final() && r.changed != 0 }),
	}}
}

// Count returns how many rows have a class.
func (t *Tally) Count(c receiver.Class) int { return t.classes[c] }

// Tests returns how many rows are made of test events. Nothing else counts them.
func (t *Tally) Tests() int { return t.tests }

// Since returns how many rows of a class that is final got their status since the beginning
// of a day: today, or some days before.
func (t *Tally) Since(c receiver.Class, daysAgo int) (n int) {
	today := t.day(t.now())
	for day := today - int64(daysAgo); day <= today+ahead; day++ {
		n += t.days[dayOf{c, day}]
	}
	return n
}

// Midnight returns when a day began: today, or some days before.
func (t *Tally) Midnight(daysAgo int) time.Time {
	now := t.now()
	y, m, d := now.Date()
	return time.Date(y, m, d-daysAgo, 0, 0, 0, 0, now.Location())
}

// First returns the first rows of a ranking.
func (t *Tally) First(of Rank, limit int) []*Row { return t.rankings[of].first(limit) }

// day returns the number of the day of a time.
func (t *Tally) day(at time.Time) int64 {
	y, m, d := at.In(t.now().Location()).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / int64(24*time.Hour/time.Second)
}

// change takes the rows that are not in the table any more, and those that are now.
func (t *Tally) change(out, in []*Row) {
	for _, r := range out {
		t.count(r, -1)
	}
	for _, r := range in {
		t.count(r, 1)
	}
	for _, ranking := range t.rankings {
		ranking.change(out, in)
	}
}

func (t *Tally) count(r *Row, by int) {
	if !r.live {
		t.tests += by
		return
	}
	t.classes[r.class] += by
	if r.class.Final() {
		k := dayOf{r.class, t.day(timeOf(r.changed))}
		if t.days[k] += by; t.days[k] == 0 {
			delete(t.days, k)
		}
	}
}
