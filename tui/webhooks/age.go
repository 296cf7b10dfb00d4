package webhooks

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

// oldAge is how old the list gets before it is read again by itself, while it is
// looked at.
const oldAge = time.Minute

// ageMsg says that the list is old.
type ageMsg struct{}

// awaitAge waits until a tick finds the list old. One such command is enough,
// and each is followed by the next.
func (p *Page) awaitAge() tea.Cmd {
	if p.awaiting {
		return nil
	}
	p.awaiting = true
	return p.o.Do(func(ctx context.Context) tea.Msg {
		select {
		case <-p.aged:
			return ageMsg{}
		case <-ctx.Done():
			return nil
		}
	})
}

func (p *Page) takeAge() tea.Cmd {
	p.awaiting = false
	if !p.old() {
		return p.awaitAge()
	}
	return tea.Batch(p.read(quiet), p.awaitAge())
}

// old says whether to read the list again: not while something is typed or under
// way, and not where UP42 would refuse the password once more.
func (p *Page) old() bool {
	l := &p.list
	if p.o.API == nil || l.token != 0 || len(p.calls.open) > 0 || p.Captures() {
		return false
	}
	if l.err != nil && faultOf(l.err).hopeless {
		return false
	}
	return p.o.Now().Sub(l.tried) >= oldAge
}

// tellAge has an old list read, if the page was drawn since it was asked last.
func (p *Page) tellAge() {
	looked := p.looked
	p.looked = false
	if !looked || !p.old() {
		return
	}
	select {
	case p.aged <- struct{}{}:
	default: // it is told already
	}
}
