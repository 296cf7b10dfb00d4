// Package tui is the dashboard: a frame with a header, six pages (an overview, jobs, orders,
// events, webhooks, undelivered events) and their details.
//
// The root model routes messages and keys to the parts of the screen, each of which
// owns what it does: tui/follow reads the log, tui/account asks UP42, tui/forwarding
// forwards events, tui/admit admits rejected ones, tui/frame draws what is around a page, tui/prompt is the line in
// which the user types, and the pages are tui/status (jobs and orders), tui/feed
// (events), tui/webhooks, tui/undelivered and tui/detail.
//
// All I/O is done in commands, all state is changed in Update, and View joins lines
// that are kept until something changes.
package tui

import (
	"cmp"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/account"
	"github.com/up42/up42-webhooks/tui/admit"
	"github.com/up42/up42-webhooks/tui/clipboard"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/follow"
	"github.com/up42/up42-webhooks/tui/forwarding"
	"github.com/up42/up42-webhooks/tui/frame"
	"github.com/up42/up42-webhooks/tui/handover"
	"github.com/up42/up42-webhooks/tui/help"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/marks"
	"github.com/up42/up42-webhooks/tui/mouse"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/outside"
	"github.com/up42/up42-webhooks/tui/palette"
	"github.com/up42/up42-webhooks/tui/pinning"
	"github.com/up42/up42-webhooks/tui/program"
	"github.com/up42/up42-webhooks/tui/prompt"
	"github.com/up42/up42-webhooks/tui/session"
	"github.com/up42/up42-webhooks/tui/text"
)

// Model is the dashboard. Run runs it. A test may drive Update by hand, and must
// Close the model then.
type Model struct {
	o        Options
	keys     *keys.Map
	refusals keys.Refusals
	commands *command.Pool
	work     command.Work
	pointer  *mouse.Pointer

	pages      pages
	nav        navigator
	prompt     asking // nil if nothing is asked
	help       *help.Page
	filters    prompt.Filters
	follower   *follow.Follower
	account    *account.Account
	forwarding *forwarding.Forwarding
	offer      *admit.Offer
	clipboard  *clipboard.Clipboard
	outside    *outside.Outside
	terminal   *handover.Terminal // nil if other programs can't have it
	pinning    *pinning.Offer
	keeper     *keeper
	programs   *program.Programs

	canvas   frame.Canvas
	receiver *frame.Receiver
	rate     frame.Rate
	notes    frame.Notes
	home     frame.Home
	empty    emptyPage
	recent   palette.Recent
	jobs     marks.Jobs
	ending   bool // q was pressed, a note asks, and the next q quits

	drawn drawn
}

// asking is what takes all keys in the footer: a prompt or a question.
type asking interface {
	// Press takes a key. open is false once it is closed.
	Press(tea.KeyMsg) (cmd tea.Cmd, open bool)
	// Lines draws the bottom rule and what is below it: so many lines as Height says.
	Lines(*frame.Canvas, []frame.Label) []string
	Height(*frame.Canvas) int
}

var (
	_ asking = (*prompt.Prompt)(nil)
	_ asking = (*prompt.Question)(nil)
	_ asking = (*palette.Palette)(nil)
)

// sizes are those of the parts of the screen.
type sizes struct {
	w, h int
	// top is how many lines are above the page.
	top int
	// list is the width of a page with details, details and detailsHeight are the size of
	// these.
	list, details, detailsHeight int
}

// drawn is kept until something changes.
type drawn struct {
	stale  bool
	screen string
	sizes  sizes
}

// Close ends the model's commands and waits for them. Run calls it.
func (m *Model) Close() { m.commands.Close() }

// say shows a note. The words may come from outside. It takes the place of what q asked.
func (m *Model) say(kind note.Kind, words string) {
	m.ending = false
	m.notes.Show(kind, m.home.Shorten(text.AsCalled(m.o.Program, words)), m.o.Now())
}

// own takes over the command of a list's filter.
func (m *Model) own(l prompt.List, cmd tea.Cmd) tea.Cmd {
	return m.commands.Own(cmd, l.(list).Update)
}

// Dashboard makes the Model a [Screen].
func (m *Model) Dashboard() *Model { return m }

// TakeTerminal gives the model the terminal of another one, whose place it takes.
func (m *Model) TakeTerminal(from *Model) { m.terminal = from.terminal }

// Typing reports whether the user types: all keys are a part of a text.
func (m *Model) Typing() bool {
	return m.prompt != nil || m.pages.captured() && !m.help.Shown()
}

// Occupied reports whether something takes the next key: a text, a question, also that of q, a
// menu, a form or the help.
func (m *Model) Occupied() bool { return m.Typing() || m.help.Shown() || m.ending }

// closePrompt removes a prompt that has closed by itself: what it has begun is done.
func (m *Model) closePrompt() {
	if p, ok := m.prompt.(interface{ Closed() bool }); ok && p.Closed() {
		m.prompt = nil
	}
}

// TogglePause pauses the view or lets it go on, whatever takes the keys.
func (m *Model) TogglePause() tea.Cmd { return m.changed(m.togglePause()) }

// KeyElsewhere takes note of a key that the model does not get: it is no answer to what q asked.
func (m *Model) KeyElsewhere() {
	if m.ending {
		m.ending = false
		m.notes.Clear()
		m.fit()
		m.drawn.stale = true
	}
}

// Page names the page that is shown.
func (m *Model) Page() string { return m.pages.current.String() }

// Paused reports whether the view is paused.
func (m *Model) Paused() bool { return m.pages.paused() }

// Counts returns how much the log holds, as the screen shows it. ready is false before the
// log is read for the first time.
func (m *Model) Counts() (c receiver.Counts, ready bool) {
	return m.follower.Shown(), m.follower.Ready()
}

// Loading reports whether the store is being read for the first time: keys would find no rows.
func (m *Model) Loading() bool { return !m.keeper.restored && m.follower.Err() == nil }

// Session is what another Model needs that takes the place of this one. Before the store is read
// filters and marks are as this one has got them.
func (m *Model) Session() session.Session {
	s := session.Session{Began: true, Webhooks: m.pages.webhooks.Session()}
	s.Offered, s.Declined = m.pinning.Made()
	s.View = session.View{State: m.keeper.now(), Last: m.o.Session.View.Last, Marks: m.o.Session.View.Marks}
	if !m.keeper.restored {
		return s
	}
	s.View.Last, s.View.Marks = map[string]string{}, map[string][]marks.Row{}
	for p, l := range m.pages.lists() {
		name := pageID(p).name()
		s.View.Last[name] = m.filters.Last(l)
		if marked, ok := l.(marked); ok {
			s.View.Marks[name] = marked.Marks().Rows()
		}
	}
	return s
}

// Busy reports whether something is being done that would end with the model, and says so: a key does
// nothing yet.
func (m *Model) Busy(key string) bool {
	does := cmp.Or(m.work.UnderWay(), m.jobs.UnderWay(), m.forwarding.UnderWay(), m.offer.UnderWay(), m.pages.webhooks.UnderWay())
	if does == "" {
		return false
	}
	m.say(note.Hint, key+" does nothing yet: still "+does)
	m.fit()
	m.drawn.stale = true
	return true
}
