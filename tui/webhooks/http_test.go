package webhooks_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/client/simulator"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest/testmain"
	"github.com/up42/up42-webhooks/receiver/signature"
	"github.com/up42/up42-webhooks/receiver/sqlite"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/theme"
	"github.com/up42/up42-webhooks/tui/tuitest"
	"github.com/up42/up42-webhooks/tui/webhooks"
)

func TestMain(m *testing.M) { testmain.Run(m) }

// wired is a page with a simulated UP42 and a real receiver, which talk HTTP.
type wired struct {
	t    *testing.T
	p    *webhooks.Page
	up42 *simulator.Simulator
	// instead answers a request in the place of UP42, if it returns true. May be nil.
	instead atomic.Pointer[func(http.ResponseWriter, *http.Request) bool]
	answers chan tea.Msg
	pending int
	notes   []string
}

func newWired(t *testing.T) *wired {
	t.Helper()
	log, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "events.db"), sqlite.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, log.Close()) })
	handler := receiver.NewHandler(receiver.HandlerOptions{Log: log}, signature.Policy{})
	here := httptest.NewServer(handler)
	t.Cleanup(here.Close)
	w := &wired{t: t, up42: simulator.New(simulator.Options{Seed: 1, Quiet: true}), answers: make(chan tea.Msg, 64)}
	there := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if h := w.instead.Load(); h == nil || !(*h)(rw, r) {
			w.up42.ServeHTTP(rw, r)
		}
	}))
	t.Cleanup(there.Close)
	api, err := client.New(client.Options{
		APIURL: there.URL, AuthURL: there.URL,
		Credentials: client.Credentials{Username: simulator.Username, Password: simulator.Password},
		Sleep:       func(ctx context.Context, _ time.Duration) bool { return ctx.Err() == nil },
	})
	require.NoError(t, err)
	t.Cleanup(api.Close)

	url := here.URL + receiver.DefaultPath
	w.p = webhooks.New(webhooks.Options{
		API: api, Log: log, Now: time.Now, Theme: theme.New(theme.Options{Profile: termenv.Ascii}), PublicURL: func() string { return url },
		Do:         func(f func(context.Context) tea.Msg) tea.Cmd { return func() tea.Msg { return f(t.Context()) } },
		PointsHere: func(other string) bool { return other == url },
		Listed: func(all []client.Webhook) {
			var p signature.Policy
			for _, one := range all {
				if one.Secret != "" {
					p.Secrets = append(p.Secrets, one.Secret.Reveal())
				}
			}
			handler.SetPolicy(p)
		},
		Say: func(_ note.Kind, words string) { w.notes = append(w.notes, words) },
	})
	w.p.SetSize(80, 19)
	w.run(w.p.Start())
	w.settle()
	return w
}

func (w *wired) run(cmd tea.Cmd) {
	if cmd != nil {
		w.pending++
		go func() { w.answers <- cmd() }()
	}
}

// waiting is the number of commands that do not end: the one that waits until the
// list is old.
const waiting = 1

// settle waits for all commands, and for those that follow.
func (w *wired) settle() {
	for ; w.pending > waiting; w.pending-- {
		switch msg := (<-w.answers).(type) {
		case nil:
		case tea.BatchMsg:
			for _, c := range msg {
				w.run(c)
			}
		default:
			w.run(w.p.Update(msg))
		}
	}
}

// press presses keys and returns the last note.
func (w *wired) press(keys ...string) string {
	for _, msg := range tuitest.Keys(keys...) {
		cmd, _ := w.p.Press(msg)
		w.run(cmd)
		w.settle()
	}
	if len(w.notes) == 0 {
		return ""
	}
	return w.notes[len(w.notes)-1]
}

func TestLifecycleOverHTTP(t *testing.T) {
	w := newWired(t)
	allOfThem := fmt.Sprintf("works: %d of %[1]d", len(receiver.EventNames()))
	assert.Contains(t, w.press("c", "ctrl+s"), "created up42hooks")
	assert.Contains(t, w.press("t"), "up42hooks "+allOfThem, w.p.View())
	assert.Contains(t, w.p.View(), "✓ digest")
	w.press("esc")
	assert.Contains(t, w.press("e", "!", "ctrl+s", "enter"), "saved up42hooks!")
	assert.Contains(t, w.press("o"), "o again turns off up42hooks!")
	assert.Contains(t, w.press("o"), "up42hooks! is off; o turns it on again")
	assert.Contains(t, w.press("t"), allOfThem, "tests are sent to one that is off too")
	w.press("esc")
	assert.Contains(t, w.press("D", "ctrl+s"), "created up42hooks! copy")
	assert.Contains(t, w.press("d", "up42hooks! copy", "enter"), "deleted up42hooks! copy")
	assert.Contains(t, w.press("u"), "created up42hooks! copy again")
	assert.Contains(t, w.press("t"), "up42hooks! copy "+allOfThem)
	assert.NotContains(t, strings.Join(w.notes, "\n"), "failed")
}

func TestUP42FailsOverHTTP(t *testing.T) {
	w := newWired(t)
	w.press("c", "ctrl+s")
	w.up42.ExpireTokens()
	assert.Contains(t, w.press("o", "o"), "up42hooks is off", "it signs in again")
	w.up42.SetFaults(simulator.Faults{HTML: 1})
	assert.Contains(t, w.press("D", "ctrl+s"), "could not create up42hooks copy")
	assert.Contains(t, w.p.View(), "HTML page")
	w.up42.SetFaults(simulator.Faults{})
	w.press("esc", "r")
	n, _ := w.p.Count()
	assert.Equal(t, 1, n)
}

func TestCutAnswersMakeNoDuplicates(t *testing.T) {
	w := newWired(t)
	w.press("c", "ctrl+s")
	w.up42.SetFaults(simulator.Faults{Truncate: 0.5})
	for range 3 {
		assert.Contains(t, w.press("D", "ctrl+s"), "created up42hooks")
	}
	n, _ := w.p.Count()
	assert.Equal(t, 4, n)
}

// What is not known is said, and the next list settles it.
func TestAnUnsureCreationIsSettledByTheNextList(t *testing.T) {
	w := newWired(t)
	created := false
	lose := func(rw http.ResponseWriter, r *http.Request) bool {
		switch {
		case !strings.HasSuffix(r.URL.Path, "/webhooks"):
			return false
		case r.Method == http.MethodPost:
			w.up42.ServeHTTP(httptest.NewRecorder(), r)
			created = true
			rw.WriteHeader(http.StatusBadGateway)
			return true
		case created:
			rw.WriteHeader(http.StatusForbidden)
		}
		return created
	}
	w.instead.Store(&lose)
	assert.Contains(t, w.press("c", "ctrl+s"), "creating up42hooks")
	assert.Contains(t, strings.Join(strings.Fields(w.p.View()), " "), "it is not known whether the webhook was created")
	w.instead.Store(nil)
	w.press("esc", "r")
	assert.Contains(t, strings.Join(w.notes, "\n"), "UP42 has created up42hooks; its id is")
	n, _ := w.p.Count()
	assert.Equal(t, 1, n)
}
