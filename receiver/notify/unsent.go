package notify

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"sync"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/outfile"
)

// unsent remembers across runs from which event on messages are not sent. The file exists
// while some are not. It is safe for concurrent use.
type unsent struct {
	file string // "": nothing is remembered, also in the zero value
	log  *slog.Logger

	mu      sync.Mutex
	after   map[string]int64 // by the name of a place: all events up to this Seq are told
	failing bool
}

// openUnsent reads the file, if there is one. What is after the last event of the log is of
// another log, and does not count; nor do places that no rule has any more.
func openUnsent(file string, last int64, names []string, log *slog.Logger) *unsent {
	u := &unsent{file: file, log: log, after: map[string]int64{}}
	text, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(text, &u.after)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		log.Warn("which messages were not sent can't be read; only new ones are sent", "file", file, "error", err)
		u.after = nil
	}
	known := map[string]int64{}
	for _, name := range names {
		if seq, ok := u.after[name]; ok && seq <= last {
			known[name] = seq
		}
	}
	u.after = known
	return u
}

// keep remembers that all events up to a Seq are told, and that later ones may not be.
func (u *unsent) keep(name string, seq int64) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if before, ok := u.after[name]; u.file == "" || ok && before == seq {
		return
	}
	u.after[name] = seq
	u.save()
}

// clear forgets a place: all is told.
func (u *unsent) clear(name string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if _, ok := u.after[name]; ok {
		delete(u.after, name)
		u.save()
	}
}

func (u *unsent) save() {
	text, err := json.Marshal(u.after)
	switch {
	case err != nil:
	case len(u.after) == 0:
		if err = os.Remove(u.file); errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
	default:
		err = outfile.PutOwn(u.file, append(text, '\n'))
	}
	if err != nil && !u.failing {
		u.log.Warn("which messages are not sent can't be written: a restart forgets them", "file", u.file, "error", err)
	}
	u.failing = err != nil
}

// left returns from where on an earlier run has not sent messages.
func (u *unsent) left(name string) (after int64, ok bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	after, ok = u.after[name]
	return after, ok
}

// earliest returns the least of the places that have these names, nil without one.
func (u *unsent) earliest(names ...string) (after *int64) {
	for _, name := range names {
		if seq, ok := u.left(name); ok && (after == nil || seq < *after) {
			after = &seq
		}
	}
	return after
}

// placeName names an action of a rule. It stays the same while their meaning does, and has no
// secret in it.
func placeName(r *Rule, a Action) string {
	exactly := a.String()
	if i, ok := a.(interface{ identity() string }); ok {
		exactly = i.identity()
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %s", r.Name, r.When.String(), exactly, r.Every))
	return fmt.Sprintf("%s #%x", a.String(), sum[:4])
}

// count returns how many deliveries after a Seq the rules select.
func (f *follower) count(ctx context.Context, after int64) (n int) {
	counting := *f
	counting.rules = nil
	for _, r := range f.rules {
		only := *r
		only.to = []taker{counter{&n}}
		counting.rules = append(counting.rules, &only)
	}
	_ = counting.read(ctx, &after, false)
	return n
}

// counter counts deliveries.
type counter struct{ n *int }

func (c counter) take(context.Context, *receiver.Event) error {
	*c.n++
	return nil
}
