// Package suggest is the drop-down below a filter that is typed: it proposes keys, and the
// values that there are with how often, which it counts in the background.
package suggest

import (
	"context"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/theme"
)

// Options are what a Menu needs.
type Options struct {
	Theme  *theme.Theme
	Source Source
	Run    command.Runner
	// Now is the clock.
	Now func() time.Time
}

const (
	// renewAfter is how many times as long as a count took it is to be before the next one, and
	// renewAtLeast the least.
	renewAfter   = 20
	renewAtLeast = time.Second
)

// Menu is the drop-down. It is not safe for concurrent use.
type Menu struct {
	o     Options
	expr  string
	place filter.Place
	// open is false where nothing can be proposed, and once the user has closed the menu.
	open   bool
	all    []proposal
	chosen int // none: -1
	top    int
	count  *count // nil until values are proposed
	// newer is to replace count once it is complete, as more may have come in. It may be nil.
	newer *count
}

// count is a count that is under way, or complete.
type count struct {
	others       string // what else the expression says
	step         Step
	tally        Tally
	counted, all int
	done         bool
	err          error
	began        time.Time
}

// New makes a menu that is closed until something is typed.
func New(o Options) *Menu { return &Menu{o: o, chosen: -1} }

// Typed proposes what can be typed at an offset of an expression, in bytes.
func (m *Menu) Typed(expr string, at int) tea.Cmd {
	m.expr, m.chosen, m.top = expr, -1, 0
	m.place, m.open = filter.PlaceAt(expr, at)
	cmd := m.countValues()
	m.propose()
	return cmd
}

// Close closes the menu until the next call of Typed. It reports whether it was open.
func (m *Menu) Close() bool {
	was := m.Open()
	m.open = false
	return was
}

// Stop closes the menu for good.
func (m *Menu) Stop() { m.open, m.count, m.newer = false, nil, nil }

// Open reports whether there is something to choose from.
func (m *Menu) Open() bool { return m.open && len(m.all) > 0 }

// Chosen reports whether a line is chosen.
func (m *Menu) Chosen() bool { return m.Open() && m.chosen >= 0 }

// Move chooses the next line, or the one before. Before the first line and
// after the last one, no line is chosen.
func (m *Menu) Move(delta int) {
	n := len(m.all) + 1
	m.chosen = (m.chosen+1+delta+n)%n - 1
}

// Take returns the expression with the chosen proposal, or else with the first one, and the
// offset behind it, in bytes.
func (m *Menu) Take() (expr string, at int) {
	p := &m.all[max(0, m.chosen)]
	if p.of != filter.Text {
		return m.place.TakeWhole(m.expr, p.of, p.word)
	}
	return m.place.Take(m.expr, p.word)
}

// Keys reports whether what [Menu.Take] takes is a key, which needs a value.
func (m *Menu) Keys() bool {
	return m.place.Key == filter.Text && m.all[max(0, m.chosen)].of == filter.Text
}

// listed are the keys that take no other values than those that are proposed.
var listed = []filter.Key{filter.Is, filter.Class, filter.Verdict, filter.Kind, filter.Live, filter.Final}

// Only reports whether what is typed can be one value only, which is the first proposal.
func (m *Menu) Only() bool {
	if !m.Open() || !slices.Contains(listed, m.place.Key) || m.place.Typed == "" {
		return false
	}
	typed := folded(m.place.Typed)
	return strings.HasPrefix(folded(m.all[0].shown), typed) && (len(m.all) == 1 || !strings.HasPrefix(folded(m.all[1].shown), typed))
}

// Covers reports whether what is typed, for which there are proposals, has this part of the
// expression.
func (m *Menu) Covers(from, to int) bool { return m.Open() && m.place.From <= from && to <= m.place.To }

// Begins reports whether what is typed is the beginning of a value that was counted.
func (m *Menu) Begins() bool {
	if m.count == nil {
		return false
	}
	typed := folded(m.place.Typed)
	for value := range m.count.tally.values[m.place.Key] {
		if is := folded(value); is != typed && strings.HasPrefix(is, typed) {
			return true
		}
	}
	return false
}

// propose makes the list.
func (m *Menu) propose() {
	was := ""
	if m.Chosen() && m.chosen < len(m.all) {
		was = m.all[m.chosen].word
	}
	m.all = nil
	if !m.open {
		return
	}
	switch k := m.place.Key; k {
	case filter.Text:
		keys := m.o.Source.FilterKeys()
		m.all = append(proposeKeys(keys, m.place.Typed), proposeWhole(keys, m.o.Source.Documented, m.place.Typed)...)
	case filter.Since, filter.Until:
		m.all = proposeMoments(m.place.Typed)
	default:
		var counted map[string]int
		if m.count != nil {
			counted = m.count.tally.values[k]
		}
		m.all = proposeValues(&m.place, counted, m.o.Source.Documented(k))
	}
	m.chosen = -1
	for i := range m.all {
		if m.all[i].word == was {
			m.chosen = i // it stays chosen while others are counted
		}
	}
}

// countValues begins to count the values at the place, unless that is done already.
func (m *Menu) countValues() tea.Cmd {
	switch m.place.Key {
	case filter.Text, filter.ID, filter.Task, filter.Seq, filter.Since, filter.Until:
		return nil
	}
	if !m.open || m.count != nil && m.count.others == m.place.Others {
		return nil
	}
	m.count, m.newer = m.begin(m.place.Others), nil
	return m.countOn(m.count)
}

// begin begins a count of what the rest of the expression lets pass.
func (m *Menu) begin(others string) *count {
	f, _ := filter.ParseTyping(others)
	return &count{others: others, step: m.o.Source.Counting(f), began: m.o.Now()}
}

// countOn counts the next part.
func (m *Menu) countOn(c *count) tea.Cmd {
	return command.Ask(m.o.Run, c.step, func(p Part) tea.Cmd {
		if m.count != c && m.newer != c {
			return nil // it is not wanted any more
		}
		c.tally.join(&p.Tally)
		c.counted, c.all, c.done, c.err = p.Counted, p.All, p.Done, p.Err
		if c.done {
			m.count, m.newer = c, nil
		}
		m.propose()
		if c.done || c.err != nil {
			return m.renew(c)
		}
		return m.countOn(c)
	})
}

// renew counts again after a while.
func (m *Menu) renew(c *count) tea.Cmd {
	wait := max(renewAtLeast, renewAfter*m.o.Now().Sub(c.began))
	return command.Later(m.o.Run, wait, func(context.Context) tea.Msg {
		return command.To(func() tea.Cmd {
			if m.count != c {
				return nil
			}
			m.newer = m.begin(c.others)
			return m.countOn(m.newer)
		})
	})
}
