package tui_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/remembered"
)

// memorising keeps what the screen remembers, and counts how often it writes that.
type memorising struct {
	state  remembered.State
	writes int
}

func (m *memorising) option(o *tui.Options) {
	o.Remembered = m.state
	o.Remember = func(_ context.Context, s remembered.State) {
		m.state = s
		m.writes++
	}
}

func TestTheScreenIsRemembered(t *testing.T) {
	m := &memorising{}
	within(t, 160, 36, aDay, func(s *screen) {
		s.advance(3 * time.Second)
		assert.Zero(t, m.writes, "only what the user changes is written")
		s.Press("2")
		s.advance(3 * time.Second)
		assert.Equal(t, 1, m.writes, "and only once")
		assert.Equal(t, "orders", m.state.Page)
		s.Press("s", "s", "/", "is:failed", "enter", "v", "v", "<", "3", "/", "verdict:rejected", "enter")
		s.advance(time.Second)
		assert.Equal(t, 2, m.writes)
	}, m.option)
	assert.Equal(t, remembered.State{
		Page: "events", Pane: remembered.Pane{Width: 68},
		Lists:   map[string]remembered.List{"orders": {Sort: "status", Filter: "is:failed"}, "events": {Filter: "verdict:rejected"}},
		Filters: []string{"verdict:rejected", "is:failed"},
	}, m.state)
	within(t, 160, 36, aDay, func(s *screen) {
		s.Shows("filter: verdict:rejected (2 of 26)", "│ Rejected delivery r2")
		s.Press("2")
		s.Shows("sort: status", "filter: is:failed (1 of 8)")
		s.Press("esc", "e")
		s.advance(time.Second)
		assert.Equal(t, "verdict:rejected", m.state.Lists["events"].Filter, "that of a step is not remembered")
		assert.Equal(t, "orders", m.state.Page)
	}, m.option)
	within(t, 160, 36, aDay, func(s *screen) { s.Shows("sort: status", "▌ ✕ FAILED") }, m.option)
}

func TestWhatCanNotBeTakenUpIsLeftOut(t *testing.T) {
	m := &memorising{state: remembered.State{
		Page: "no such page", Pane: remembered.Pane{Width: 1 << 30},
		Lists: map[string]remembered.List{"orders": {Sort: "no such order", Filter: "reason:stale"}, "nonsense": {Filter: "x"}, "events": {Filter: strings.Repeat("(", 300)}},
	}}
	within(t, 160, 36, aDay, func(s *screen) {
		s.Shows("sort: latest event", "1/8", "│ Order")
		s.Lacks("filter:")
		s.advance(time.Second)
		assert.Equal(t, "orders", m.state.Page)
	}, m.option)
	undelivered := &memorising{state: remembered.State{Page: "undelivered"}}
	within(t, 160, 36, aDay, func(s *screen) { s.Shows("sort: latest event") }, undelivered.option)
	within(t, 160, 36, aDay, func(s *screen) { s.Shows("sort: oldest event") }, undelivered.option, forwards(given()))
}
