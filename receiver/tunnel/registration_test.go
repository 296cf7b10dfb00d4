package tunnel_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/tunnel"
)

// account is a tunnel.API in memory.
type account struct {
	made  int
	there map[string]tunnel.Webhook
	// events are the names that the account's catalogue has. noEvents is the error of asking.
	events   []string
	noEvents error
	// before and after are called before and after each call, and can make it fail.
	before, after func(call string) error
}

func newAccount() *account {
	return &account{there: map[string]tunnel.Webhook{}, events: []string{"job.status", "order.status"}}
}

func (a *account) call(name string, do func()) error {
	if a.before != nil {
		if err := a.before(name); err != nil {
			return err
		}
	}
	do()
	if a.after != nil {
		return a.after(name)
	}
	return nil
}

func (a *account) CreateWebhook(_ context.Context, w tunnel.Webhook) (id string, err error) {
	err = a.call("create", func() {
		a.made++
		id = fmt.Sprintf("id%d", a.made)
		a.there[id] = w
	})
	return id, err
}

func (a *account) UpdateWebhook(_ context.Context, id string, w tunnel.Webhook) error {
	gone := false
	err := a.call("update", func() {
		if _, there := a.there[id]; there {
			a.there[id] = w
		} else {
			gone = true
		}
	})
	if gone {
		return fmt.Errorf("404: %w", tunnel.ErrGone)
	}
	return err
}

func (a *account) DeleteWebhook(_ context.Context, id string) error {
	return a.call("delete", func() { delete(a.there, id) })
}

func (a *account) FindWebhooks(_ context.Context, name string) (ids []string, err error) {
	err = a.call("find", func() {
		for id, w := range a.there {
			if w.Name == name {
				ids = append(ids, id)
			}
		}
		slices.Sort(ids)
	})
	return ids, err
}

func (a *account) urls() (all []string) {
	for _, w := range a.there {
		all = append(all, w.URL)
	}
	slices.Sort(all)
	return all
}

func registration(a *account, journal string) *tunnel.Registration {
	return tunnel.NewRegistration(tunnel.RegistrationOptions{
		API: a, Journal: journal, Account: "ws", Path: "/receive-webhooks", Secret: "hidden",
		Events: func(context.Context) ([]string, error) { return a.events, a.noEvents },
	})
}

func journal(t *testing.T) string { return filepath.Join(t.TempDir(), "tunnel.json") }

const (
	first  = "https://one.example.com"
	second = "https://two.example.com"
)

// The events are asked for each time: the catalogue may change while a tunnel runs.
func TestTheEventsAreThoseOfTheCatalogue(t *testing.T) {
	a, file := newAccount(), journal(t)
	r := registration(a, file)
	a.noEvents = errors.New("UP42 is down")
	require.ErrorContains(t, r.Update(t.Context(), first), "UP42 is down")
	assert.Empty(t, a.there, "nothing is made with names that are guessed")
	assert.NoFileExists(t, file)
	a.events, a.noEvents = []string{"order.status"}, nil
	require.NoError(t, r.Update(t.Context(), first))
	assert.Equal(t, []string{"order.status"}, a.there[r.ID()].Events)
	a.events = []string{"order.status", "scene.status"}
	require.NoError(t, r.Update(t.Context(), second))
	assert.Equal(t, a.events, a.there[r.ID()].Events)
}

func TestOneWebhookFollowsTheTunnel(t *testing.T) {
	a, file := newAccount(), journal(t)
	r := registration(a, file)
	assert.Empty(t, r.ID())
	require.NoError(t, r.Remove(t.Context()), "nothing to remove")
	require.NoError(t, r.Update(t.Context(), ""), "no URL yet")
	for range 2 {
		require.NoError(t, r.Update(t.Context(), first))
	}
	assert.Equal(t, "id1", r.ID())
	w := a.there["id1"]
	assert.Regexp(t, `^up42hooks tunnel [0-9a-f]{12}$`, w.Name)
	assert.Equal(t, tunnel.Webhook{Name: w.Name, URL: first + "/receive-webhooks", Secret: "hidden", Events: []string{"job.status", "order.status"}, Active: true}, w)
	assert.NotContains(t, fmt.Sprintf("%v %+v %#v", w, w, w), "hidden")

	require.NoError(t, r.Update(t.Context(), second))
	assert.Equal(t, []string{second + "/receive-webhooks"}, a.urls())
	assert.Equal(t, 1, a.made)

	receivertest.Permissions(t, 0o600, file)
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.NotContains(t, string(text), "hidden")

	require.NoError(t, r.Remove(t.Context()))
	assert.Empty(t, a.there)
	assert.NoFileExists(t, file)
	assert.Empty(t, r.ID())
}

func TestADeletedWebhookIsCreatedAgain(t *testing.T) {
	a, file := newAccount(), journal(t)
	r := registration(a, file)
	require.NoError(t, r.Update(t.Context(), first))
	clear(a.there)
	require.NoError(t, r.Update(t.Context(), second))
	assert.Equal(t, []string{second + "/receive-webhooks"}, a.urls())
	require.NoError(t, r.Remove(t.Context()))
	assert.Empty(t, a.there)
	assert.NoFileExists(t, file)
}

// TestLeftoversOfACrashAreRemoved crashes before or after a call: the registration is not
// used any more.
func TestLeftoversOfACrashAreRemoved(t *testing.T) {
	crash := errors.New("crash")
	for name, tc := range map[string]struct {
		before, after string // the call that it crashes at
		left, removed int
	}{
		"before it was created":             {"create", "", 0, 0},
		"before its id was known":           {"", "create", 1, 1},
		"while it ran":                      {"", "", 1, 1},
		"before it was removed":             {"delete", "", 1, 1},
		"before it was known to be removed": {"", "delete", 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			a, file := newAccount(), journal(t)
			fail := func(at string) func(string) error {
				return func(call string) error {
					if call == at {
						return crash
					}
					return nil
				}
			}
			a.before, a.after = fail(tc.before), fail(tc.after)
			r := registration(a, file)
			_ = r.Update(t.Context(), first)
			if tc.before == "delete" || tc.after == "delete" {
				require.ErrorIs(t, r.Remove(t.Context()), crash)
			}
			assert.FileExists(t, file)
			assert.Len(t, a.there, tc.left)
			a.before, a.after = nil, nil
			a.there["other"] = tunnel.Webhook{Name: "up42hooks tunnel", URL: "https://example.com"}

			n, err := registration(a, file).RemoveLeftovers(t.Context())
			require.NoError(t, err)
			assert.Equal(t, tc.removed, n)
			assert.Equal(t, []string{"https://example.com"}, a.urls(), "those of others stay")
			assert.NoFileExists(t, file)
		})
	}
}

func TestALostAnswerMakesNoSecondWebhook(t *testing.T) {
	a := newAccount()
	r := registration(a, journal(t))
	a.after = func(call string) error {
		if call == "create" {
			return errors.New("timeout")
		}
		return nil
	}
	require.ErrorContains(t, r.Update(t.Context(), first), "create a webhook for https://one.example.com/receive-webhooks: timeout")
	require.NoError(t, r.Update(t.Context(), second))
	assert.Equal(t, []string{second + "/receive-webhooks"}, a.urls())
	assert.Equal(t, "id1", r.ID())
}

func TestAFailureStaysInTheJournal(t *testing.T) {
	a, file := newAccount(), journal(t)
	require.NoError(t, registration(a, file).Update(t.Context(), first))
	others := tunnel.NewRegistration(tunnel.RegistrationOptions{API: newAccount(), Journal: file, Account: "another"})
	n, err := others.RemoveLeftovers(t.Context())
	require.NoError(t, err)
	assert.Zero(t, n, "the webhook of another account")

	next := registration(a, file)
	a.before = func(string) error { return errors.New("no network") }
	_, err = next.RemoveLeftovers(t.Context())
	require.ErrorContains(t, err, "no network")
	assert.FileExists(t, file)
	a.before = nil
	require.NoError(t, next.Update(t.Context(), second))
	n, err = next.RemoveLeftovers(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 1, n)
	assert.Equal(t, []string{second + "/receive-webhooks"}, a.urls(), "its own webhook stays")
}

func TestWithoutAJournalNothingIsCreated(t *testing.T) {
	a := newAccount()
	missing := filepath.Join(journal(t), "no-folder", "tunnel.json")
	require.NoError(t, os.WriteFile(filepath.Dir(filepath.Dir(missing)), nil, 0o600))
	require.ErrorContains(t, registration(a, missing).Update(t.Context(), first), "the journal of tunnel webhooks")
	damaged := journal(t)
	require.NoError(t, os.WriteFile(damaged, []byte("{"), 0o600))
	require.ErrorContains(t, registration(a, damaged).Update(t.Context(), first), damaged)
	_, err := registration(a, damaged).RemoveLeftovers(t.Context())
	require.ErrorContains(t, err, damaged)
	assert.Zero(t, a.made)
}

// A webhook whose URL leads nowhere is inactive.
func TestAWebhookWithoutATunnelIsInactive(t *testing.T) {
	for _, lost := range []bool{false, true} {
		a := newAccount()
		r := registration(a, journal(t))
		require.NoError(t, r.Pause(t.Context()), "there is no webhook yet")
		assert.Empty(t, a.there)
		if lost {
			a.after = func(string) error { a.after = nil; return errors.New("the answer is lost") }
		}
		if err := r.Update(t.Context(), "https://one.example.com"); lost {
			require.Error(t, err)
		}
		require.Len(t, a.there, 1)
		require.NoError(t, r.Pause(t.Context()))
		require.NoError(t, r.Pause(t.Context()))
		assert.False(t, a.there["id1"].Active)
		assert.Equal(t, "https://one.example.com/receive-webhooks", a.there["id1"].URL)
		require.NoError(t, r.Update(t.Context(), "https://one.example.com"))
		assert.True(t, a.there["id1"].Active)
		delete(a.there, "id1")
		require.NoError(t, r.Pause(t.Context()), "somebody deleted it")
		require.NoError(t, r.Update(t.Context(), "https://one.example.com"))
		assert.True(t, a.there["id2"].Active)
		require.NoError(t, r.Remove(t.Context()))
		assert.Empty(t, a.there)
	}
}
