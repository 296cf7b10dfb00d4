package table_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/up42/up42-webhooks/tui/table"
	"github.com/up42/up42-webhooks/tui/text"
)

// pair is a table, and a naive one that must show the same.
type pair struct {
	table   *table.Model[string, *row]
	naive   *naive
	w, h    int
	working []tea.Cmd
	arrived []tea.Msg
}

// TestTableAgainstANaiveOne does random things to both tables. The answers of
// commands arrive late, or in another order.
func TestTableAgainstANaiveOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := options(termenv.Ascii)
		o.Limit = rapid.SampledFrom([]int{5, 25, 1000}).Draw(t, "limit")
		p := &pair{table: table.New(o), naive: newNaive(o), w: 40, h: 8}
		p.table.SetSize(p.w, p.h)
		p.table.Quick(rapid.SampledFrom([]int{1000, 8, 0}).Draw(t, "quick"))
		t.Repeat(map[string]func(*rapid.T){
			"upsert":  p.upsert,
			"upserts": p.upsert,
			"remove":  p.remove,
			"pause":   p.pause,
			"filter":  p.filter,
			"sort":    p.sort,
			"renew":   p.renew,
			"work":    p.work,
			"arrive":  p.arrive,
			"move":    p.move,
			"select":  p.pick,
			"resize":  p.resize,
			"":        p.check,
		})
	})
}

// TestManyRowsAgainstANaiveTable does it with more rows than are kept in one piece.
func TestManyRowsAgainstANaiveTable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		o := options(termenv.Ascii)
		o.Limit = rapid.SampledFrom([]int{700, 1500, 10_000}).Draw(t, "limit")
		o.Trimmed = func(rows []*row) {
			require.True(t, slices.IsSortedFunc(rows, func(a, b *row) int { return cmp.Compare(b.at, a.at) }), "those that are trimmed are in order")
		}
		tb, nv := table.New(o), newNaive(o)
		tb.SetSize(40, 8)
		for range 4 {
			n := rapid.SampledFrom([]int{1, 17, 900, 1500}).Draw(t, "rows")
			from, step := rapid.IntRange(0, 4000).Draw(t, "from"), rapid.SampledFrom([]int{1, 7, 61}).Draw(t, "step")
			rows, ids := make([]*row, n), make([]string, n)
			for i := range rows {
				ids[i] = fmt.Sprint((from + i*step) % 4000)
				rows[i] = &row{id: ids[i], name: fmt.Sprint(i % 5), at: (from*31 + i*17) % 1000}
			}
			if rapid.Bool().Draw(t, "remove") {
				tb.Remove(ids...)
				nv.remove(ids...)
			} else {
				tb.Upsert(rows...)
				nv.upsert(rows)
			}
			require.Equal(t, nv.sorted(nv.rows, 0), tb.Rows())
			_, total := tb.Len()
			require.Equal(t, len(nv.rows), total)
		}
	})
}

func drawID(t *rapid.T) string {
	return rapid.StringMatching(`[a-f][0-9]`).Draw(t, "id")
}

func drawRows(t *rapid.T) []*row {
	rows := make([]*row, rapid.IntRange(1, 12).Draw(t, "rows"))
	for i := range rows {
		name := rapid.SampledFrom([]string{"red", "green", "blue"}).Draw(t, "name")
		rows[i] = &row{drawID(t), rapid.IntRange(0, 20).Draw(t, "at"), name}
	}
	return rows
}

func (p *pair) upsert(t *rapid.T) {
	rows := drawRows(t)
	p.naive.upsert(rows)
	p.table.Upsert(rows...)
}

func (p *pair) remove(t *rapid.T) {
	ids := []string{drawID(t), drawID(t)}
	p.naive.remove(ids...)
	p.table.Remove(ids...)
}

func (p *pair) pause(*rapid.T) {
	p.naive.pause(!p.naive.paused)
	p.table.SetPaused(p.naive.paused)
}

func (p *pair) filter(t *rapid.T) {
	p.naive.word = rapid.SampledFrom([]string{"", "re", "re -green", "a", "-blue -red 1", "zzz"}).Draw(t, "filter")
	p.arrange(p.table.SetFilter(p.naive.word))
}

// renew renews a filter whose result stays the same.
func (p *pair) renew(*rapid.T) {
	shown := &naive{o: p.naive.o, filter: p.naive.filter}
	if cmd := p.table.ReapplyFilter(shown.passes); cmd != nil {
		p.working = append(p.working, cmd)
	}
}

func (p *pair) sort(*rapid.T) {
	p.naive.want = (p.naive.want + 1) % len(p.naive.o.Orders)
	p.arrange(p.table.NextOrder())
}

func (p *pair) arrange(cmd tea.Cmd) {
	if cmd != nil {
		p.working = append(p.working, cmd)
	}
	if !p.table.Busy() {
		p.naive.arrange()
	}
}

func (p *pair) work(t *rapid.T) {
	if len(p.working) > 0 {
		i := rapid.IntRange(0, len(p.working)-1).Draw(t, "which")
		p.arrived = append(p.arrived, p.working[i]())
		p.working = slices.Delete(p.working, i, i+1)
	}
}

func (p *pair) arrive(t *rapid.T) {
	if len(p.arrived) > 0 {
		i := rapid.IntRange(0, len(p.arrived)-1).Draw(t, "which")
		busy := p.table.Busy()
		p.table.Update(p.arrived[i])
		p.arrived = slices.Delete(p.arrived, i, i+1)
		if busy && !p.table.Busy() {
			p.naive.arrange()
		}
	}
}

func (p *pair) move(t *rapid.T) {
	half := max(1, max(0, p.h-1)/2)
	switch by := rapid.IntRange(-4, 4).Draw(t, "by"); rapid.IntRange(0, 3).Draw(t, "how") {
	case 0:
		p.naive.goTo(p.naive.at + by)
		p.table.Move(by)
	case 1:
		p.naive.goTo(p.naive.at + by*half)
		p.table.Page(by)
	case 2:
		p.naive.home()
		p.table.Home()
	default:
		p.naive.goTo(len(p.naive.rows))
		p.table.End()
	}
}

func (p *pair) pick(t *rapid.T) {
	id := drawID(t)
	p.naive.pick(id)
	p.table.Select(id)
}

func (p *pair) resize(t *rapid.T) {
	p.w = rapid.SampledFrom([]int{0, 1, 5, 20, 40, 60}).Draw(t, "w")
	p.h = rapid.IntRange(0, 12).Draw(t, "h")
	p.table.SetSize(p.w, p.h)
}

func (p *pair) check(t *rapid.T) {
	want := p.naive.view()
	shown, total := p.table.Len()
	require.Equal(t, len(p.naive.rows), total)
	require.Equal(t, len(want), shown)
	require.Equal(t, p.naive.at, p.table.Index())
	require.Equal(t, p.naive.word, p.table.Filter())
	require.Equal(t, p.naive.count, p.table.NewRows())
	r, ok := p.table.Selected()
	require.Equal(t, shown > 0, ok)
	if ok {
		require.Same(t, want[p.naive.at], r)
	}
	p.checkView(t, want)
}

// checkView checks the rows on the screen: as many as fit, without a gap, and the
// cursor among them.
func (p *pair) checkView(t *rapid.T, want []*row) {
	if p.w == 0 || p.h == 0 {
		require.Empty(t, p.table.View())
		return
	}
	lines := strings.Split(p.table.View(), "\n")
	require.Len(t, lines, p.h)
	for _, l := range lines {
		require.Equal(t, p.w, text.Width(l), "%q", l)
	}
	if p.w < 40 || p.h < 2 || len(want) == 0 {
		return
	}
	lines = lines[1:]
	cursor := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, "▌") })
	require.GreaterOrEqual(t, cursor, 0, "the cursor is in sight")
	top := p.naive.at - cursor
	require.True(t, 0 <= top && top <= max(0, len(want)-len(lines)), "no room is wasted")
	for i, l := range lines {
		if top+i < len(want) {
			require.Equal(t, want[top+i].id, strings.Fields(l)[len(strings.Fields(l))-1])
		} else {
			require.Empty(t, strings.TrimSpace(l))
		}
	}
}
