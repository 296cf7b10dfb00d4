// Package forwarding shows how the targets of forwarding are, and forwards single
// events again, or to a URL.
package forwarding

import (
	"context"
	"fmt"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/frame"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
	"github.com/up42/up42-webhooks/tui/undelivered"
)

// Forwarder forwards events to other programs. It is safe for concurrent use. Its
// errors hold no secret.
type Forwarder interface {
	// Targets returns the state of each configured target. It must be quick, as it
	// is called once a second from Update.
	Targets() []Target
	// Failures returns what targets gave up, oldest event first.
	Failures(ctx context.Context) ([]receiver.Failure, error)
	// Resend forwards an event to the configured targets once more, or only to
	// `target`, the reader of a failure. If it succeeds, it removes the failure.
	Resend(ctx context.Context, seq int64, target string) error
	// SendTo sends an event to a URL, once.
	SendTo(ctx context.Context, seq int64, url string) error
}

// What targets gave up may change through another process. So the list is read
// again every readOften while the user looks at it, else every readSeldom.
const readOften, readSeldom = 5 * time.Second, 30 * time.Second

// Options are what a Forwarding needs.
type Options struct {
	// Forwarder is nil if nothing forwards.
	Forwarder Forwarder
	Run       command.Runner
	Now       func() time.Time
	Say       note.Say
	Theme     *theme.Theme
	Keys      *keys.Map
	// Page lists what targets gave up.
	Page *undelivered.Page
}

// sending is an event that is being forwarded: to a URL, to one target, or to all
// of them.
type sending struct {
	seq         int64
	target, url string
}

// Forwarding is the state of forwarding. Its methods may be called only from
// Update and View.
type Forwarding struct {
	o       Options
	targets targets
	sending map[sending]bool // what is under way
	url     string           // the last one that an event was sent to
}

// New makes a Forwarding.
func New(o Options) *Forwarding { return &Forwarding{o: o, sending: map[sending]bool{}} }

// Start asks for the targets.
func (f *Forwarding) Start() tea.Cmd {
	if f.o.Forwarder == nil {
		return nil
	}
	f.targets = f.o.Forwarder.Targets()
	return f.o.Page.Read()
}

// Tick asks for the targets, and reads what they gave up if that has changed.
// looking says that the user looks at that list.
func (f *Forwarding) Tick(looking bool) tea.Cmd {
	if f.o.Forwarder == nil {
		return nil
	}
	before := f.targets
	f.targets = f.o.Forwarder.Targets()
	f.o.Page.Invalidate()
	switch {
	case before.givenUp() != f.targets.givenUp():
		return f.o.Page.Read()
	case looking:
		return f.o.Page.ReadAfter(readOften)
	default:
		return f.o.Page.ReadAfter(readSeldom)
	}
}

// Targets returns the state of all targets.
func (f *Forwarding) Targets() []Target { return f.targets }

// HasTargets reports whether targets are configured.
func (f *Forwarding) HasTargets() bool { return len(f.targets) > 0 }

// Failing reports whether a target fails.
func (f *Forwarding) Failing() bool {
	failing, _, _, _ := f.targets.tally()
	return failing > 0
}

// Header says in the header that there are targets, and how they are.
func (f *Forwarding) Header() frame.Piece { return f.targets.piece(f.o.Theme) }

// Failure says which target has been failing for longest, and why; with all it says that of each
// target that fails. It is called while a target is Failing. width is that of the screen. This is no
// alarm: the receiver runs, and nothing is lost.
func (f *Forwarding) Failure(width int, all bool) string {
	failing, _, _, first := f.targets.tally()
	now, room := f.o.Now(), width/2
	if !all && failing > 1 {
		return fmt.Sprintf("%d targets fail; %s", failing, first.failure(now, room))
	}
	var out []string
	for i := range f.targets {
		if t := &f.targets[i]; !t.Failing.IsZero() {
			out = append(out, "forwards to "+t.failure(now, room))
		}
	}
	return strings.Join(out, "; ")
}

// Empty says how the targets are while nothing is undelivered.
func (f *Forwarding) Empty() []string {
	words := "No event was given up: all targets get their events."
	if f.Failing() {
		words = "No event was given up so far: what a target does not take is tried again."
	}
	lines := []string{words, ""}
	for i := range f.targets {
		t := &f.targets[i]
		lines = append(lines, f.o.Theme.Glyphs.Arrow+" "+text.Clean(t.Name, 60)+": "+t.state(f.o.Now()))
	}
	return append(lines, "", "Events that were refused for too long are listed here; f forwards one again.")
}
