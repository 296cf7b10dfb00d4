// Package feed is the page that lists all deliveries in the order in which they
// came, also the rejected ones. It looks at the store: it keeps only what is on the screen,
// and reads what it needs in the background.
package feed

import (
	"context"
	"fmt"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/browse"
	"github.com/up42/up42-webhooks/tui/cells"
	"github.com/up42/up42-webhooks/tui/detail"
	"github.com/up42/up42-webhooks/tui/glow"
	"github.com/up42/up42-webhooks/tui/history"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/marks"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/number"
	"github.com/up42/up42-webhooks/tui/table"
	"github.com/up42/up42-webhooks/tui/theme"
)

const (
	// keptEntries is how many deliveries the page keeps of those that it has read.
	keptEntries = 1000
	// retryAfter is the wait after a read that failed.
	retryAfter = time.Second
)

// Options are what a Page needs.
type Options struct {
	Log   receiver.Reader
	Theme *theme.Theme
	// Columns are the names of the columns to show, in their order. Nil: all. See [Columns].
	Columns []string
	// Now is the clock. Times are shown in its time zone.
	Now func() time.Time
	// Do makes a command of a function. It owns the command's goroutine and
	// context.
	Do func(func(context.Context) tea.Msg) tea.Cmd
	// Empty returns a few lines that say what to do while no delivery has come.
	Empty func() []string
	// Names returns the names of webhooks by their ids. If it is nil, the page has no column
	// for webhooks, unless it is one of Columns.
	Names func() map[string]string
	// Good reports whether the rejected delivery with a number is good now. It may be nil.
	Good func(number int64) bool
	// Keys are the dashboard's keys. Nil if the page gets no keys.
	Keys *keys.Map
	// Say shows a note. It may be nil.
	Say note.Say
	// CopyID copies an id to the clipboard.
	CopyID func(id string) tea.Cmd
	// Kept is how many deliveries the page keeps of those that it has read. 0: 1,000.
	Kept int
	// Still: deliveries that have just come do not glow.
	Still bool
}

// Page is the feed.
type Page struct {
	*browse.Browser
	listing
	o Options

	ready     bool
	now, seen deliveries // in the store; those that may be listed, which are older during a pause
	paused    bool
	contents  contents

	expr string // of the filter
	// shown is the search whose result is listed, nil if all deliveries are. next is one
	// that has not answered yet, or that is to replace it once it is complete.
	shown, next *search

	fetching bool
	err      error
	names    webhookNames
	marks    *marks.Marks
	glow     *glow.Glow[int64]
}

// New makes an empty page.
func New(o Options) *Page {
	if o.Kept == 0 {
		o.Kept = keptEntries
	}
	p := &Page{o: o, names: webhookNames{lookup: o.Names}, contents: contents{read: history.NewCache[*Entry](o.Kept)}}
	p.now.stored = history.NewStored(1, 0)
	if !o.Still && o.Theme.Glows() {
		p.glow = glow.New[int64](o.Do, o.Now)
	}
	v := view{theme: o.Theme, now: o.Now, names: &p.names, good: o.Good, glow: p.glow, chosen: o.Columns}
	p.window = table.NewWindow(&p.contents, table.WindowOptions[*Entry]{Columns: v.columns(), Sorted: timeTitle, Marked: p.marked, Theme: o.Theme, Empty: p.empty})
	p.marks = marks.New(p)
	p.Browser = browse.New(p, browse.Options{Keys: o.Keys, Say: o.Say, Selected: p.selectedID, Copy: p.copyID})
	p.relist()
	return p
}

func (p *Page) empty() []string {
	if p.shown == nil {
		return p.o.Empty()
	}
	if n, all, ok := p.Searching(); ok {
		return table.NoMatch(fmt.Sprintf("Nothing found so far: %s of %s searched%s", number.Format(int64(n)), number.Format(int64(all)), p.o.Theme.Glyphs.Ellipsis), p.o.Keys)
	}
	return table.NoMatch(table.NothingMatches, p.o.Keys)
}

// News is what has come into the log.
type News struct {
	// Oldest and Newest are the numbers of the oldest and the newest event in the log, and
	// LastRejected that of the newest rejected delivery.
	Oldest, Newest, LastRejected int64
	// Entries are new deliveries: the events among them in their order, and so the rejected
	// ones. Some may be missing.
	Entries []*Entry
	// Admitted are those of the new events that were admitted, all of them. The first call
	// has all in the log.
	Admitted []history.Inserted
}

// Take takes what has come into the log. The first call says what is there.
func (p *Page) Take(n *News) tea.Cmd {
	before := p.now.stored.Last()
	if !p.ready {
		p.now.stored = history.NewStored(n.Oldest, n.Newest)
		before = n.Oldest - 1
	}
	p.now.stored.Extend(n.Oldest, n.Newest)
	p.now.admitted.Remove(0, n.Oldest-1)
	p.now.admit(n.Admitted)
	p.now.lastRejected = n.LastRejected
	complete := p.ready || n.Newest < n.Oldest // the entries have all events between which the rejected ones may be
	for _, e := range n.Entries {
		p.contents.read.Put(e.Key(), e)
		if from := e.about.Value().from; from != 0 {
			p.now.rejections.Remove(from)
		}
		complete = complete || e.Seq == n.Oldest && !e.Rejected()
	}
	p.now.rejections.Add(between(n.Entries, before, complete)...)
	p.relist()
	p.tidy()
	if p.ready {
		return nil
	}
	p.ready = true
	return p.place()
}

// Glow lets deliveries glow that have just come.
func (p *Page) Glow(entries []*Entry) tea.Cmd {
	if p.glow == nil || p.paused {
		return nil
	}
	keys := make([]int64, len(entries))
	for i, e := range entries {
		keys[i] = e.Key()
	}
	return p.glow.Add(keys...)
}

// between places the rejected deliveries of some entries between the events. before is the
// newest of earlier events. Unless complete is true, there may be others between, so only
// those are placed that came after one of the events.
func between(entries []*Entry, before int64, complete bool) (placed []history.Inserted) {
	var events []*Entry
	for _, e := range entries {
		if !e.Rejected() {
			events = append(events, e)
		}
	}
	if len(events) > 0 {
		before = events[0].Seq - 1
	}
	for _, r := range entries {
		if !r.Rejected() {
			continue
		}
		one := history.Inserted{Key: -r.Seq, At: r.at, After: before}
		for _, e := range events {
			if !e.Admitted() && e.at <= r.at {
				one.After = e.Seq
			}
		}
		if complete || one.After > before {
			placed = append(placed, one)
		}
	}
	return placed
}

// Drop removes rejected deliveries that are no longer in the store: they were admitted.
func (p *Page) Drop(numbers []int64) {
	p.now.rejections.Remove(numbers...)
	p.relist()
}

// relist updates what is listed.
func (p *Page) relist() {
	if !p.paused {
		p.seen = p.now
	}
	var words []table.Word
	p.contents.list = p.seen.all()
	if s := p.shown; s != nil {
		s.Trim(p.seen.stored.First())
		words = s.words
		p.contents.list = history.List{Events: s, Between: history.Merge(p.seen.rejections.Only(s.Rejected), p.seen.admitted.Only(s.Admitted))}
	}
	p.window.Seek(words)
	p.window.Changed()
}

// tidy forgets what is not needed now, if much was read.
func (p *Page) tidy() {
	p.contents.read.Tidy(func() []int64 {
		_, needed := p.contents.unread(p.window.Visible())
		return needed
	})
}

// Rename takes the names of webhooks, if they have changed.
func (p *Page) Rename() {
	if p.names.update() {
		p.window.Invalidate()
		p.renew()
	}
}

// ReadFurther reads what is on the screen and not read yet, and goes on with a search.
func (p *Page) ReadFurther() tea.Cmd {
	if !p.ready {
		return nil
	}
	return tea.Batch(p.fetch(), p.searchOn(p.shown), p.searchOn(p.next))
}

// Update takes the answers of the page's commands.
func (p *Page) Update(msg tea.Msg) tea.Cmd {
	switch m := msg.(type) {
	case fetchedMsg:
		p.fetched(m)
	case searchedMsg:
		p.searched(m)
	case placedMsg:
		return tea.Batch(p.placed(m), p.ReadFurther())
	case glow.Over:
		p.Invalidate()
		return p.glow.Expire()
	}
	return p.ReadFurther()
}

// Err returns why deliveries could not be read, or nil.
func (p *Page) Err() error { return p.err }

// Len returns how many deliveries are listed, and of how many.
func (p *Page) Len() (shown, total int) {
	all := p.seen.all()
	return p.contents.list.Len(), all.Len()
}

// Rejected returns how many rejected deliveries the store has.
func (p *Page) Rejected() int { return len(p.now.rejections.All()) }

// SetPaused freezes the list, or lists what came meanwhile.
func (p *Page) SetPaused(paused bool) {
	p.paused = paused
	p.relist()
}

// Paused reports whether the list is frozen.
func (p *Page) Paused() bool { return p.paused }

// NewRows returns how many deliveries came since the list was paused.
func (p *Page) NewRows() int {
	return int(p.now.stored.Last() - p.seen.stored.Last() + p.now.lastRejected - p.seen.lastRejected)
}

// Press takes a key. It returns false if the key means nothing here.
func (p *Page) Press(msg tea.KeyMsg) (cmd tea.Cmd, ok bool) {
	if k := p.o.Keys; k != nil && !msg.Paste && key.Matches(msg, k.Sort, k.Reverse) {
		p.refuseSort()
		return nil, true
	}
	return p.Browser.Press(msg)
}

func (p *Page) refuseSort() {
	p.o.Say.Hint("events stay in their order; filter instead: " + keys.First(p.o.Keys.Filter) + " verdict:partial or event:order.status")
}

// SortByColumn says that the list can't be sorted.
func (p *Page) SortByColumn(string) (tea.Cmd, bool) {
	p.refuseSort()
	return nil, true
}

// Subject returns the delivery under the cursor. ok is false if the list is empty.
func (p *Page) Subject() (s detail.Subject, ok bool) {
	key, ok := p.window.Selected()
	if !ok {
		return s, false
	}
	e := p.contents.Row(key)
	return detail.Subject{
		Key: receiver.Key{Kind: e.Kind, ID: e.ID(), Test: !e.live}, Seq: e.Seq, Rejected: e.Rejected(), Unread: e.absent != "",
	}, true
}

func (p *Page) selectedID() (id string, ok bool) {
	s, ok := p.Subject()
	return s.Key.ID, ok
}

func (p *Page) copyID(id string) tea.Cmd {
	switch s, _ := p.Subject(); {
	case s.Unread:
		p.o.Say.Hint("nothing to copy: the delivery is not read yet")
		return nil
	case !cells.WholeID(id):
		p.o.Say.Hint(fmt.Sprintf("the id is very long: %s shows the delivery, and %s copies the whole id there", keys.First(p.o.Keys.Details), keys.First(p.o.Keys.Copy)))
		return nil
	}
	return p.o.CopyID(id)
}
