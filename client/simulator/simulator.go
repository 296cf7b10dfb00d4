// Package simulator simulates UP42: its sign-in and API over HTTP, and orders and processing
// jobs that change. Changes are delivered to webhooks, with UP42's signatures.
//
// It shares no code with package client, so that the tests of each check the other. What it
// answers beyond UP42's documentation (paging, the errors of Keycloak) follows UP42's Python
// SDK, which works with it. See client/README.md.
package simulator

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

// DefaultSpeed is a speed to watch: one or two deliveries a second.
const DefaultSpeed = 10

// maxBody bounds the body of a request, in bytes.
const maxBody = 64 << 10

// MaxSpeed is the highest speed.
const MaxSpeed = 1000

// Options configure a Simulator. The zero value is valid.
type Options struct {
	// Seed decides everything random, the ids too.
	Seed uint64
	// Speed is how fast orders and jobs change. At 1 a step of an order takes 10 to 30
	// seconds; at UP42 it takes minutes to days. At 10 there are one or two deliveries a
	// second. 0 is DefaultSpeed. A speed above MaxSpeed is MaxSpeed.
	Speed float64
	// Now is the clock for times in answers and signatures and for the end of tokens. Nil is
	// time.Now.
	Now func() time.Time
	// Logger gets the results of deliveries. It may be nil.
	Logger *slog.Logger
	// Faults are the faults at the start, see SetFaults.
	Faults Faults
	// Quiet stops orders and jobs: only tests of webhooks, cancellations and what a director
	// does are delivered.
	Quiet bool
	// Empty makes an account without orders and jobs. See [Simulator.Begin].
	Empty bool
	// Events are the names of the events that webhooks can subscribe to. Nil are those that
	// UP42 has. The list may be empty.
	Events []string
	// HideSecrets leaves the secrets of webhooks out of all answers.
	HideSecrets bool
	// Transport carries the deliveries. Nil is a transport that keeps no connections.
	Transport http.RoundTripper
}

// Simulator is a simulated UP42 with one account and one workspace. It is an http.Handler of
// both the API and the sign-in. It is safe for concurrent use.
type Simulator struct {
	account  account
	quiet    bool
	requests *ids
	routes   http.Handler
	faults   faultPlan
	tokens   *tokens
	attacker *attacker
	directed directed

	running sync.Mutex // held by Run
	player  *player
}

// New makes a Simulator with a history of two days: orders and jobs that ended, and some that
// are in progress.
func New(o Options) *Simulator {
	speed := min(cmp.Or(o.Speed, DefaultSpeed), MaxSpeed)
	if !(speed > 0) { // negative or NaN
		speed = DefaultSpeed
	}
	now := o.Now
	if now == nil {
		now = time.Now
	}
	log := o.Logger
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	account, messages, sender := newAccount(o.Seed), newIDs(o.Seed, "messages"), newSender(o.Transport)
	hooks := &webhooks{ids: newIDs(o.Seed, "webhooks"), now: now, events: newCatalogue(o.Events), hideSecrets: o.HideSecrets}
	in := &inventory{account: account, now: now}
	s := &Simulator{
		account: account, quiet: o.Quiet, requests: newIDs(o.Seed, "requests"), tokens: newTokens(o.Seed, now),
		attacker: &attacker{webhooks: hooks, inventory: in, sender: sender, messages: messages, now: now},
		player: &player{
			seed: o.Seed, speed: speed, now: now, inventory: in, changed: make(chan subject, maxChanged),
			deliverer: &deliverer{seed: o.Seed, account: account, webhooks: hooks, sender: sender, now: now, log: log},
		},
	}
	s.faults.set(o.Faults)
	tester := &webhookTester{webhooks: hooks, sender: sender, messages: messages, now: now}
	s.routes = newRoutes(&auth{account: account, tokens: s.tokens}, hooks, tester, in, s.player)
	s.player.deliverer.paused = &s.player.paused
	if !o.Empty {
		s.player.populate()
	}
	return s
}

// Workspace returns the id of the account's workspace.
func (s *Simulator) Workspace() string { return s.account.workspace }

// ServeHTTP answers a call to the API or to the sign-in.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Request-Id", s.requests.next())
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if w = s.faults.apply(w, r, s.tokens); w != nil {
		s.routes.ServeHTTP(w, r)
	}
}

// Run changes orders and jobs, and delivers the changes, until ctx ends. Then it waits for
// all that it started, and returns nil. A second Run continues where the first one stopped.
// It waits while another Run runs.
func (s *Simulator) Run(ctx context.Context) error {
	s.running.Lock()
	defer s.running.Unlock()
	var deliveries sync.WaitGroup
	defer deliveries.Wait()
	if s.quiet || len(s.player.schedule.queue) == 0 {
		s.player.rest(ctx, &deliveries)
		return nil
	}
	s.player.play(ctx, &deliveries)
	return nil
}

// SetFaults replaces the faults for the calls that come from now on. The zero Faults ends
// them.
func (s *Simulator) SetFaults(f Faults) { s.faults.set(f) }

// ExpireTokens makes all tokens invalid, refresh tokens too: the next caller must sign in
// with the password.
func (s *Simulator) ExpireTokens() { s.tokens.forgetAll() }

// Attack sends an attack to a URL once. Any answer is a success. The error may wrap
// [ErrNotYet].
func (s *Simulator) Attack(ctx context.Context, target string, kind Attack) error {
	return s.attacker.attack(ctx, target, kind)
}
