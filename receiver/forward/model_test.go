//go:build unix

package forward_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/forward"
	"github.com/up42/up42-webhooks/receiver/receivertest"
)

// step is something that happens to a forwarder or its target.
type step struct {
	What string
	ID   string
	Wait time.Duration
}

var steps = rapid.Custom(func(t *rapid.T) step {
	return step{
		What: rapid.SampledFrom([]string{"event", "event", "event", "kill", "restart", "target fails", "target refuses", "target works", "wait", "disk fails", "disk works"}).Draw(t, "what"),
		ID:   rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "id"),
		Wait: rapid.SampledFrom([]time.Duration{0, time.Millisecond, 150 * time.Millisecond, time.Second, time.Minute, 70 * time.Minute}).Draw(t, "wait"),
	}
})

// Whatever happens to a forwarder, its target and its disk: each event is taken, or given up
// and on the list, those of an order in their order; no checkpoint is ahead; and after a kill no
// more events are sent twice than are sent at a time. A failure is shrunk to the fewest steps.
func TestAForwarderDoesWhatItsModelSays(t *testing.T) {
	receivertest.Checks(t, 8)
	rapid.Check(t, func(rt *rapid.T) {
		happens := rapid.SliceOfN(steps, 1, 40).Draw(rt, "steps")
		var problem string
		synctest.Test(t, func(t *testing.T) { problem = newWorld(t).live(happens) })
		if problem != "" {
			rt.Fatal(problem)
		}
	})
}

// world is a forwarder with all that can happen to it. It is a program that is killed: what it
// does later has no effect.
type world struct {
	t   *testing.T
	log *receivertest.Log

	mu      sync.Mutex
	runs    int    // the number of the program that runs
	fails   bool   // the target can't take anything
	refuses string // what the target refuses for good
	full    bool   // the disk
	taken   []int64
	problem string

	kills int
	end   func()
}

const sentAtOnce = 3

func newWorld(t *testing.T) *world {
	w := &world{t: t, log: receivertest.NewLog()}
	if err := w.log.SaveCheckpoint(t.Context(), targetName, receiver.Checkpoint{}); err != nil {
		w.problem = err.Error()
	}
	return w
}

// life is one life of the program.
type life struct {
	*world
	receiver.Checkpoints
	number int
}

var errDead = errors.New("the program was killed")

// does calls f, if the program lives.
func (p *life) does(f func() error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.number != p.runs {
		return errDead
	}
	return f()
}

func (p *life) Name() string                { return targetName }
func (p *life) Check(context.Context) error { return nil }

// Send takes an event.
func (p *life) Send(_ context.Context, e *receiver.Event) error {
	return p.does(func() error {
		switch {
		case p.fails:
			return &forward.Unreachable{Err: errors.New("down")}
		case p.refuses == e.ID:
			return &forward.Refused{Reason: "no", Permanent: true}
		}
		p.taken = append(p.taken, e.Seq)
		return nil
	})
}

func (p *life) writes(f func() error) error {
	return p.does(func() error {
		if p.full {
			return errors.New("no space left on device")
		}
		return f()
	})
}

func (p *life) SaveCheckpoint(ctx context.Context, reader string, c receiver.Checkpoint) error {
	return p.writes(func() error { return p.Checkpoints.SaveCheckpoint(ctx, reader, c) })
}

func (p *life) AddFailure(ctx context.Context, f receiver.Failure) error {
	return p.writes(func() error { return p.Checkpoints.AddFailure(ctx, f) })
}

// start starts the program.
func (w *world) start() {
	w.mu.Lock()
	w.runs++
	p := &life{world: w, Checkpoints: w.log, number: w.runs}
	w.mu.Unlock()
	f := forward.New(forward.Options{Log: w.log, Checkpoints: p, Target: p, Parallel: sentAtOnce, GiveUp: time.Hour})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = f.Run(ctx)
	}()
	w.end = func() {
		cancel()
		<-ended
	}
}

// kill ends the program without a chance to save anything.
func (w *world) kill() {
	w.mu.Lock()
	w.runs++
	w.mu.Unlock()
	w.end()
	w.kills++
}

// live lets things happen, lets everything work again, and returns what is wrong.
func (w *world) live(happens []step) string {
	w.start()
	for i, s := range happens {
		w.happen(i, s)
		time.Sleep(s.Wait)
		synctest.Wait()
		w.check()
	}
	w.set(func() { w.fails, w.refuses, w.full = false, "", false })
	time.Sleep(3 * time.Hour)
	synctest.Wait()
	w.end()
	w.check()
	w.checkAll()
	return w.problem
}

func (w *world) set(f func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f()
}

func (w *world) happen(i int, s step) {
	switch s.What {
	case "event":
		w.log.Add(event(s.ID, fmt.Sprint("S", i), receivertest.At(time.Now())))
	case "kill":
		w.kill()
		w.start()
	case "restart":
		if w.full { // it can't save at its end either
			w.kills++
		}
		w.end()
		w.start()
	case "target fails":
		w.set(func() { w.fails = true })
	case "target refuses":
		w.set(func() { w.refuses = s.ID })
	case "target works":
		w.set(func() { w.fails, w.refuses = false, "" })
	case "disk fails":
		w.set(func() { w.full = true })
	case "disk works":
		w.set(func() { w.full = false })
	}
}

// wrong notes the first problem.
func (w *world) wrong(format string, args ...any) {
	if w.problem == "" {
		w.problem = fmt.Sprintf(format, args...)
	}
}

// given are the events that were given up.
func (w *world) given() (seqs []int64) {
	failures, err := w.log.Failures(w.t.Context(), targetName)
	if err != nil {
		w.wrong("%v", err)
	}
	for _, f := range failures {
		seqs = append(seqs, f.Seq)
	}
	return seqs
}

// check checks that the checkpoint is not ahead.
func (w *world) check() {
	w.mu.Lock()
	defer w.mu.Unlock()
	p, _, err := w.log.Checkpoint(w.t.Context(), targetName)
	if err != nil {
		w.wrong("%v", err)
	}
	given := w.given()
	done := func(seq int64) {
		if !slices.Contains(w.taken, seq) && !slices.Contains(given, seq) {
			w.wrong("the checkpoint %v is ahead of event %d; taken: %v, given up: %v", p, seq, w.taken, given)
		}
	}
	for seq := int64(1); seq <= p.Cursor; seq++ {
		done(seq)
	}
	for _, s := range p.Done {
		for seq := s.First; seq <= s.Last; seq++ {
			done(seq)
		}
	}
}

// checkAll checks what became of the events.
func (w *world) checkAll() {
	events, err := w.log.Events(w.t.Context(), receiver.EventQuery{Oldest: true})
	if err != nil {
		w.wrong("%v", err)
	}
	given, before, twice := w.given(), map[string]int{}, len(w.taken)
	for _, e := range events {
		first := slices.Index(w.taken, e.Seq)
		if first < 0 {
			if !slices.Contains(given, e.Seq) {
				w.wrong("event %d was neither taken nor given up", e.Seq)
			}
			continue
		}
		twice--
		if last, ok := before[e.ID]; ok && first < last {
			w.wrong("event %d of %s was taken too early: %v", e.Seq, e.ID, w.taken)
		}
		before[e.ID] = first
	}
	if twice > sentAtOnce*w.kills {
		w.wrong("%d events were sent twice after %d kills: %v", twice, w.kills, w.taken)
	}
}
