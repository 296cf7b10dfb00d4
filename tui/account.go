package tui

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/detail"
	"github.com/up42/up42-webhooks/tui/status"
	"github.com/up42/up42-webhooks/tui/webhooks"
)

// API is what the screen asks UP42; a *client.Client answers.
type API interface {
	webhooks.API
	Workspace(ctx context.Context) (string, error)
	Orders(ctx context.Context, max int) ([]client.Order, error)
	Jobs(ctx context.Context, max int) ([]client.Job, error)
	Order(ctx context.Context, id string) (client.Order, error)
	Job(ctx context.Context, id string) (client.Job, error)
}

var _ API = (*client.Client)(nil)

const (
	// listedRows is how many of the newest of each kind UP42 is asked for.
	listedRows = 200
	// askAgain is how long to wait after UP42 could not be asked, renew after
	// something came that it has not named yet.
	askAgain, renew = time.Minute, 10 * time.Second
	// askFor is how long UP42 may take to tell of one row.
	askFor = 30 * time.Second
)

// account is what the model knows of what it asks UP42.
type account struct {
	workspace string
	lists     [2]asked // of jobs and of orders, by their page
	// told: the screen's user knows that UP42 can't be asked.
	told bool
	// asking are the rows that UP42 is being asked about.
	asking map[receiver.Key]bool
}

// asked is how far the list of a page is.
type asked struct {
	underWay bool
	// waiting: it will be asked for again. lacking: something came since that
	// UP42 has not named.
	waiting, lacking bool
	// round counts the rounds, so that an overtaken wait is told.
	round int
	err   error // why it can't be read
}

// workspaceMsg tells the workspace's id; "": UP42 could not be asked, which the
// lists say.
type workspaceMsg string

// listMsg is UP42's answer for a page.
type listMsg struct {
	page   pageID
	all    []detail.Listing
	stored []*status.Row // what the log has of them
	newest status.Newest
	err    error
}

// askAgainMsg says that a page's list may be asked for again.
type askAgainMsg struct {
	page  pageID
	round int
}

// oneMsg is UP42's answer about one row.
type oneMsg struct {
	key receiver.Key
	listMsg
}

// askAccount asks for all that UP42 has to tell at the start.
func (m *Model) askAccount() tea.Cmd {
	if m.o.API == nil {
		return nil
	}
	return tea.Batch(m.askWorkspace(), m.askList(jobsPage), m.askList(ordersPage))
}

func (m *Model) askWorkspace() tea.Cmd {
	return m.commands.do(func(ctx context.Context) tea.Msg {
		id, err := m.o.API.Workspace(ctx)
		if err != nil {
			return nil
		}
		return workspaceMsg(id)
	})
}

// askList asks UP42 for the newest rows of a page.
func (m *Model) askList(p pageID) tea.Cmd {
	a := &m.account.lists[p]
	a.underWay, a.waiting, a.lacking = true, false, false
	a.round++
	m.statusPage(p).Invalidate() // an empty one says so
	kind := kindOf(p)
	return m.commands.do(func(ctx context.Context) tea.Msg {
		msg := listMsg{page: p}
		msg.newest = m.newest(ctx)
		if msg.all, msg.err = m.listed(ctx, kind); msg.err == nil {
			msg.stored = m.storedOf(ctx, kind, msg.all)
		}
		if ctx.Err() != nil {
			return nil
		}
		return msg
	})
}

func kindOf(p pageID) receiver.Kind {
	if p == jobsPage {
		return receiver.Job
	}
	return receiver.Order
}

func pageOf(k receiver.Kind) pageID {
	if k == receiver.Job {
		return jobsPage
	}
	return ordersPage
}

func (m *Model) listed(ctx context.Context, k receiver.Kind) (all []detail.Listing, err error) {
	if k == receiver.Job {
		jobs, err := m.o.API.Jobs(ctx, listedRows)
		for i := range jobs {
			all = append(all, m.listingOfJob(&jobs[i]))
		}
		return all, err
	}
	orders, err := m.o.API.Orders(ctx, listedRows)
	for i := range orders {
		all = append(all, m.listingOfOrder(&orders[i]))
	}
	return all, err
}

func (m *Model) listingOfOrder(o *client.Order) detail.Listing {
	return detail.Listing{
		ID: o.ID, Name: o.Name, Type: o.Type, Status: receiver.Status(o.Status), SubStatus: o.SubStatus,
		Created: o.CreatedAt, Updated: o.UpdatedAt, Asked: m.o.Now(),
	}
}

// listingOfJob names a job that has no title after its process.
func (m *Model) listingOfJob(j *client.Job) detail.Listing {
	name := j.Name
	if name == "" {
		name = j.Process
	}
	return detail.Listing{
		ID: j.ID, Name: name, Type: j.Process, Status: receiver.Status(j.Status), Created: j.Created, Updated: j.UpdatedAt, Asked: m.o.Now(),
	}
}

// newest is the newest event now. A store that can't be read says so elsewhere.
func (m *Model) newest(ctx context.Context) (n status.Newest) {
	events, err := m.o.Log.Events(ctx, receiver.EventQuery{Limit: 1})
	if err == nil && len(events) == 1 {
		n = status.Newest{Seq: events[0].Seq, At: events[0].ReceivedAt.UnixMicro()}
	}
	return n
}

// storedOf is what the log has of listed rows, wherever in its history.
func (m *Model) storedOf(ctx context.Context, k receiver.Kind, all []detail.Listing) (rows []*status.Row) {
	for i := range all {
		row, ok, err := m.o.Log.Row(ctx, receiver.Key{Kind: k, ID: all[i].ID})
		if err != nil {
			return rows
		}
		if ok {
			rows = append(rows, status.RowOf(&row))
		}
	}
	return rows
}

// takeList puts UP42's list onto its page, or asks again later.
func (m *Model) takeList(msg listMsg) tea.Cmd {
	a := &m.account.lists[msg.page]
	a.underWay, a.err = false, msg.err
	if msg.err == nil {
		m.account.told = false
		m.putListed(msg)
		return m.renewList(msg.page)
	}
	m.tellWhy(msg.page, msg.err)
	m.statusPage(msg.page).Invalidate()
	return m.askLater(msg.page, askAgain)
}

// askLater asks for a page's list again after a while.
func (m *Model) askLater(p pageID, after time.Duration) tea.Cmd {
	a := &m.account.lists[p]
	a.waiting = true
	again := askAgainMsg{p, a.round}
	return m.commands.do(func(ctx context.Context) tea.Msg {
		if !pause(ctx, after) {
			return nil
		}
		return again
	})
}

// lack notes that rows are new here, which UP42 may have names for.
func (m *Model) lack(p pageID, rows []*status.Row) tea.Cmd {
	if m.o.API == nil || !m.ready {
		return nil
	}
	a, page := &m.account.lists[p], m.statusPage(p)
	for _, r := range rows {
		if _, known := page.Get(r.ID); !known {
			a.lacking = true
			break
		}
	}
	return m.renewList(p)
}

// renewList asks for a page's list again, if something is lacking. It waits a
// while before, in which more may come.
func (m *Model) renewList(p pageID) tea.Cmd {
	if a := &m.account.lists[p]; !a.lacking || a.underWay || a.waiting {
		return nil
	}
	return m.askLater(p, renew)
}

// tellWhy says once that a list can't be read: what the lists have in common
// need not be said twice. It waits for a note that is still to be read.
func (m *Model) tellWhy(p pageID, err error) {
	if m.account.told || m.note.stays {
		return
	}
	m.account.told = true
	m.say(noteHint, "could not ask UP42 for its "+p.things()+": "+why(err))
}

func (m *Model) takeAskAgain(msg askAgainMsg) tea.Cmd {
	a := &m.account.lists[msg.page]
	switch {
	case a.underWay || a.round != msg.round:
		return nil
	case m.paused:
		return m.askLater(msg.page, renew) // nobody would see it
	}
	cmds := []tea.Cmd{m.askList(msg.page)}
	if m.account.workspace == "" {
		cmds = append(cmds, m.askWorkspace())
	}
	return tea.Batch(cmds...)
}

func (m *Model) putListed(msg listMsg) {
	p := m.statusPage(msg.page)
	p.List(msg.all, msg.stored, msg.newest)
	p.Invalidate()
	if m.detailed {
		m.details.Tick()
	}
}
