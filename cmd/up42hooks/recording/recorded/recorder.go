package recorded

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/outfile"
	"github.com/up42/up42-webhooks/tui/stage/mask"
)

// Recorder writes a recording. Its state may be asked for while it records.
type Recorder struct {
	out   io.WriteCloser
	lines *json.Encoder
	names *mask.StandIns
	first time.Time

	mu  sync.Mutex
	n   int
	err error
}

// Create begins a recording in a new file. The caller closes it.
func Create(file string) (*Recorder, error) {
	out, err := outfile.Create(file)
	if errors.Is(err, os.ErrExist) {
		return nil, cli.UsageError(fmt.Errorf("%s exists already: give another name", file))
	}
	if err != nil {
		return nil, fmt.Errorf("make the recording: %w", err)
	}
	r, err := newRecorder(out)
	if err != nil {
		return nil, errors.Join(err, out.Close(), os.Remove(file))
	}
	return r, nil
}

func newRecorder(out io.WriteCloser) (*Recorder, error) {
	key, err := client.NewSecret(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make a key for the recording: %w", err)
	}
	r := &Recorder{out: out, lines: json.NewEncoder(out), names: mask.New([]byte(rand.Text()))}
	if err := r.lines.Encode(head{format, version, key.Reveal()}); err != nil {
		return nil, fmt.Errorf("write the recording: %w", err)
	}
	return r, nil
}

// Close closes the file.
func (r *Recorder) Close() error { return r.out.Close() }

// State returns how many deliveries were recorded, and why no more are.
func (r *Recorder) State() (n int, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.n, r.err
}

// Stored records what a log has since then, and returns after which event [Recorder.Follow] goes on.
func (r *Recorder) Stored(ctx context.Context, log receiver.Reader, since time.Time) (last int64, err error) {
	counts, err := log.Counts(ctx)
	if err != nil {
		return 0, fmt.Errorf("find out what is stored: %w", err)
	}
	last = counts.LastSeq
	for page, err := range receiver.Pages(ctx, log, receiver.EventQuery{Since: since, Oldest: true}) {
		last, err = r.write(page, last, err)
		if err != nil {
			return last, err
		}
	}
	return last, nil
}

// Follow records what comes in after an event, until ctx ends.
func (r *Recorder) Follow(ctx context.Context, log receiver.Reader, last int64) error {
	const most = 256
	for {
		page, err := log.Next(ctx, last, most)
		if last, err = r.write(page, last, err); err != nil {
			return err
		}
	}
}

// write writes deliveries, unless they could not be read.
func (r *Recorder) write(page []*receiver.Event, last int64, err error) (int64, error) {
	for i := 0; i < len(page) && err == nil; i++ {
		if err = r.add(page[i]); err == nil {
			last = max(last, page[i].Seq)
		}
	}
	if err != nil && !errors.Is(err, context.Canceled) {
		r.mu.Lock()
		r.err = err
		r.mu.Unlock()
	}
	return last, err
}

func (r *Recorder) add(e *receiver.Event) error {
	if r.first.IsZero() {
		r.first = e.ReceivedAt
	}
	at := max(0, e.ReceivedAt.Sub(r.first).Milliseconds())
	if err := r.lines.Encode(Delivery{at, r.names.JSON(e.Raw)}); err != nil {
		return fmt.Errorf("write the recording: %w", err)
	}
	r.mu.Lock()
	r.n++
	r.mu.Unlock()
	return nil
}
