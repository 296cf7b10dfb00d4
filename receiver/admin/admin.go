// Package admin shows a running receiver to those who look after it: whether it
// lives, whether it can take deliveries, and its numbers in Prometheus' format.
//
// It has no access control. It belongs on an address that only they can reach,
// never on that of the receiver.
package admin

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// Options are what a Handler tells of. All but Log may be left out.
type Options struct {
	Log receiver.Reader
	// Ready says why deliveries can't be taken, nil where they can.
	Ready func() error
	// Strays is how many requests were no deliveries.
	Strays func() int64
	// StoreBytes is the size of the store on disk.
	StoreBytes func() int64
	// Tally has what happened since the start.
	Tally *Tally
	// More writes further metrics, in Prometheus' format.
	More func(io.Writer)
	// Version is the program's.
	Version string
}

// readTimeout bounds how long an answer waits for the store.
const readTimeout = 5 * time.Second

// New makes a handler for /healthz, /readyz and /metrics.
func New(o Options) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if err := o.ready(r.Context()); err != nil {
			say(w, http.StatusServiceUnavailable, "not ready: "+err.Error())
			return
		}
		say(w, http.StatusOK, "ready")
	})
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		o.write(r.Context(), w)
	})
	return mux
}

// An answer that can't be written has a reader that is gone: it will ask again.
func say(w http.ResponseWriter, status int, words string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, words+"\n")
}

// ready says why deliveries can't be taken: also where the store can't be read.
func (o *Options) ready(ctx context.Context) error {
	if o.Ready != nil {
		if err := o.Ready(); err != nil {
			return err
		}
	}
	_, err := o.counts(ctx)
	return err
}

func (o *Options) counts(ctx context.Context) (receiver.Counts, error) {
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	return o.Log.Counts(ctx)
}
