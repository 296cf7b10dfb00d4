package status

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/history"
)

const (
	// keptOlder is how many older rows are kept of those that were read.
	keptOlder = 1000
	// retryAfter is the wait after a read that failed.
	retryAfter = time.Second
)

// older are the rows that the store has and the table does not, as there are too many. Only
// their numbers are kept: the event that changed each of them last. It is the table's tail.
type older struct {
	page *Page
	o    *Options
	// before is greater than the numbers of all older rows. 0: the store has no older rows.
	before int64
	// whole says that the table has had all rows of the store.
	whole bool
	// shown are those that are listed, next those that are to be.
	shown, next *rowSearch
	read        history.Cache[*Row]
	fetching    bool
	err         error
}

// Len implements table.Tail.
func (l *older) Len() int {
	if l.shown == nil {
		return 0
	}
	return l.shown.Len()
}

// Row implements table.Tail.
func (l *older) Row(i int) *Row {
	n := l.shown.At(i)
	if r, ok := l.read.Get(n); ok {
		return r
	}
	return unread(l.o.Kind, n)
}

// Index implements table.Tail.
func (l *older) Index(r *Row) (i int, ok bool) {
	if l.shown == nil || r.Seq == 0 || r.Seq > l.shown.newest {
		return 0, false
	}
	return l.shown.Newer(r.Seq), true
}

// begin lists the rows before a number. complete says that the table has all rows so far.
func (l *older) begin(before int64, complete bool) {
	l.before = before
	s := l.search(l.page.parsed)
	if complete {
		s.before = 0
	}
	l.shown = s
}

func (l *older) search(f *filter.Filter) *rowSearch {
	return &rowSearch{filter: f, began: l.o.Now(), newest: l.before - 1, before: l.before}
}

// narrow lists only older rows that pass a filter.
func (l *older) narrow(f *filter.Filter) {
	if l.before == 0 {
		return
	}
	l.replace(nil)
	l.next = l.search(f)
	l.next.ids = f.Search(receiver.EventQuery{}, l.o.Now).IDs
}

// wanted returns the search that the user asked for last, or nil.
func (l *older) wanted() *rowSearch {
	if l.next != nil && !l.next.renews {
		return l.next
	}
	return l.shown
}

// replace ends the search that is to be shown, and puts another in its place.
func (l *older) replace(s *rowSearch) {
	if l.next != nil {
		l.next.stopped.Store(true)
	}
	l.next = s
}

// tick searches again if the result depends on the time.
func (l *older) tick() {
	s := l.shown
	if s == nil || l.next != nil || s.before != 0 || !s.filter.TimeBound() || l.o.Now().Before(s.again) {
		return
	}
	l.next = l.search(s.filter)
	l.next.renews = true
}

// trimmed takes rows from the table, the newest of which is the first. Until it is known which
// rows are older, they are among these.
func (l *older) trimmed(rows []*Row) {
	if l.before == 0 && !l.whole {
		return
	}
	for i := len(rows) - 1; i >= 0; i-- {
		r := rows[i]
		if r.Seq == 0 {
			continue
		}
		if l.before == 0 {
			l.begin(r.Seq, true)
		}
		l.before = max(l.before, r.Seq+1)
		for _, s := range []*rowSearch{l.shown, l.next} {
			if s != nil && r.Seq > s.newest && passes(l.o.Kind)(s.filter, r, s.began) {
				s.AddNewer(r.Seq)
				s.newest = r.Seq
			}
		}
		l.read.Put(r.Seq, r)
	}
	l.tidy()
}

// separate leaves out the older rows that the table has now, as they have changed.
func (l *older) separate() {
	if l.page.Paused() {
		return
	}
	for n, r := range l.read.All() {
		if now, ok := l.page.Get(r.id); ok && now.Seq != n {
			l.remove(n)
			l.read.Delete(n)
		}
	}
}

// remove leaves out a number: there is no such row any more.
func (l *older) remove(n int64) {
	for _, s := range []*rowSearch{l.shown, l.next} {
		if s != nil {
			s.Remove(n)
		}
	}
}

// unreadOnes returns the numbers of older rows on the screen, and of as many beside them, that
// are not read yet. needed are the numbers of all these.
func (l *older) unreadOnes() (unread, needed []int64) {
	from, to := l.page.Visible()
	if from == to {
		return nil, nil
	}
	n := to - from
	for i := max(0, from-n); i < min(l.Len(), to+n); i++ {
		number := l.shown.At(i)
		needed = append(needed, number)
		if _, ok := l.read.Get(number); !ok {
			unread = append(unread, number)
		}
	}
	return unread, needed
}

func (l *older) tidy() {
	l.read.Tidy(func() []int64 {
		_, needed := l.unreadOnes()
		return needed
	})
}

// later makes a command of a function, after a wait if the last read failed.
func (l *older) later(f func(context.Context) tea.Msg) tea.Cmd {
	if l.err == nil {
		return l.o.Do(f)
	}
	return command.Later(l.o.Do, retryAfter, f)
}

// rowsFetched is the answer of fetch.
type rowsFetched struct {
	rows    []*Row
	missing []int64
	err     error
}

// fetch reads the older rows that are on the screen.
func (l *older) fetch() tea.Cmd {
	if l.fetching || l.shown == nil {
		return nil
	}
	l.tidy()
	unread, _ := l.unreadOnes()
	if len(unread) == 0 {
		return nil
	}
	l.fetching = true
	log, kind := l.o.Log, l.o.Kind
	return l.later(func(ctx context.Context) tea.Msg {
		m := rowsFetched{}
		for _, n := range unread {
			rows, err := Read(ctx, log, receiver.RowQuery{Kind: kind, After: n - 1, Before: n + 1, Limit: 1})
			if err != nil {
				m.err = err
				return m
			}
			if m.rows = append(m.rows, rows...); len(rows) == 0 {
				m.missing = append(m.missing, n)
			}
		}
		return m
	})
}

func (l *older) fetched(m rowsFetched) {
	l.fetching = false
	if l.err = m.err; m.err != nil {
		return
	}
	for _, n := range m.missing {
		l.remove(n)
	}
	for _, r := range m.rows {
		if _, known := l.page.Get(r.id); known {
			l.remove(r.Seq)
		} else {
			l.read.Put(r.Seq, r)
		}
	}
}
