// Package webhooks is the page on which the workspace's webhooks are seen and
// managed: a list, and over it forms, questions and what is known of one
// webhook.
//
// Nothing on it waits for UP42. Every call is a command with a context of its
// own, and its answer a message with the number of the call: the answer to a
// call that was given up is dropped.
package webhooks

import (
	"context"
	"crypto/rand"
	"io"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/roundtrip"
	"github.com/up42/up42-webhooks/tui/table"
	"github.com/up42/up42-webhooks/tui/theme"
)

// API is what the page asks UP42; a *client.Client answers.
type API interface {
	roundtrip.API
	Webhooks(ctx context.Context) ([]client.Webhook, error)
	Webhook(ctx context.Context, id string) (client.Webhook, error)
	CreateWebhook(ctx context.Context, w client.Webhook) (client.Webhook, error)
	UpdateWebhook(ctx context.Context, w client.Webhook) (client.Webhook, error)
	DeleteWebhook(ctx context.Context, id string) error
	EventTypes(ctx context.Context) ([]client.EventType, error)
}

var _ API = (*client.Client)(nil)

// NoteKind says what a note is about.
type NoteKind int

// The kinds of notes.
const (
	Info    NoteKind = iota // it is done
	Hint                    // why a key did nothing
	Failure                 // what went wrong
)

// Options are what a Page needs.
type Options struct {
	// API is UP42's; nil: there are no credentials, and the page says how to
	// give some.
	API API
	// Log is where the deliveries of a test are looked for.
	Log   receiver.Reader
	Theme *theme.Theme
	// Now is the clock; times are shown in its zone.
	Now func() time.Time
	// Do makes a command of a function; it owns the command's goroutine and
	// context.
	Do func(func(context.Context) tea.Msg) tea.Cmd
	// Copy puts text into the clipboard; nil: there is none.
	Copy func(string) error
	// PublicURL is what the URL of a new webhook starts as, "" where it is not
	// known.
	PublicURL func() string
	// PointsHere says whether a webhook's URL leads to this receiver; nil: not
	// known.
	PointsHere func(url string) bool
	// Listed is told the workspace's webhooks whenever UP42 gave them or a call
	// changed them: their secrets are for the receiver. It is called from Update
	// and must be quick, and may keep the slice; nil: nobody is told.
	Listed func([]client.Webhook)
	// Pinned are the headers that signatures must cover, nil where any may; nil:
	// not known.
	Pinned func() []string
	// Pin pins them and says what came of it. It is called from a command; nil:
	// it can't be done here.
	Pin func(components []string) (note string, err error)
	// Random makes secrets; nil: crypto/rand.
	Random io.Reader
	// Program is how this program is called, where a command is to be typed; "":
	// up42hooks.
	Program string
	// Say puts a note onto the screen. It is called from Press and Update, with
	// words that may come from outside but hold no secret.
	Say func(kind NoteKind, words string)
}

// Page is the list of webhooks. Cursor, order and filter are the table's. It
// is not safe for concurrent use.
type Page struct {
	*table.Model[string, *Row]
	o    Options
	keys keyMap
	w, h int

	// cols are the table's columns, which it reads when it is laid out;
	// reshaped: they have changed since.
	cols     []table.Column[*Row]
	reshaped bool

	// layers lie over the list, the last one on top; top is the first line that
	// is seen of it.
	layers []layer
	top    int
	drawn  string // the topmost layer, as it was drawn last
	longer bool   // it is longer than there is room for
	stale  bool

	list    list
	types   []client.EventType // nil: not known
	calls   calls
	seen    map[string]time.Time // the last delivery of each webhook
	names   map[string]string    // also of those that are gone
	tests   map[string]outcome
	deleted []client.Webhook // what can be created anew, the last one first to
	undid   bool             // something was
	undoing *client.Webhook  // what may have been created anew: the next list tells
	missed  map[string]client.Webhook
	reveal  *reveal
	pinning bool
	pinNote string // what came of it, clean
	pinNew  bool   // no key was pressed since

	// asking is what the last key asked, asked what the one before did.
	asking, asked question

	// looked: the page was drawn since the last tick. aged is told where the
	// list is old, and awaiting says that it is listened to.
	looked, awaiting bool
	aged             chan struct{}
}

// New makes a page. It asks nothing before Start.
func New(o Options) *Page {
	if o.Program == "" {
		o.Program = "up42hooks"
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.Say == nil {
		o.Say = func(NoteKind, string) {}
	}
	p := &Page{
		o: o, keys: newKeyMap(), calls: calls{open: map[int]*call{}}, aged: make(chan struct{}, 1),
		seen: map[string]time.Time{}, names: map[string]string{}, tests: map[string]outcome{}, missed: map[string]client.Webhook{},
	}
	p.cols = p.columns()
	p.shape()
	p.Model = table.New(table.Options[string, *Row]{
		Columns: p.cols,
		ID:      func(r *Row) string { return r.webhook.ID },
		Orders:  orders(),
		Text:    searched,
		Theme:   o.Theme,
		Empty:   p.empty,
	})
	return p
}

// OrderName is what the list is sorted by.
func (p *Page) OrderName() string { return p.Order().Name }

// SetSize sets how much room there is, in cells.
func (p *Page) SetSize(w, h int) {
	p.w, p.h = max(0, w), max(0, h)
	p.Invalidate()
}

// Invalidate has the next View draw anew.
func (p *Page) Invalidate() {
	p.stale = true
	p.Model.Invalidate()
}

// Tick lets a second pass: ages, and the time that a secret is shown for. A list
// that has become old is read again, if it is looked at.
func (p *Page) Tick() {
	p.tellAge()
	if p.reveal != nil && !p.o.Now().Before(p.reveal.until) {
		p.reveal = nil
	}
	p.Invalidate()
}

// Saw tells that a delivery came through a webhook.
func (p *Page) Saw(id string, at time.Time) {
	if id != "" && at.After(p.seen[id]) {
		p.seen[id] = at
		p.Invalidate()
	}
}

// NameOf is the name of a webhook, clean; "" where it is not known. It knows
// those that were deleted since the start as well.
func (p *Page) NameOf(id string) string { return p.names[id] }

// Count is how many webhooks there are, where that is known.
func (p *Page) Count() (n int, known bool) { return len(p.list.all), p.list.known }

// Update takes the answers of the page's commands; other messages are none of
// its business.
func (p *Page) Update(msg tea.Msg) tea.Cmd {
	p.Model.Update(msg)
	cmd, mine := p.take(msg)
	if mine {
		p.Invalidate()
	}
	return cmd
}

func (p *Page) take(msg tea.Msg) (cmd tea.Cmd, mine bool) {
	switch msg := msg.(type) {
	case listMsg:
		return p.takeList(msg), true
	case ageMsg:
		return p.takeAge(), true
	case typesMsg:
		p.types = msg
	case createdMsg:
		return p.takeCreated(msg), true
	case savedMsg:
		return p.takeSaved(msg), true
	case toggledMsg:
		return p.takeToggled(msg), true
	case removedMsg:
		return p.takeRemoved(msg), true
	case progressMsg:
		return p.takeProgress(msg), true
	case testedMsg:
		return p.takeTested(msg), true
	case pinnedMsg:
		p.takePinned(msg)
	case copiedMsg:
		p.takeCopied(msg)
	default:
		return nil, false
	}
	return nil, true
}
