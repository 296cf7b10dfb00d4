package simulator

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

// The account that can sign in.
const (
	Username = "demo@example.com"
	Password = "demo"
)

// DefaultSpeed is a pace to look at: about one or two deliveries a second.
const DefaultSpeed = 10

// MaxSpeed is the fastest that lives are played.
const MaxSpeed = 1000

// Options are what a Simulator starts from. The zero value is a good one.
type Options struct {
	// Seed is what everything random follows from, all ids included.
	Seed uint64
	// Speed is the pace of lives. At 1 a step of an order takes 10 to 30
	// seconds, where UP42 takes minutes to days; at 10 one to three seconds,
	// with one or two deliveries a second in all. 0: DefaultSpeed; above
	// MaxSpeed: that.
	Speed float64
	// Now is the clock of all times that are shown, signed or expire; nil:
	// time.Now.
	Now func() time.Time
	// Logger is told what becomes of deliveries; nil: nobody is.
	Logger *slog.Logger
	// Faults are those to start with; see SetFaults.
	Faults Faults
	// Quiet lets orders and jobs stand still: nothing is delivered but tests.
	Quiet bool
	// Deliver carries the deliveries; nil: a transport of its own that keeps no
	// connections.
	Deliver http.RoundTripper
}

// Simulator is a simulated UP42 with one account and one workspace. As an
// http.Handler it is both the API and the sign-in, on one address. It is safe
// for concurrent use.
type Simulator struct {
	seed      uint64
	speed     float64
	quiet     bool
	now       func() time.Time
	log       *slog.Logger
	workspace string
	account   string
	routes    http.Handler
	requests  *ids
	hookIDs   *ids
	messages  *ids
	out       *http.Client
	faults    faultPlan
	tokens    *tokens

	// playing is held by the one Run at a time.
	playing sync.Mutex

	mu       sync.Mutex // guards all below
	webhooks []*webhook
	orders   shelf
	jobs     shelf
	schedule schedule
}

// New makes a Simulator with some history: orders and jobs that ended in the
// last two days, and some that are under way.
func New(o Options) *Simulator {
	s := &Simulator{
		seed:      o.Seed,
		speed:     min(cmp.Or(o.Speed, DefaultSpeed), MaxSpeed),
		quiet:     o.Quiet,
		now:       o.Now,
		log:       o.Logger,
		workspace: newIDs(o.Seed, "workspace").next(),
		account:   newIDs(o.Seed, "account").next(),
		requests:  newIDs(o.Seed, "requests"),
		hookIDs:   newIDs(o.Seed, "webhooks"),
		messages:  newIDs(o.Seed, "messages"),
		out:       newSender(o.Deliver),
	}
	if !(s.speed > 0) { // nor NaN
		s.speed = DefaultSpeed
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.tokens = newTokens(o.Seed, s.now)
	s.faults.set(o.Faults)
	s.routes = s.newRoutes()
	s.populate()
	return s
}

// Workspace is the id of the account's workspace.
func (s *Simulator) Workspace() string { return s.workspace }

// Run plays lives and delivers until ctx ends, waits for all that it started
// and returns nil. A second Run goes on where the first one stopped; it waits
// while another one runs.
func (s *Simulator) Run(ctx context.Context) error {
	s.playing.Lock()
	defer s.playing.Unlock()
	if s.quiet {
		<-ctx.Done()
		return nil
	}
	var deliveries sync.WaitGroup
	defer deliveries.Wait()
	s.play(ctx, &deliveries)
	return nil
}

// stamp is a time as UP42 writes it.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }
