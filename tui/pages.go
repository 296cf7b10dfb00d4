package tui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/detail"
	"github.com/up42/up42-webhooks/tui/feed"
	"github.com/up42/up42-webhooks/tui/follow"
	"github.com/up42/up42-webhooks/tui/marks"
	"github.com/up42/up42-webhooks/tui/overview"
	"github.com/up42/up42-webhooks/tui/status"
	"github.com/up42/up42-webhooks/tui/undelivered"
)

// pageID names a page. It is also the page's place among the tabs, and its key.
type pageID int

const (
	onOverview pageID = iota
	onJobs
	onOrders
	onEvents
	onWebhooks
	onUndelivered
	pageCount
)

// String is the page's name.
func (p pageID) String() string {
	return [...]string{"Overview", "Jobs", "Orders", "Events", "Webhooks", "Undelivered"}[p]
}

// name is how a page is called in the file.
func (p pageID) name() string { return strings.ToLower(p.String()) }

// brief is a shorter name.
func (p pageID) brief() string {
	return [...]string{"Over.", "Jobs", "Orders", "Events", "Hooks", "Undel."}[p]
}

// kind is what the rows of a page are. ok is false for pages without rows.
func (p pageID) kind() (k receiver.Kind, ok bool) {
	switch p {
	case onJobs:
		return receiver.Job, true
	case onOrders:
		return receiver.Order, true
	default:
		return "", false
	}
}

// pages are all pages and which of them is shown.
type pages struct {
	overview     *overview.Page
	jobs, orders *status.Page
	events       *feed.Page
	webhooks     webhooksPage
	undelivered  *undelivered.Page
	current      pageID
}

func (ps *pages) list() list { return ps.lists()[ps.current] }

func (ps *pages) lists() [pageCount]list {
	return [...]list{ps.overview, ps.jobs, ps.orders, ps.events, ps.webhooks, ps.undelivered}
}

// rows is the page for rows of a kind. ok is false for kinds without a page.
func (ps *pages) rows(k receiver.Kind) (page *status.Page, id pageID, ok bool) {
	switch k {
	case receiver.Job:
		return ps.jobs, onJobs, true
	case receiver.Order:
		return ps.orders, onOrders, true
	default:
		return nil, 0, false
	}
}

// olderErr is why the page that is shown could not read what the store has, or nil.
func (ps *pages) olderErr() error {
	switch ps.current {
	case onJobs:
		return ps.jobs.Err()
	case onOrders:
		return ps.orders.Err()
	case onEvents:
		return ps.events.Err()
	default:
		return nil
	}
}

// searching says how far the search of the page that is shown is, while it goes on.
func (ps *pages) searching() (searched, all int, ok bool) {
	if l, searches := ps.list().(interface {
		Searching() (searched, all int, ok bool)
	}); searches {
		return l.Searching()
	}
	return 0, 0, false
}

// subject is what is under the cursor. ok is false if that has no details.
func (ps *pages) subject() (detail.Subject, bool) {
	if p, ok := ps.list().(detailing); ok {
		return p.Subject()
	}
	return detail.Subject{}, false
}

// listing is what UP42 said about a row. It knows no test events.
func (ps *pages) listing(k receiver.Key) (l detail.Listing, ok bool) {
	p, _, ok := ps.rows(k.Kind)
	if !ok || k.Test {
		return l, false
	}
	return p.Listing(k.ID)
}

// setSize sets the size of all pages. Those with details are narrower if these are beside.
func (ps *pages) setSize(w, beside, h int) {
	for _, l := range ps.lists() {
		if _, ok := l.(detailing); ok && l != list(ps.overview) {
			l.SetSize(beside, h)
		} else {
			l.SetSize(w, h)
		}
	}
}

// setPaused freezes all pages but that of webhooks, which change only by the
// user's own actions.
func (ps *pages) setPaused(paused bool) {
	ps.overview.SetPaused(paused)
	ps.jobs.SetPaused(paused)
	ps.orders.SetPaused(paused)
	ps.events.SetPaused(paused)
	ps.undelivered.SetPaused(paused)
}

func (ps *pages) paused() bool { return ps.events.Paused() }

// invalidateEmpty draws empty pages again, as what they say has changed.
func (ps *pages) invalidateEmpty() {
	ps.overview.Invalidate() // to count its lines is to draw it
	for _, l := range ps.lists() {
		if l == list(ps.overview) {
			continue
		}
		if shown, _ := l.Len(); shown == 0 {
			l.Invalidate()
		}
	}
}

// captured reports whether all keys belong to the page: the user fills in a form.
func (ps *pages) captured() bool { return ps.current == onWebhooks && ps.webhooks.Captures() }

// restoreMarks marks rows that were marked before, by the names of the pages.
func (ps *pages) restoreMarks(rows map[string][]marks.Row) {
	for p, l := range ps.lists() {
		if marked, ok := l.(marked); ok {
			marked.Marks().Restore(rows[pageID(p).name()])
		}
	}
}

// saw tells the page of webhooks through which of them deliveries came.
func (ps *pages) saw(entries []*feed.Entry) {
	for _, e := range entries {
		if id := e.Webhook(); id != "" {
			ps.webhooks.Saw(id, e.At())
		}
	}
}

// glow lets what has just changed glow on the page that is shown.
func (ps *pages) glow(b *follow.Batch) tea.Cmd {
	switch ps.current {
	case onJobs:
		return ps.jobs.Glow(b.Jobs)
	case onOrders:
		return ps.orders.Glow(b.Orders)
	case onEvents:
		return ps.events.Glow(b.Entries)
	default:
		return nil
	}
}
