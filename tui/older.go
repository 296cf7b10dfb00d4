package tui

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/status"
)

// olderPage is how many rows are read in the background at a time.
const olderPage = 1000

// older is how far a status page's rows have been read backwards, and those
// that were read while the page is paused.
type older struct {
	kind   receiver.Kind
	before int64
	done   bool
	held   *olderMsg
}

// olderMsg is a page of older rows.
type olderMsg struct {
	page pageID
	rows []*status.Row
}

func (m *Model) statusPage(p pageID) *status.Page {
	if p == jobsPage {
		return m.jobs
	}
	return m.orders
}

// startOlder goes on where the first screen's rows end.
func (m *Model) startOlder(p pageID, kind receiver.Kind, rows []*status.Row) tea.Cmd {
	m.older[p] = older{kind: kind, done: len(rows) < firstRows}
	return m.moreRows(p, rows)
}

// moreRows moves on to before the rows that were read, and reads what is there.
func (m *Model) moreRows(p pageID, rows []*status.Row) tea.Cmd {
	o := &m.older[p]
	if _, total := m.lists[p].Len(); o.done || total >= status.Limit {
		o.done = true
		return nil
	}
	if len(rows) > 0 {
		o.before = rows[len(rows)-1].Seq
	}
	q := receiver.RowQuery{Kind: o.kind, Before: o.before, Limit: olderPage}
	return m.commands.do(func(ctx context.Context) tea.Msg {
		if !pause(ctx, frame) {
			return nil
		}
		for failures := 0; ; failures++ {
			rows, err := status.Read(ctx, m.o.Log, q)
			if err == nil {
				return olderMsg{page: p, rows: rows}
			}
			if !pause(ctx, retryAfter(failures+1)) {
				return nil
			}
		}
	})
}

// takeOlder puts older rows onto their page. One that is paused gets them
// later: they are not news.
func (m *Model) takeOlder(msg olderMsg) tea.Cmd {
	o := &m.older[msg.page]
	if m.paused {
		o.held = &msg
		return nil
	}
	o.held = nil
	o.done = len(msg.rows) < olderPage
	m.statusPage(msg.page).Upsert(m.fresh(msg.page, msg.rows)...)
	return m.moreRows(msg.page, msg.rows)
}

// fresh leaves out rows that came on a newer way meanwhile.
func (m *Model) fresh(p pageID, rows []*status.Row) []*status.Row {
	out := rows[:0:0]
	for _, r := range rows {
		if known, ok := m.statusPage(p).Get(r.ID); !ok || known.Seq < r.Seq {
			out = append(out, r)
		}
	}
	return out
}
