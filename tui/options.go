package tui

import (
	"context"
	"io"
	"os/exec"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/account"
	"github.com/up42/up42-webhooks/tui/admit"
	"github.com/up42/up42-webhooks/tui/forwarding"
	"github.com/up42/up42-webhooks/tui/frame"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/program"
	"github.com/up42/up42-webhooks/tui/prompt"
	"github.com/up42/up42-webhooks/tui/remembered"
	"github.com/up42/up42-webhooks/tui/session"
	"github.com/up42/up42-webhooks/tui/theme"
	"github.com/up42/up42-webhooks/tui/webhooks"
)

// API is what the screen asks UP42. A *client.Client answers.
type API interface {
	webhooks.API
	account.API
}

var _ API = (*client.Client)(nil)

// Options are what a Model needs. Log, Theme and Now are required.
type Options struct {
	Log      receiver.Reader
	Receiver Receiver
	// Sources say how the state of the receiver changes.
	Sources frame.Sources
	// API is UP42's. Nil without credentials.
	API API
	// PointsHere reports whether a webhook's URL leads to this receiver. Nil if
	// that can't be known.
	PointsHere func(url string) bool
	// Listed gets each list of webhooks that UP42 gave or a call changed: the
	// receiver needs their secrets. It is called from Update, must be quick, and
	// may keep the slice. May be nil.
	Listed func([]client.Webhook)
	// Pinned returns the headers that signatures must cover, nil if any may do. Pin
	// pins headers and returns what came of it. Each may be nil.
	Pinned func() []string
	Pin    func(components []string) (note string, err error)
	// PinFile is the file that Pin writes, "" if nothing can be pinned.
	PinFile string
	// Random is for secrets. Nil means crypto/rand.
	Random io.Reader
	Theme  *theme.Theme
	// Still: nothing moves or glows only to be noticed.
	Still bool
	// NoMouse: the terminal keeps the mouse, as for the selection of text.
	NoMouse bool
	// ASCII: the terminal's locale has only ASCII.
	ASCII bool
	// Now is the clock. Times are shown in its zone.
	Now func() time.Time
	// Copy puts text into the clipboard. Nil if there is no clipboard.
	Copy func(string) error
	// Getenv reads the environment, which names the user's editor and pager. Nil: it is empty.
	Getenv func(string) string
	// Lend runs a program on the terminal, and then gives the message. Nil: Run does it.
	Lend func(p *exec.Cmd, then func(error) tea.Msg) tea.Cmd
	// Browse opens a URL in a browser. Nil: the program of the desktop does it.
	Browse func(ctx context.Context, url string) error
	// Console is the URL of an order in UP42's console, with {id} for its id. May be empty.
	Console string
	// Private: nothing is said of why something failed, of what programs print, and of the user's
	// settings, all of which may name what is real.
	Private bool
	// Home is the user's home folder, for which the screen writes ~. May be empty.
	Home string
	// Forwarder forwards events. Nil if nothing does.
	Forwarder forwarding.Forwarder
	// TestEvent sends a signed test event about a new order or job to the receiver, over HTTP. An
	// error says why it was not accepted, and what to do. Nil: nothing can be sent.
	TestEvent func(context.Context, receiver.Kind) error
	// Admissions admits rejected deliveries. Nil if nothing does.
	Admissions admit.Admissions
	// Remembered is how the user looked at the screen the last time. Remember writes down how
	// that is now; it may block, and is safe for concurrent use. Nil: nothing is remembered.
	Remembered remembered.State
	Remember   func(context.Context, remembered.State)
	// Session is what another Model knew and has said, whose place this one takes.
	Session session.Session
	// Rows is how many rows each of the pages Jobs and Orders keeps in memory. 0: 50,000.
	Rows int
	// Keys replace the usual keys of actions. They were checked.
	Keys keys.Own
	// Limits are what the user may not do. Nil: the user may do all.
	Limits *keys.Limits
	// Pace returns the least time between two looks at the log. Nil: the screen shows changes as
	// fast as people see them.
	Pace func() time.Duration
	// Turn waits until the screen may read what has changed in the log, or until ctx ends: then it
	// returns nil. The screen calls leave when it has read. Nil: it reads at once.
	Turn func(ctx context.Context) (leave func())
	// Columns are the names of the columns to show of the lists orders, jobs, events, undelivered and
	// webhooks, in their order. A list that is missing shows all. They were checked.
	Columns map[string][]string
	// Commands are programs on keys that have no other meaning.
	Commands []program.Command
	// Filters are those on the keys F1 to F4.
	Filters [4]prompt.SavedFilter
	// MoreKeys are keys of a program around the screen, for the help.
	MoreKeys []keys.Group
	Version  string
	// Program is how this program is called on a command line. Empty means
	// up42hooks.
	Program string
	// Ended is called when the dashboard does not use any more what it was given, while the
	// terminal is perhaps still being restored. May be nil.
	Ended func()
	// CrashDir is the folder for the trace of a crash. Empty means that for
	// temporary files.
	CrashDir string
}

// Receiver describes the receiver.
type Receiver struct {
	// Address and Path are where deliveries are accepted. PublicURL is how the
	// internet reaches them. It may be empty.
	Address, Path, PublicURL string
	// WebhookURL returns what is proposed as the URL of a new webhook. It is empty if
	// UP42 would not reach the receiver. Nil: it is always empty.
	WebhookURL func() string
	// Viewer: another process receives, this one only watches.
	Viewer bool
	// BeforeEnd is what q says before it ends the screen: what ends, too. Empty: q does not ask.
	BeforeEnd string
	// Store is the file of the store. SecretFile is the file of a secret that was
	// made here; it is empty if the secret was configured.
	Store, SecretFile string
	// OwnSecret: no other program has a secret that the receiver accepts.
	OwnSecret bool
	// Notice is a line to show at the start, Warning one that is shown in its place. They
	// may be empty.
	Notice, Warning string
}
