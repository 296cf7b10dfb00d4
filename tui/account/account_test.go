package account_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/tui/account"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/status"
	"github.com/up42/up42-webhooks/tui/theme"
	"github.com/up42/up42-webhooks/tui/tuitest"
)

// up42 is a fake API with one order.
type up42 struct {
	order client.Order
	err   error
	lists atomic.Int64 // how often it was asked for its orders
}

func (u *up42) Workspace(context.Context) (string, error) { return "workspace-1", u.err }

func (u *up42) Orders(context.Context, int) ([]client.Order, error) {
	u.lists.Add(1)
	return []client.Order{u.order}, u.err
}

func (u *up42) Jobs(context.Context, int) ([]client.Job, error)     { return nil, u.err }
func (u *up42) Order(context.Context, string) (client.Order, error) { return u.order, u.err }
func (u *up42) Job(_ context.Context, id string) (client.Job, error) {
	return client.Job{ID: id}, u.err
}

// asked is an account with the pages that it fills.
type asked struct {
	*tuitest.Screen
	account *account.Account
	orders  *status.Page
	notes   []string
}

// within runs a test on an account that was started. Without an API it has no
// credentials.
func within(t *testing.T, u *up42, test func(a *asked)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		a := &asked{Screen: tuitest.New(t, 80, 20)}
		pool := command.NewPool()
		defer pool.Close()
		th := theme.New(theme.Options{Profile: termenv.Ascii})
		rows := func(k receiver.Kind) *status.Page {
			return status.New(status.Options{Kind: k, Theme: th, Now: a.Now})
		}
		a.orders = rows(receiver.Order)
		o := account.Options{
			Log: receivertest.NewLog(), Run: pool.Do, Now: a.Now, Theme: th, Jobs: rows(receiver.Job), Orders: a.orders, Listed: func() {},
			Say:    func(_ note.Kind, words string) { a.notes = append(a.notes, words) },
			Unread: func() bool { return false },
		}
		if u != nil {
			o.API = u
		}
		a.account = account.New(o)
		a.Update = func(msg tea.Msg) tea.Cmd { return msg.(command.Answer).Take() }
		a.Do(a.account.Start())
		test(a)
	})
}

func (a *asked) says(t *testing.T, words string) {
	t.Helper()
	assert.Contains(t, strings.Join(a.notes, "\n"), words)
}

func placed() *up42 {
	return &up42{order: client.Order{ID: "order-1", Name: "my order", Status: "PLACED", UpdatedAt: tuitest.Noon}}
}

func TestAListGoesOntoItsPage(t *testing.T) {
	within(t, placed(), func(a *asked) {
		row, ok := a.orders.Get("order-1")
		assert.True(t, ok)
		assert.Equal(t, "PLACED", row.Status())
		assert.Equal(t, "workspace-1", a.account.Workspace())
		assert.Equal(t, "UP42 lists no jobs in this workspace.", a.account.Empty(receiver.Job))
		assert.Empty(t, a.account.Missing(receiver.Order))
		assert.Empty(t, a.notes)
	})
}

func TestAListIsAskedForAgainAfterAFailure(t *testing.T) {
	u := placed()
	u.err = &client.Error{Call: "list the orders", Status: 500, Message: "oh no"}
	within(t, u, func(a *asked) {
		assert.Len(t, a.notes, 1, "both lists fail for the same reason")
		a.says(t, "oh no")
		assert.Contains(t, a.account.Empty(receiver.Order), "UP42's orders could not be read: ")
		assert.Contains(t, a.account.Missing(receiver.Order), "names and older rows are missing")
		u.err = nil
		a.Advance(2*time.Minute, time.Second, nil)
		assert.EqualValues(t, 2, u.lists.Load())
		assert.Empty(t, a.account.Missing(receiver.Order))
		assert.Equal(t, "workspace-1", a.account.Workspace())
	})
}

func TestNewRowsAreNamedAfterAWhile(t *testing.T) {
	u := placed()
	within(t, u, func(a *asked) {
		came := func(id string) {
			row := receivertest.Row(receivertest.Order(id, "PLACED"))
			a.Do(a.account.Came(receiver.Order, []*status.Row{status.RowOf(&row)}))
		}
		came("order-1")
		a.Advance(time.Minute, time.Second, nil)
		assert.EqualValues(t, 1, u.lists.Load(), "it is known")
		came("order-2")
		came("order-3")
		a.Advance(time.Minute, time.Second, nil)
		assert.EqualValues(t, 2, u.lists.Load())
	})
}

func TestRefresh(t *testing.T) {
	u := placed()
	within(t, u, func(a *asked) {
		key := receiver.Key{Kind: receiver.Order, ID: "order-1"}
		refresh := func() { a.notes = nil; a.Do(a.account.Refresh(key)) }
		refresh()
		a.says(t, "UP42 says the same: PLACED")
		u.order.Status, u.order.UpdatedAt = "FULFILLED", tuitest.Noon.Add(time.Minute)
		refresh()
		a.says(t, "UP42 says: PLACED → FULFILLED")
		u.err = &client.Error{Call: "read the order", Status: 404}
		refresh()
		a.says(t, "UP42 has no such order (any more): order-1")
		u.err = &client.Error{Call: "read the order", Status: 500}
		refresh()
		a.says(t, "could not ask UP42 about it: ")
		key.ID = ""
		refresh()
		a.says(t, "no order or job is selected")
		u.err = nil
		a.Do(a.account.RefreshList(receiver.Order))
		a.says(t, "asking UP42 for its orders")
	})
}

func TestWithoutCredentialsNothingIsAsked(t *testing.T) {
	within(t, nil, func(a *asked) {
		assert.Empty(t, a.account.Empty(receiver.Order))
		assert.Empty(t, a.account.Missing(receiver.Order))
		assert.Nil(t, a.account.Came(receiver.Order, nil))
		assert.Nil(t, a.account.Refresh(receiver.Key{Kind: receiver.Order, ID: "order-1"}))
		assert.Nil(t, a.account.RefreshList(receiver.Order))
		a.says(t, "needs credentials")
	})
}
