// Package tui is the dashboard: a frame with a header, five pages (jobs,
// orders, every delivery, webhooks, what could not be handed on) and their details.
//
// It is a reader of the log like any other. One command waits for the log to
// change and reads what is new, at most once a frame; its batch is the only way
// by which anything comes onto the screen. All reading is done in commands, all
// state is changed in Update, and View joins lines that are kept until
// something changes.
package tui

import (
	"io"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/detail"
	"github.com/up42/up42-webhooks/tui/feed"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/status"
	"github.com/up42/up42-webhooks/tui/theme"
	"github.com/up42/up42-webhooks/tui/undelivered"
)

// Options are what a Model needs.
type Options struct {
	Log      receiver.Reader
	Receiver Receiver
	// Stands tells when the receiver stopped, and when there is one again; nil:
	// nobody will.
	Stands <-chan Standing
	// Public tells where the world reaches the receiver, where that changes; nil:
	// it is Receiver.PublicURL for good. It is quick: it is asked once a second.
	Public func() Public
	// Strays is how many requests were no deliveries, such as those to a wrong
	// path; nil: not known. It is asked once a second.
	Strays func() int64
	// Stray is the path of the newest request to one where nothing lives, "" where
	// there was none; nil: nobody knows.
	Stray func() string
	// Storing tells why deliveries can't be stored, and with a nil error that
	// they can again; nil: nobody will.
	Storing <-chan error
	// API is UP42's; nil: there are no credentials.
	API API
	// PointsHere says whether a webhook's URL leads to this receiver; nil: not
	// known.
	PointsHere func(url string) bool
	// Listed is told each list of webhooks that UP42 gave or a call changed: their
	// secrets are for the receiver. It is called from Update and must be quick,
	// and may keep the slice; nil: nobody is told.
	Listed func([]client.Webhook)
	// Pinned are the headers that signatures must cover, nil where any may; Pin
	// pins them and says what came of it; nil: it can't.
	Pinned func() []string
	Pin    func(components []string) (note string, err error)
	// Random makes secrets; nil: crypto/rand.
	Random io.Reader
	Theme  *theme.Theme
	// ASCII: the terminal's locale shows nothing else.
	ASCII bool
	// Now is the clock; times are shown in its zone.
	Now func() time.Time
	// Copy puts text into the clipboard, through the renderer's own writer;
	// nil: there is none.
	Copy func(string) error
	// Home is the user's home folder, for which the screen writes ~; "": not
	// known.
	Home string
	// Forwarding hands events on; nil: nothing does.
	Forwarding Forwarding
	// Filters are those on the keys F1 to F4.
	Filters [4]SavedFilter
	Version string
	// Program is how this program is called, where a command is to be typed; "":
	// up42hooks.
	Program string
	// CrashDir is the folder for the trace of a crash; "": that for temporary
	// files.
	CrashDir string
}

// Receiver is what the screen says of the receiver.
type Receiver struct {
	// Address and Path are where deliveries are taken, PublicURL where the
	// world sees that, if known.
	Address, Path, PublicURL string
	// WebhookURL is what the URL of a new webhook starts as, "" where none is
	// known by which UP42 would find here.
	WebhookURL string
	// Viewer: another process receives, this one only watches.
	Viewer bool
	// Store is the store's file, SecretFile that of a secret that was made
	// here; "": it was configured.
	Store, SecretFile string
	// Notice is a line to say at the start.
	Notice string
}

// pageID names a page; it is also its place among the tabs.
type pageID int

const (
	jobsPage pageID = iota
	ordersPage
	eventsPage
	webhooksPage
	undeliveredPage
	allPages
)

// list is what the frame needs of a page: a table that it moves about in.
type list interface {
	Update(tea.Msg) tea.Cmd
	View() string
	SetSize(w, h int)
	Invalidate()

	Move(int)
	Page(halves int)
	Home()
	End()
	Index() int
	Hold()
	Follows() bool
	Len() (shown, total int)

	SetFilter(string) tea.Cmd
	Filter() string
	NextOrder() tea.Cmd
	OrderName() string
	Busy() bool

	SetPaused(bool)
	New() int
}

// Model is the dashboard. Run runs it; a test may drive Update by hand, and
// must Close it then.
type Model struct {
	o        Options
	th       *theme.Theme
	keys     keyMap
	commands *commands

	w, h int
	room room // what the pages have of it

	page         pageID
	jobs, orders *status.Page
	events       *feed.Page
	webhooks     webhooksList
	undelivered  *undelivered.Page
	lists        [allPages]list
	details      *detail.Page
	detailed     bool // the details are shown
	helping      bool // the help is shown
	helpTop      int
	prompt       *prompt

	cursor   cursor
	wake     func() // ends the wait that is under way
	ready    bool   // the first screen is read
	paused   bool
	counts   receiver.Counts
	rate     rate
	older    [2]older // of jobs and of orders, by their page
	account  account
	handing  handing
	strays   int64
	stray    string // the path of the newest one, clean
	public   Public
	unread   error // why the store can't be read
	unstored error // why deliveries can't be stored
	dead     error // why the receiver stopped
	note     note

	frame frameLines
}

// New makes a Model.
func New(o Options) *Model {
	if o.Program == "" {
		o.Program = "up42hooks"
	}
	m := &Model{o: o, th: o.Theme, keys: newKeyMap(), commands: newCommands(), page: ordersPage, wake: func() {}}
	m.jobs = status.New(status.Options{Kind: receiver.Job, Theme: o.Theme, Now: o.Now, Empty: m.emptyJobs})
	m.orders = status.New(status.Options{Kind: receiver.Order, Named: o.API != nil, Theme: o.Theme, Now: o.Now, Empty: m.emptyOrders})
	m.webhooks = m.newWebhooks()
	m.events = feed.New(feed.Options{Log: o.Log, Theme: o.Theme, Now: o.Now, Do: m.commands.do, Empty: m.emptyFeed, NameOf: m.webhookNames()})
	m.undelivered = m.newUndelivered()
	m.lists = [allPages]list{m.jobs, m.orders, m.events, m.webhooks, m.undelivered}
	m.details = detail.New(detail.Options{
		Log: o.Log, Theme: o.Theme, Now: o.Now, Do: m.commands.do, Listing: m.listing, NameOf: m.nameOf, Workspace: o.API != nil,
		Keys: keys.New(), CopyID: m.copyID, CopyBody: m.copyBody,
	})
	m.handing.sending = map[sending]bool{}
	m.account.asking = map[receiver.Key]bool{}
	m.rate.advance(o.Now())
	m.askPublic()
	if o.Receiver.Notice != "" {
		m.say(noteInfo, o.Receiver.Notice)
		m.note.stays = true
	}
	return m
}

// Close ends the model's commands and waits for them. Run calls it.
func (m *Model) Close() {
	m.commands.close()
}

// Init starts reading the log and the clock.
func (m *Model) Init() tea.Cmd {
	return tea.Batch(m.start(), m.tick(), m.watchReceiver(), m.watchStoring(), m.askAccount(), m.webhooks.Start(), m.startForwarding())
}

// pages is how many pages there are.
func (m *Model) pages() pageID {
	if m.hasUndelivered() {
		return allPages
	}
	return undeliveredPage
}

func (m *Model) list() list { return m.lists[m.page] }

// subject is what is under the cursor, where that is something that has
// details.
func (m *Model) subject() (detail.Subject, bool) {
	switch m.page {
	case jobsPage:
		return m.jobs.Subject()
	case ordersPage:
		return m.orders.Subject()
	case eventsPage:
		return m.events.Subject()
	case undeliveredPage:
		return m.undelivered.Subject()
	default:
		return detail.Subject{}, false
	}
}

// listing is what UP42 said of a row.
func (m *Model) listing(k receiver.Key) (detail.Listing, bool) {
	if k.Kind != receiver.Job && k.Kind != receiver.Order {
		return detail.Listing{}, false
	}
	return m.statusPage(pageOf(k.Kind)).Listing(k.ID)
}

// String is the page's name.
func (p pageID) String() string {
	return [...]string{"Jobs", "Orders", "Events", "Webhooks", "Undelivered"}[p]
}

// things is what the page lists, in a sentence.
func (p pageID) things() string { return strings.ToLower(p.String()) }
