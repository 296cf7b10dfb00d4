package notify_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/notify"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/signature"
)

// What can be read later has a message for each delivery; the bell has one for all.
func TestEachDeliveryHasAMessage(t *testing.T) {
	within(t, func(t *testing.T, bell *recorder) {
		chat := &recorder{start: bell.start, persistent: true}
		r := run(t, notify.Options{Rules: []notify.Rule{{When: when(t, "verdict:verified,rejected"), Do: []notify.Action{bell, chat}}}})
		for i, status := range []receiver.Status{"CREATED", "PLACED", "PRODUCTION", "DELIVERED", "FULFILLED"} {
			r.log.Add(order("a", status))
			if i == 2 {
				r.log.Add(order("b", "PLACED"), rejected(signature.Stale))
			}
		}
		after(time.Second)
		assert.Equal(t, []string{
			"0s order a is CREATED", "0s order a is PLACED", "0s order a is PRODUCTION", "0s order b is PLACED",
			"0s order a is DELIVERED", "0s order a is FULFILLED", "1s 1 delivery rejected: stale",
		}, chat.take())
		assert.Equal(t, []string{"1s 2 orders changed: 1 FULFILLED, 1 PLACED; 1 delivery rejected: stale"}, bell.take())
	})
}

// Whoever has no secret causes few messages, however many deliveries are rejected.
func TestRejectedDeliveriesHaveNoMessageEach(t *testing.T) {
	within(t, func(t *testing.T, a *recorder) {
		a.persistent = true
		r := run(t, notify.Options{Rules: []notify.Rule{{When: when(t, "verdict:verified,rejected"), Do: []notify.Action{a}}}})
		for range 100 {
			r.log.Add(rejected(signature.Stale))
		}
		r.log.Add(order("a", "PLACED"))
		after(10 * time.Second)
		assert.Equal(t, []string{"0s order a is PLACED", "1s 100 deliveries rejected: all stale"}, a.take())
		r.log.Add(rejected(signature.Stale))
		after(time.Second / 2)
		r.stop()
		assert.Equal(t, []string{"10.5s 1 delivery rejected: stale"}, a.take(), "the end tells what waits")
	})
}

func TestALeastTimeMakesSummaries(t *testing.T) {
	within(t, func(t *testing.T, a *recorder) {
		a.persistent = true
		r := run(t, notify.Options{Rules: []notify.Rule{{Do: []notify.Action{a}, Every: time.Minute}}})
		r.log.Add(order("a", "PLACED"), order("b", "PLACED"))
		after(time.Minute)
		assert.Equal(t, []string{"1s 2 orders changed: all PLACED"}, a.take())
	})
}

func TestQuietHoursEndWithAMessageForEach(t *testing.T) {
	within(t, func(t *testing.T, a *recorder) {
		a.persistent = true
		r := run(t, notify.Options{Rules: []notify.Rule{{Do: []notify.Action{a}, Quiet: notify.Hours{To: 7 * time.Hour}}}})
		r.log.Add(order("a", "PLACED"), order("b", "PLACED"))
		after(7*time.Hour - time.Minute)
		assert.Empty(t, a.take())
		after(time.Minute)
		assert.Equal(t, []string{"7h0m0s order a is PLACED", "7h0m0s order b is PLACED"}, a.take())
	})
}

// While a chat is away, the store keeps what it has to be told.
func TestNothingIsLostWhileAnActionFails(t *testing.T) {
	for _, every := range []time.Duration{0, time.Second} {
		within(t, func(t *testing.T, a *recorder) {
			var out bytes.Buffer
			a.persistent, a.err = true, errors.New("no paper")
			r := run(t, notify.Options{
				Rules: []notify.Rule{{Do: []notify.Action{a}, Every: every}}, Logger: slog.New(slog.NewTextHandler(&out, nil)),
			})
			r.log.Add(order("a", "PLACED"))
			after(5 * time.Minute)
			r.log.Add(order("b", "PLACED"))
			after(time.Minute)
			assert.NotContains(t, fmt.Sprint(a.take()), "order b")
			a.fails(nil)
			after(5 * time.Minute)
			got := a.take()
			require.Len(t, got, 2)
			assert.Contains(t, got[0], "order a is PLACED")
			assert.Contains(t, got[1], "order b is PLACED")
			r.stop()
			assert.Equal(t, 1, strings.Count(out.String(), "no paper"))
		})
	}
}

func TestTheEndSendsWhatTheStoreHas(t *testing.T) {
	within(t, func(t *testing.T, a *recorder) {
		a.persistent, a.takes = true, time.Second
		r := run(t, rules(a))
		r.log.Add(order("a", "PLACED"), order("b", "PLACED"))
		after(time.Second / 2)
		r.stop()
		assert.Equal(t, []string{"1s order a is PLACED", "2s order b is PLACED"}, a.take())
	})
}

func TestTheEndSaysWhatIsNotSent(t *testing.T) {
	within(t, func(t *testing.T, a *recorder) {
		var out bytes.Buffer
		a.persistent, a.takes = true, time.Hour
		o := rules(a)
		o.Logger = slog.New(slog.NewTextHandler(&out, nil))
		r := run(t, o)
		r.log.Add(order("a", "PLACED"))
		after(time.Second)
		stopped := time.Now()
		r.stop()
		assert.Equal(t, 2*time.Second, time.Since(stopped))
		assert.Contains(t, out.String(), "the program ends before all messages are sent")
		assert.Contains(t, out.String(), "there was no answer in time")
		assert.NotContains(t, out.String(), "context")
		assert.NotContains(t, out.String(), "tried again", "nothing tries again")
	})
}

func TestAFileThatIsMovedAway(t *testing.T) {
	path := filepath.Join(t.TempDir(), "messages.log")
	a, err := notify.File(path, "{text}", "")
	require.NoError(t, err)
	m := message(t, order("a", "PLACED"))
	for range 2 {
		require.NoError(t, a.Send(t.Context(), m))
	}
	require.NoError(t, os.Rename(path, path+".1"))
	require.NoError(t, a.Send(t.Context(), m))
	for name, lines := range map[string]int{path: 1, path + ".1": 2} {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		assert.Equal(t, strings.Repeat("order a is PLACED\n", lines), string(text))
		receivertest.Permissions(t, 0o600, name)
	}
}
