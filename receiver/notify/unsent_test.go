package notify_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/notify"
	"github.com/up42/up42-webhooks/receiver/receivertest"
)

// unsentRig runs rules on a log again and again.
type unsentRig struct {
	log  *receivertest.Log
	file string
	bell *recorder
}

// run runs a rule with a bell and a chat until the returned function is called.
func (u *unsentRig) run(t *testing.T, chat *recorder, every time.Duration, quiet notify.Hours) (stop func()) {
	t.Helper()
	counts, err := u.log.Counts(t.Context())
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- notify.Run(ctx, notify.Options{
			Log: u.log, Now: utc, After: &counts, UnsentFile: u.file,
			Rules: []notify.Rule{{Name: "mine", Do: []notify.Action{u.bell, chat}, Every: every, Quiet: quiet}},
		})
	}()
	return func() {
		cancel()
		require.NoError(t, <-done)
	}
}

// What could not be sent until the end is sent after the next start, once, by those that have
// not sent it.
func TestTheNextRunSendsWhatIsLeft(t *testing.T) {
	for name, c := range map[string]struct {
		every        time.Duration
		before, then []string
	}{
		"each":    {0, []string{"order a is PLACED"}, []string{"order b is PLACED", "order c is PLACED", "order d is PLACED"}},
		"summary": {time.Minute, []string{"order a is PLACED"}, []string{"3 orders changed: all PLACED"}},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "unsent")
			within(t, func(t *testing.T, bell *recorder) {
				chat := &recorder{persistent: true}
				u := &unsentRig{receivertest.NewLog(order("before", "PLACED")), file, bell}
				stop := u.run(t, chat, c.every, notify.Hours{})
				u.log.Add(order("a", "PLACED"))
				after(time.Hour)
				assert.Equal(t, c.before, texts(chat))
				assert.NoFileExists(t, file)
				chat.fails(errors.New("down"))
				u.log.Add(order("b", "PLACED"), order("c", "PLACED"))
				after(time.Hour)
				assert.FileExists(t, file, "a crash now loses nothing")
				stop()
				assert.NotEmpty(t, texts(chat))
				bell.take()

				chat.fails(nil)
				stop = u.run(t, chat, c.every, notify.Hours{})
				u.log.Add(order("d", "PLACED"))
				after(time.Hour)
				stop()
				assert.Equal(t, c.then, texts(chat))
				assert.Equal(t, []string{"order d is PLACED"}, texts(bell))
				assert.NoFileExists(t, file)
			})
		})
	}
}

// A crash in quiet hours loses nothing. Places of another log do not count.
func TestQuietHoursOutliveACrash(t *testing.T) {
	file := filepath.Join(t.TempDir(), "unsent")
	quiet, err := notify.ParseHours("00:00-06:00")
	require.NoError(t, err)
	within(t, func(t *testing.T, bell *recorder) {
		u := &unsentRig{receivertest.NewLog(), file, bell}
		stop := u.run(t, &recorder{persistent: true}, 0, quiet)
		u.log.Add(order("a", "PLACED"))
		after(time.Hour)
		crashed, err := os.ReadFile(file)
		require.NoError(t, err)
		stop()
		for content, want := range map[string][]string{string(crashed): {"order a is PLACED"}, `{"test #0": 0}`: nil, "{": nil} {
			require.NoError(t, os.WriteFile(file, []byte(content), 0o600))
			next := &recorder{persistent: true}
			stop := u.run(t, next, 0, quiet)
			after(time.Second)
			stop()
			assert.Equal(t, want, texts(next), content)
		}
		other := &unsentRig{receivertest.NewLog(), file, bell}
		require.NoError(t, os.WriteFile(file, crashed, 0o600))
		next := &recorder{persistent: true}
		stop = other.run(t, next, 0, notify.Hours{})
		after(time.Second)
		stop()
		assert.Empty(t, texts(next))
		bell.take()
	})
}

// texts are the messages without their times.
func texts(a *recorder) (all []string) {
	for _, line := range a.take() {
		_, text, _ := strings.Cut(line, " ")
		all = append(all, text)
	}
	return all
}
