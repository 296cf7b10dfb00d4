package feed

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/history"
)

// fetchedMsg is the answer of fetch.
type fetchedMsg struct {
	entries []*Entry
	missing []int64
	gaps    [][2]int64 // ranges of events that the store does not have
	err     error
}

// fetch reads what is on the screen and beside it, unless that is read already.
func (p *Page) fetch() tea.Cmd {
	if p.fetching {
		return nil
	}
	p.tidy()
	unread, _ := p.contents.unread(p.window.Visible())
	if len(unread) == 0 {
		return nil
	}
	p.fetching = true
	log, last := p.o.Log, p.now.stored.Last()
	return p.later(func(ctx context.Context) tea.Msg {
		m := fetchedMsg{}
		var f *history.Fetched
		if f, m.err = history.Fetch(ctx, log, unread); m.err != nil {
			return m
		}
		m.missing = f.Missing
		for _, d := range f.Deliveries {
			m.entries = append(m.entries, EntryOf(d.Event, d.Key < 0))
		}
		m.gaps, m.err = gapsAt(ctx, log, f.Missing, last)
		return m
	})
}

// later makes a command of a function, after a wait if the last read failed.
func (p *Page) later(f func(context.Context) tea.Msg) tea.Cmd {
	if p.err == nil {
		return p.o.Do(f)
	}
	return command.Later(p.o.Do, retryAfter, f)
}

// gapsAt finds the ranges of events that the log does not have around some of these.
func gapsAt(ctx context.Context, log receiver.Reader, missing []int64, last int64) (gaps [][2]int64, err error) {
	from, to := int64(0), int64(-1)
	for _, n := range missing {
		if n < 0 || from <= n && n <= to {
			continue
		}
		if from, to, err = history.GapAt(ctx, log, n, last); err != nil {
			return nil, err
		}
		gaps = append(gaps, [2]int64{from, to})
	}
	return gaps, nil
}

func (p *Page) fetched(m fetchedMsg) {
	p.fetching = false
	if p.err = m.err; m.err != nil {
		return
	}
	for _, e := range m.entries {
		p.contents.read.Put(e.Key(), e)
	}
	for _, key := range m.missing {
		p.contents.read.Put(key, absent(key, deleted))
		if key < 0 {
			p.now.rejections.Remove(-key)
		} else {
			p.now.admitted.Remove(key, key)
		}
	}
	for _, g := range m.gaps {
		p.now.stored.Remove(g[0], g[1])
		p.now.admitted.Remove(g[0], g[1])
	}
	p.relist()
}

// placedMsg is the answer of place.
type placedMsg struct {
	some []history.Inserted
	err  error
}

// place finds all rejected deliveries that the store keeps, and their places between the
// events.
func (p *Page) place() tea.Cmd {
	log, first, last := p.o.Log, p.now.stored.First(), p.now.stored.Last()
	return p.later(func(ctx context.Context) tea.Msg {
		m := placedMsg{}
		for page, err := range receiver.Pages(ctx, log, receiver.EventQuery{Rejected: true}) {
			if err != nil {
				m.err = err
				return m
			}
			for i := len(page) - 1; i >= 0; i-- {
				m.some = append(m.some, history.Inserted{Key: -page[i].Seq, At: page[i].ReceivedAt.UnixMicro()})
			}
		}
		m.err = history.Place(ctx, log, m.some, first, last)
		return m
	})
}

func (p *Page) placed(m placedMsg) tea.Cmd {
	if p.err = m.err; m.err != nil {
		return p.place()
	}
	p.now.rejections.Add(m.some...)
	p.relist()
	return nil
}
