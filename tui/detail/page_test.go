package detail_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/tui/detail"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// page makes a page of 60 by 10 cells.
func page(log receiver.Reader, change ...func(*detail.Options)) *detail.Page {
	o := detail.Options{
		Log: log, Theme: theme.New(theme.Options{Profile: termenv.Ascii}), Keys: keys.New(),
		Now: func() time.Time { return receivertest.Start.Add(time.Hour) },
		Do: func(f func(context.Context) tea.Msg) tea.Cmd {
			return func() tea.Msg { return f(context.Background()) }
		},
	}
	for _, f := range change {
		f(&o)
	}
	p := detail.New(o)
	p.SetSize(60, 10)
	return p
}

// open opens a subject and runs the page's commands.
func open(p *detail.Page, s detail.Subject) {
	for cmd := p.Open(s); cmd != nil; {
		cmd = p.Update(cmd())
	}
}

func press(t *testing.T, p *detail.Page, key tea.KeyType) {
	t.Helper()
	_, ok := p.Press(tea.KeyMsg{Type: key})
	require.True(t, ok, key)
}

func TestKeysScroll(t *testing.T) {
	p := page(receivertest.NewLog(receivertest.Order("a", "PLACED")))
	open(p, detail.Subject{Key: receiver.Key{Kind: receiver.Order, ID: "a"}})
	assert.Contains(t, p.View(), "Order a")
	assert.Contains(t, p.Where(), "lines 1-10 of ")
	for _, step := range []struct {
		key   tea.KeyType
		where string
	}{
		{tea.KeyDown, "lines 1-10 "}, // the cursor moves
		{tea.KeyPgDown, "lines 10-19 "},
		{tea.KeyCtrlU, "lines 6-15 "},
		{tea.KeyUp, "lines 6-15 "},
		{tea.KeyPgUp, "lines 1-10 "},
		{tea.KeyCtrlD, "lines 5-14 "},
		{tea.KeyHome, "lines 1-10 "},
	} {
		press(t, p, step.key)
		assert.Contains(t, p.Where(), step.where)
	}
	press(t, p, tea.KeyTab)
	assert.True(t, strings.HasPrefix(p.View(), " Journey"), p.View())
	press(t, p, tea.KeyShiftTab)
	press(t, p, tea.KeyShiftTab)
	end := p.Where()
	press(t, p, tea.KeyHome)
	press(t, p, tea.KeyEnd)
	assert.Equal(t, end, p.Where(), "from the top, the previous section is the end")
	press(t, p, tea.KeyTab)
	assert.Contains(t, p.Where(), "lines 1-10 ", "from the end, the next section is the top")
	_, ok := p.Press(tea.KeyMsg{Type: tea.KeyF1})
	assert.False(t, ok)
	for _, l := range strings.Split(p.View(), "\n") {
		assert.Equal(t, 60, text.Width(l))
	}
}

func TestWhatCannotBeShown(t *testing.T) {
	log := receivertest.NewLog()
	p := page(log)
	cmd := p.Open(detail.Subject{Seq: 7})
	assert.Contains(t, p.View(), "reading the store")
	p.Update(cmd())
	assert.Contains(t, p.View(), "This is not in the store any more.")
	open(p, detail.Subject{Seq: 7, Rejected: true})
	assert.Contains(t, p.View(), "keeps only the newest rejected deliveries")
	log.Fail(errors.New("locked"))
	open(p, detail.Subject{Seq: 7})
	assert.Contains(t, p.View(), "read event 7: locked")
}

func TestRefresh(t *testing.T) {
	a := receiver.Key{Kind: receiver.Order, ID: "a"}
	log := receivertest.NewLog(receivertest.Order("a", "PLACED"))
	p := page(log)
	cmd := p.Open(detail.Subject{Key: a})
	answer := cmd()
	log.Add(receivertest.Order("a", "FULFILLED"))
	assert.Nil(t, p.Refresh(a), "it is loading")
	cmd = p.Update(answer)
	require.NotNil(t, cmd, "it is loaded again")
	p.Update(cmd())
	assert.Contains(t, p.View(), "FULFILLED")
	assert.Nil(t, p.Refresh(receiver.Key{Kind: receiver.Order, ID: "b"}), "another row")
	old := p.Refresh(a)
	open(p, detail.Subject{Seq: 1})
	p.Update(old())
	assert.Contains(t, p.View(), "Event 1", "an old answer is ignored")
}

// reads counts how often a row is read.
type reads struct {
	receiver.Log
	rows int
}

func (r *reads) Row(ctx context.Context, k receiver.Key) (receiver.Row, bool, error) {
	r.rows++
	return r.Log.Row(ctx, k)
}

// While the cursor moves fast, only the last row is read, and what was shown before stays.
func TestWhatIsFollowedIsReadOnce(t *testing.T) {
	log := &reads{Log: receivertest.NewLog(receivertest.Order("a", "PLACED"), receivertest.Order("b", "PLACED"), receivertest.Order("c", "PLACED"))}
	p := page(log)
	about := func(id string) detail.Subject { return detail.Subject{Key: receiver.Key{Kind: receiver.Order, ID: id}} }
	open(p, about("a"))
	cmd := p.Follow(about("b"))
	require.NotNil(t, cmd)
	assert.Nil(t, p.Follow(about("a")))
	assert.Nil(t, p.Follow(about("c")))
	assert.Nil(t, p.Follow(about("c")))
	assert.False(t, p.Complete())
	assert.Contains(t, p.View(), "Order a")
	for cmd != nil {
		cmd = p.Update(cmd())
	}
	assert.Contains(t, p.View(), "Order c")
	assert.True(t, p.Complete())
	assert.Equal(t, 3, log.rows)
	p.Clear()
	assert.NotContains(t, p.View(), "Order")
}

// A large body is broken into lines by a command: a key that changes the width does not wait.
func TestALargeBodyIsBrokenInTheBackground(t *testing.T) {
	e := receivertest.Order("a", "PLACED")
	e.Raw = []byte(`["` + strings.Repeat("x", 100_000) + `"]`)
	p := page(receivertest.NewLog(e))
	open(p, detail.Subject{Seq: 1})
	assert.Nil(t, p.Wrap())
	before := p.Where()
	p.SetSize(40, 10)
	assert.NotPanics(t, func() { p.View() })
	cmd := p.Wrap()
	require.NotNil(t, cmd)
	assert.Nil(t, p.Wrap(), "it is under way")
	p.Update(cmd())
	assert.NotEqual(t, before, p.Where())
	assert.Nil(t, p.Wrap())
	p.SetSize(160, 10)
	p.Update(p.Wrap()())
	p.View()
}
