package simulator

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// What is what a director begins.
type What string

// What a director can begin.
const (
	ArchiveOrder  What = "archive"
	TaskingOrder  What = "tasking"
	ProcessingJob What = "job"
)

// finals are the statuses after which nothing comes, or only the end of the accounts.
var finals = [...]string{
	"FULFILLED", "FAILED_PERMANENTLY", "CANCELED", "successful", "captured", "failed", "released", "invalid", "rejected", "unlicensed",
}

// errUnknown is the error of a change of an order or a job that was not begun.
var errUnknown = errors.New("it was not begun")

// Begin makes an order or a job under a name that only the director uses, and has the change
// delivered. The same seed and name give the same id.
func (s *Simulator) Begin(name string, what What) error {
	purpose := "directed " + name
	r := rand.New(chance(s.player.seed, purpose))
	x := &scenario{subject: &subject{id: newIDs(s.player.seed, purpose+" id").next(), place: pick(r, places[:])}}
	switch what {
	case ArchiveOrder:
		x.beginArchive(r)
	case TaskingOrder:
		x.beginTasking(r)
	case ProcessingJob:
		x.beginJob(r)
	default:
		return fmt.Errorf("begin %q: unknown kind %q", name, what)
	}
	if !s.directed.add(name, x.subject) {
		return fmt.Errorf("begin %q: there is one of that name", name)
	}
	s.player.inventory.add(x.subject)
	return s.move(x.subject, x.ahead[0])
}

// Move gives a status to what was begun under a name, and has the change delivered. A
// sub-status may be empty.
func (s *Simulator) Move(name, status, subStatus string) error {
	x := s.directed.find(name)
	if x == nil {
		return fmt.Errorf("move %q: %w", name, errUnknown)
	}
	if x.kind == job {
		status = strings.ToLower(status)
	}
	return s.move(x, step{status: status, subStatus: subStatus, final: slices.Contains(finals[:], status)})
}

func (s *Simulator) move(x *subject, to step) error {
	in := s.player.inventory
	in.mu.Lock()
	x.change(to, in.now())
	changed := *x
	in.mu.Unlock()
	select {
	case s.player.changed <- changed:
		return nil
	default:
		return errors.New("too many changes wait, because the simulator does not run")
	}
}

// SetPaused stops the world, or lets it go on: while it is paused, no order and no job
// changes by itself, and nothing is delivered.
func (s *Simulator) SetPaused(paused bool) { s.player.paused.set(paused) }

// Hold holds all deliveries back, or lets them go. They wait in their order.
func (s *Simulator) Hold(held bool) { s.player.deliverer.held.set(held) }

// Resend sends all deliveries at once that wait for another attempt.
func (s *Simulator) Resend() { s.player.deliverer.again.ring() }

// Storm delivers n events about new jobs to the webhook with a URL, as fast as many senders
// at once can. Those of one job come in their order. It returns when all are answered.
func (s *Simulator) Storm(ctx context.Context, url string, n int) error {
	const senders = 16
	jobs := make(chan int)
	var sending sync.WaitGroup
	errs := make([]error, senders)
	for i := range senders {
		sending.Go(func() {
			for number := range jobs {
				if err := s.stormJob(ctx, url, number, min(len(stormy), n-number*len(stormy))); err != nil && errs[i] == nil {
					errs[i] = err
				}
			}
		})
	}
	for number := range (n + len(stormy) - 1) / len(stormy) {
		jobs <- number
	}
	close(jobs)
	sending.Wait()
	return errors.Join(errs...)
}

// stormy are the statuses of each job of a storm.
var stormy = [...]string{"created", "licensed", "valid", "running", "successful"}

// stormJob sends the first n events of one job of a storm.
func (s *Simulator) stormJob(ctx context.Context, url string, number, n int) error {
	purpose := "storm " + strconv.Itoa(number)
	r := rand.New(chance(s.player.seed, purpose))
	x := &scenario{subject: &subject{id: newIDs(s.player.seed, purpose+" id").next(), place: pick(r, places[:])}}
	x.beginJob(r)
	in := s.player.inventory
	in.add(x.subject)
	for _, status := range stormy[:n] {
		in.mu.Lock()
		x.change(step{status: status, final: slices.Contains(finals[:], status)}, in.now())
		changed := *x.subject
		in.mu.Unlock()
		if err := s.stormEvent(ctx, url, changed); err != nil {
			return err
		}
	}
	return nil
}

func (s *Simulator) stormEvent(ctx context.Context, url string, x subject) error {
	secret, _ := s.attacker.webhooks.at(url)
	m := messageJSON{
		Event: x.event(), LiveMode: true, MessageID: s.attacker.messages.next(), Timestamp: stamp(x.updated), Body: x.body(s.account.workspace),
	}.encode()
	code, status, err := s.attacker.sender.post(ctx, url, secret, m, s.attacker.now())
	switch {
	case err != nil:
		return fmt.Errorf("send an event of the storm: %w", err)
	case code/100 != 2:
		return fmt.Errorf("send an event of the storm: the answer was %s", status)
	}
	return nil
}

// directed are the subjects that a director has begun, by its names. It is safe for
// concurrent use.
type directed struct {
	mu  sync.Mutex
	all map[string]*subject
}

// add keeps a subject; it returns false if there is one of that name.
func (d *directed) add(name string, x *subject) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.all[name] != nil {
		return false
	}
	if d.all == nil {
		d.all = map[string]*subject{}
	}
	d.all[name] = x
	return true
}

func (d *directed) find(name string) *subject {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.all[name]
}

// waitAgain waits before another attempt, or until the bell rings. It returns false if ctx
// ends first.
func waitAgain(ctx context.Context, wait time.Duration, again <-chan struct{}) bool {
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-again:
		return true
	case <-ctx.Done():
		return false
	}
}
