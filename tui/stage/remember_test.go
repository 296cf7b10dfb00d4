package stage_test

import (
	"context"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/remembered"
	"github.com/up42/up42-webhooks/tui/stage"
	"github.com/up42/up42-webhooks/tui/theme"
	"github.com/up42/up42-webhooks/tui/tuitest"
)

// What the user does right before the presenter's mode, and in it, is remembered; of the filters only
// the real ones.
func TestPresentingRemembers(t *testing.T) {
	var saved remembered.State
	onStage(t, 120, 36, "", func(r *rig) {
		nightfall := map[string]remembered.List{"events": {Filter: "nightfall"}}
		r.Screen.Press("3", "/", "nightfall", "enter", "P")
		assert.Zero(t, saved, "no second has gone by")
		r.pass(2 * time.Second)
		assert.Equal(t, remembered.State{Page: "events", Lists: nightfall, Filters: []string{"nightfall"}}, saved)
		r.Screen.Press("/", "stale", "enter", "2", "P")
		r.Shows("▌", "Nightfall")
		r.pass(2 * time.Second)
		assert.Equal(t, remembered.State{Page: "orders", Lists: nightfall, Filters: []string{"nightfall"}}, saved)
		r.Screen.Press("3", "esc", "P", "P")
		r.pass(2 * time.Second)
		assert.Equal(t, remembered.State{Page: "events", Lists: map[string]remembered.List{}, Filters: []string{"nightfall"}}, saved)
	}, presented, func(o *stage.Options) {
		o.Screen.Remember = func(_ context.Context, s remembered.State) { saved = s }
	})
}

// A stage that takes the place of another one begins in its mode, with the same stand-ins, and keeps the
// filters of what is real.
func TestAnotherStageGoesOnPresenting(t *testing.T) {
	var mode stage.Mode
	var row string
	saved := remembered.State{Page: "orders", Lists: map[string]remembered.List{"events": {Filter: "nightfall"}}, Filters: []string{"nightfall"}}
	begins := func(o *stage.Options) {
		o.Mode, o.Key, o.Screen.Remembered = &mode, nil, saved
		o.Screen.Remember = func(_ context.Context, s remembered.State) { saved = s }
	}
	onStage(t, 120, 36, "", func(r *rig) {
		r.Shows("Nightfall")
		r.Press("P")
		r.Lacks("Nightfall", "acme")
		row = standIn(r)
	}, presented, begins)
	onStage(t, 120, 36, "", func(r *rig) {
		r.Shows("▀▀▀")
		r.Lacks("92ceac2c", "Nightfall", "acme")
		assert.Equal(t, row, standIn(r))
		r.Press("3")
		r.Lacks("nightfall")
		r.pass(2 * time.Second)
		assert.Equal(t, "events", saved.Page)
		assert.Equal(t, []string{"nightfall"}, saved.Filters)
		r.Press("P")
		r.Shows("filter: nightfall", "acme")
	}, presented, begins)
	onStage(t, 120, 36, "", func(r *rig) {
		r.Shows("filter: nightfall", "acme")
		r.Press("P")
		r.Lacks("nightfall", "acme")
	}, presented, begins)
}

// A screen that never shows what is real is somebody else's.
func TestOnlyStandInsAreNotRemembered(t *testing.T) {
	onStage(t, 120, 36, "", func(r *rig) {
		r.Press("3", "/", "stale", "enter")
		r.pass(2 * time.Second)
	}, presented, func(o *stage.Options) {
		o.Masked = true
		o.Screen.Remember = func(context.Context, remembered.State) { t.Error("it was written") }
	})
}

// A page that was chosen before the store is read is kept.
func TestPresentingBeforeTheStoreIsRead(t *testing.T) {
	w := &world{log: receivertest.NewLog(), now: time.Now}
	s := stage.New(stage.Options{Set: stage.Set{World: w, Screen: tui.Options{Log: w.log, Theme: theme.New(theme.Options{Profile: termenv.Ascii}), Now: time.Now}}})
	defer s.Close()
	for _, msg := range tuitest.Keys("3", "P") {
		s.Update(msg)
	}
	assert.Equal(t, "Events", s.Dashboard().Page())
}

// shown is a terminal of 120×36 cells.
type shown struct {
	t     *testing.T
	mu    sync.Mutex
	all   strings.Builder
	wrote chan struct{}
}

func (s *shown) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case s.wrote <- struct{}{}:
	default:
	}
	return s.all.Write(b)
}

func (s *shown) WatchSize(ctx context.Context, tell func(width, height int)) {
	tell(120, 36)
	<-ctx.Done()
}

func (s *shown) waitFor(what string) {
	for {
		s.mu.Lock()
		has := strings.Contains(s.all.String(), what)
		s.mu.Unlock()
		if has {
			return
		}
		select {
		case <-s.wrote:
		case <-time.After(time.Minute):
			require.FailNow(s.t, "never shown: "+what)
		}
	}
}

// Whoever quits in the presenter's mode finds the screen as it was left, too.
func TestQuittingWhilePresentingRemembers(t *testing.T) {
	var saved remembered.State
	w := &world{log: receivertest.NewLog(), now: time.Now}
	o := stage.Options{Set: stage.Set{World: w, Screen: tui.Options{
		Log: w.log, Theme: theme.New(theme.Options{Profile: termenv.Ascii}), Now: time.Now, Remember: func(_ context.Context, s remembered.State) { saved = s },
	}}}
	presented(&o)
	in, keys := io.Pipe()
	out := &shown{t: t, wrote: make(chan struct{}, 1)}
	ended := make(chan error)
	go func() { ended <- tui.Run(t.Context(), stage.New(o), in, out) }()
	press := func(key string) {
		_, err := io.WriteString(keys, key)
		require.NoError(t, err)
	}
	out.waitFor("Nightfall")
	press("3")
	out.waitFor("stale")
	press("P")
	out.waitFor("duplicates")
	press("\x03")
	require.NoError(t, <-ended)
	require.NoError(t, keys.Close())
	assert.Equal(t, "events", saved.Page)
}
