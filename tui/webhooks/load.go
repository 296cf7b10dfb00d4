package webhooks

import (
	"context"
	"slices"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/text"
)

// list is what the page knows of the workspace's webhooks, and how.
type list struct {
	all   []client.Webhook
	known bool      // there was an answer
	at    time.Time // of the last answer
	tried time.Time // when it was read last, whatever came of it
	err   error     // why the last read failed

	// token is that of the read under way, 0: there is none. giveUp ends it.
	token, last int
	manner      manner
	giveUp      context.CancelFunc
}

// manner is how a read goes about.
type manner int

const (
	aloud manner = iota
	quiet        // nobody asked for it, so nobody is told but by the list's age
)

// listMsg is UP42's list.
type listMsg struct {
	token    int
	webhooks []client.Webhook
	err      error
}

// typesMsg is what webhooks can subscribe to.
type typesMsg []client.EventType

// Start reads the list, and what webhooks can subscribe to; also again.
func (p *Page) Start() tea.Cmd {
	if p.o.API == nil {
		return nil
	}
	return tea.Batch(p.read(aloud), p.readTypes(), p.awaitAge())
}

// read reads the list. A read that is under way is given up: what it brings may
// be older than what made another one necessary.
func (p *Page) read(how manner) tea.Cmd {
	l := &p.list
	p.stopReading()
	l.last++
	token := l.last
	l.manner, l.tried = how, p.o.Now()
	given, giveUp := context.WithCancel(context.Background())
	l.token, l.giveUp = token, giveUp
	p.Invalidate()
	api := p.o.API
	return p.o.Do(func(ctx context.Context) tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, callTime)
		defer cancel()
		defer context.AfterFunc(given, cancel)()
		all, err := api.Webhooks(ctx)
		return listMsg{token, all, err}
	})
}

// stopReading gives up the read under way; false: there is none.
func (p *Page) stopReading() bool {
	l := &p.list
	if l.token == 0 {
		return false
	}
	l.giveUp()
	l.token, l.giveUp = 0, nil
	return true
}

// readTypes asks once. Without an answer the types that are known do.
func (p *Page) readTypes() tea.Cmd {
	if p.types != nil {
		return nil
	}
	api := p.o.API
	return p.o.Do(func(ctx context.Context) tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, callTime)
		defer cancel()
		types, err := api.EventTypes(ctx)
		if err != nil || len(types) == 0 {
			return nil
		}
		return typesMsg(types)
	})
}

func (p *Page) takeList(m listMsg) tea.Cmd {
	l := &p.list
	if m.token != l.token {
		return nil
	}
	p.stopReading()
	l.tried = p.o.Now()
	if l.err = m.err; m.err != nil {
		if l.known && l.manner == aloud {
			p.say(Failure, "could not read the webhooks") // why stands below the list
		}
		return nil
	}
	l.known, l.at = true, l.tried
	p.put(m.webhooks)
	p.findMissed()
	p.findUndone()
	return nil
}

// put replaces the list.
func (p *Page) put(all []client.Webhook) {
	ids := make(map[string]bool, len(all))
	rows := make([]*Row, 0, len(all))
	for _, w := range all {
		ids[w.ID] = true
		r := rowOf(w)
		p.names[w.ID] = r.name
		rows = append(rows, r)
	}
	var gone []string
	for _, w := range p.list.all {
		if !ids[w.ID] {
			gone = append(gone, w.ID)
		}
	}
	p.list.all = all
	p.shape()
	p.Remove(gone...)
	p.Upsert(rows...)
	p.tell()
}

// tell passes the list on.
func (p *Page) tell() {
	if p.o.Listed != nil {
		p.o.Listed(slices.Clone(p.list.all))
	}
}

// change puts one webhook into the list as a call left it, and reads the list
// again if that is under way: it may bring what was before.
func (p *Page) change(w client.Webhook) tea.Cmd {
	all := slices.Clone(p.list.all)
	if at := slices.IndexFunc(all, sameID(w.ID)); at >= 0 {
		all[at] = w
	} else {
		all = append(all, w)
	}
	p.put(all)
	return p.rereadIfReading()
}

// drop takes one out.
func (p *Page) drop(id string) tea.Cmd {
	p.put(slices.DeleteFunc(slices.Clone(p.list.all), sameID(id)))
	return p.rereadIfReading()
}

func sameID(id string) func(client.Webhook) bool {
	return func(w client.Webhook) bool { return w.ID == id }
}

func (p *Page) rereadIfReading() tea.Cmd {
	if p.list.token == 0 {
		return nil
	}
	return p.read(p.list.manner)
}

// webhook is one of the list.
func (p *Page) webhook(id string) (client.Webhook, bool) {
	at := slices.IndexFunc(p.list.all, sameID(id))
	if at < 0 {
		return client.Webhook{}, false
	}
	return p.list.all[at], true
}

func (p *Page) pressRefresh() tea.Cmd {
	if p.reading() {
		p.say(Hint, "the webhooks are being read; esc gives up")
		return nil
	}
	return p.Start()
}

// reading says that a read is under way that somebody waits for.
func (p *Page) reading() bool { return p.list.token != 0 && p.list.manner == aloud }

func (p *Page) say(kind NoteKind, words string) { p.o.Say(kind, text.Clean(words, 0)) }
