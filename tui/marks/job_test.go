package marks_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/marks"
	"github.com/up42/up42-webhooks/tui/note"
)

// rows is a list of some rows.
type rows struct{ n, at, unread int }

func (r *rows) Index() int              { return r.at }
func (r *rows) Len() (shown, total int) { return r.n, r.n }
func (r *rows) Move(delta int)          { r.at = max(0, min(r.at+delta, r.n-1)) }
func (r *rows) MarkAt(i int) (m marks.Row, read bool) {
	return marks.Row{ID: fmt.Sprint(i)}, i != r.unread
}
func (r *rows) Invalidate() {}

func TestARangeOfMarks(t *testing.T) {
	list := &rows{n: 10, unread: 5}
	m := marks.New(list)
	assert.NotEmpty(t, m.ToHere())
	list.at = 3
	assert.Empty(t, m.Toggle())
	assert.Equal(t, 4, list.at)
	list.at = 7
	assert.Equal(t, "some rows are not read yet, and not marked", m.ToHere())
	assert.Equal(t, 4, m.Len()) // 3, 4, 6, 7
	list.at = 1
	assert.Empty(t, m.ToHere())
	assert.Equal(t, 6, m.Len())
	list.at = 5
	assert.Equal(t, "the row is not read yet", m.Toggle())
	assert.Equal(t, 6, m.Clear())
	assert.False(t, m.Has("3"))
}

func TestAJobIsBoundedAndReports(t *testing.T) {
	list := &rows{n: 30, unread: -1}
	m := marks.New(list)
	var now, most atomic.Int64
	taken := 0
	var tasks []marks.Task
	for i := range 20 {
		m.Toggle()
		tasks = append(tasks, marks.Task{Row: fmt.Sprint(i), Name: fmt.Sprintf("row %d", i), Do: func(context.Context) (func() tea.Cmd, error) {
			if n := now.Add(1); n > most.Load() {
				most.Store(n)
			}
			defer now.Add(-1)
			if i%10 == 9 {
				return nil, errors.New("no")
			}
			return func() tea.Cmd { taken++; return nil }, nil
		}})
	}
	var said []string
	pool := command.NewPool()
	defer pool.Close()
	j := marks.Jobs{Run: pool.Do, Say: func(_ note.Kind, words string) { said = append(said, words) }}
	words := marks.Words{Does: "sending", Did: "sent", One: "row", Many: "rows"}
	cmd := j.Start(m, words, tasks)
	assert.Equal(t, "sending 0/20", j.UnderWay())
	assert.Nil(t, j.Start(m, words, tasks))
	answer, ok := cmd().(command.Answer)
	require.True(t, ok)
	answer.Take()
	assert.Equal(t, 18, taken)
	assert.LessOrEqual(t, most.Load(), int64(4))
	assert.Equal(t, []string{"sending 20 rows", "still sending 0/20: wait until that is done", "sent 18 of 20 rows; 2 failed and are still marked, the first one is row 9: no"}, said)
	assert.True(t, m.Has("9"))
	assert.False(t, m.Has("8"))
	assert.Empty(t, j.UnderWay())
}
