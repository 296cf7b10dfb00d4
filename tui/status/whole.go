package status

import (
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/tui/filtered"
	"github.com/up42/up42-webhooks/tui/glow"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/number"
	"github.com/up42/up42-webhooks/tui/table"
)

// What follows makes one list of the rows of the table and the older ones.

// Full reports whether the table keeps as many rows as it may.
func (p *Page) Full() bool { return p.Kept() >= p.limit }

// Kept returns how many rows the table keeps.
func (p *Page) Kept() int {
	_, kept := p.Table.Len()
	return kept
}

// ListOlder lists the rows of the store that are older than those of the table, which is full.
// read is the number up to which rows were read.
func (p *Page) ListOlder(read int64) tea.Cmd {
	if r, ok := p.Oldest(); ok && r.Seq > 0 {
		read = r.Seq
	}
	p.older.begin(read, false)
	return p.ReadFurther()
}

// AllRead says that the table has all rows of the store.
func (p *Page) AllRead() { p.older.whole = true }

// HasOlder reports whether the store has more rows than the table keeps.
func (p *Page) HasOlder() bool { return p.older.before != 0 }

// SetStored sets how many rows the store has.
func (p *Page) SetStored(n int64) { p.stored = n }

// Len returns how many rows are listed, and of how many.
func (p *Page) Len() (shown, total int) {
	shown, total = p.Table.Len()
	if p.HasOlder() {
		total = max(total, int(p.stored)+p.OnlyListed())
	}
	return shown, total
}

// SetFilter lists only the rows that pass an expression. See [filtered.Table.SetFilter].
func (p *Page) SetFilter(expr string) tea.Cmd {
	return p.narrow(filtered.Valid(expr), p.Table.SetFilter(expr))
}

// TypeFilter is SetFilter for an expression that is being typed.
func (p *Page) TypeFilter(expr string) tea.Cmd {
	f, _ := filter.ParseTyping(expr)
	return p.narrow(f, p.Table.TypeFilter(expr))
}

func (p *Page) narrow(f *filter.Filter, cmd tea.Cmd) tea.Cmd {
	if f.String() == p.parsed.String() {
		return cmd
	}
	p.parsed = f
	p.older.narrow(f)
	return tea.Batch(cmd, p.ReadFurther())
}

// Tick filters again if the result depends on the time.
func (p *Page) Tick() tea.Cmd {
	if !p.Paused() {
		p.older.tick()
	}
	return tea.Batch(p.Table.Tick(), p.ReadFurther())
}

// ReadFurther reads older rows that are on the screen, and searches on.
func (p *Page) ReadFurther() tea.Cmd {
	return tea.Batch(p.older.fetch(), p.older.searchOn(p.older.shown), p.older.searchOn(p.older.next))
}

// Update takes the answers of the page's commands.
func (p *Page) Update(msg tea.Msg) tea.Cmd {
	switch m := msg.(type) {
	case rowsFetched:
		p.older.fetched(m)
		p.TailChanged()
	case *rowsSearched:
		p.older.searched(m)
		p.TailChanged()
	case glow.Over:
		p.Invalidate()
		return p.view.glow.Expire()
	default:
		p.Table.Update(msg)
	}
	return p.ReadFurther()
}

// Searching returns how many rows were searched of all, while that goes on.
func (p *Page) Searching() (searched, all int, ok bool) {
	s := p.older.wanted()
	if s == nil || s.before == 0 || s.filter.Empty() {
		return 0, 0, false
	}
	_, kept := p.Table.Len()
	_, all = p.Len()
	return min(all, kept+s.searched), all, true
}

// Err returns why older rows could not be read, or nil.
func (p *Page) Err() error { return p.older.err }

// Unsorted says that the older rows are not sorted in, or returns "".
func (p *Page) Unsorted() string {
	if p.HasOlder() && !p.FirstOrder() {
		return "sorted: the newest " + number.Format(int64(p.limit))
	}
	return ""
}

func (p *Page) noMatch(o *Options) []string {
	if n, all, ok := p.Searching(); ok {
		return table.NoMatch(fmt.Sprintf("Nothing found so far: %s of %s searched%s", number.Format(int64(n)), number.Format(int64(all)), o.Theme.Glyphs.Ellipsis), o.Keys)
	}
	if s := p.Unsorted(); s != "" {
		return table.NoMatch("Nothing matches the filter among the newest "+number.Format(int64(p.limit))+"; sorted by the latest event ("+keys.First(o.Keys.Sort)+") the list has all.", o.Keys)
	}
	return table.NoMatch(table.NothingMatches, o.Keys)
}
