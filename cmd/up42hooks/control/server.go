package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/up42/up42-webhooks/cmd/up42hooks/team"
	"github.com/up42/up42-webhooks/receiver/admission"
	"github.com/up42/up42-webhooks/receiver/retry"
)

// Admissions know which rejected deliveries are good now, and admit them.
type Admissions interface {
	// Good returns the numbers of the rejected deliveries that are good now.
	Good() []int64
	// Err says why it is not known which are good.
	Err() error
	// Do admits rejected deliveries.
	Do(context.Context, admission.Request) ([]admission.Result, error)
}

// Again is an event that is to be forwarded again.
type Again struct {
	Seq int64 `json:"seq"`
	// Target is the name of the target, "" for all of them.
	Target string `json:"target,omitempty"`
	// Of is the target that did not take the event, if that is another one: it is removed from
	// that one's list of undelivered events.
	Of string `json:"of,omitempty"`
}

// Resend forwards an event again. Its errors hold no secret.
type Resend func(context.Context, Again) error

// ErrNoTarget is the error of Resend for a target that the receiver does not have.
var ErrNoTarget = errors.New("is not a target of the receiver")

// ErrEnds is the error of Resend if the receiver ended before the target took the event.
var ErrEnds = errors.New("the receiver has ended meanwhile")

// Team tells how a receiver is as a member of a team. It returns nil without a team.
type Team func(context.Context) *team.State

const (
	statePath = "/state"
	admitPath = "/admit"
	againPath = "/again"
	// maxRequest is the largest request, in bytes.
	maxRequest = 1 << 20
)

// answer is what the receiver answers.
type answer struct {
	Good    []int64            `json:"good,omitempty"`
	Team    *team.State        `json:"team,omitempty"`
	Results []admission.Result `json:"results,omitempty"`
	// Why says what kind of error it is that an event was not taken.
	Why *why `json:"why,omitempty"`
	// Error says what went wrong. There may be results nevertheless.
	Error string `json:"error,omitempty"`
}

// endTimeout bounds how long the end waits for answers. What they wait for ends with the
// context.
const endTimeout = 5 * time.Second

// againTime is how long a target may still take when the receiver ends, as with other events.
const againTime = 2 * time.Second

// Asked are what a receiver can be asked for.
type Asked struct {
	Admissions Admissions
	Team       Team
	Resend     Resend
}

// Serve answers until ctx ends, and waits for what was asked.
func (s *Socket) Serve(ctx context.Context, to Asked, logger *slog.Logger) error {
	a, t, mux := to.Admissions, to.Team, http.NewServeMux()
	mux.HandleFunc("GET "+statePath, func(w http.ResponseWriter, r *http.Request) {
		state := answerOf(nil, a.Err())
		state.Good, state.Team = a.Good(), t(r.Context())
		write(w, state)
	})
	mux.HandleFunc("POST "+admitPath, func(w http.ResponseWriter, r *http.Request) { admit(w, r, a) })
	mux.HandleFunc("POST "+againPath, func(w http.ResponseWriter, r *http.Request) { again(w, r, to.Resend) })
	server := &http.Server{
		Handler: mux, ReadHeaderTimeout: 5 * time.Second, IdleTimeout: time.Minute,
		BaseContext: func(net.Listener) context.Context { return ctx },
		ErrorLog:    slog.NewLogLogger(logger.Handler(), slog.LevelDebug),
	}
	var serving errgroup.Group
	serving.Go(func() error {
		if err := server.Serve(s); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve on the control socket: %w", err)
		}
		return nil
	})
	<-ctx.Done()
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTimeout)
	defer cancel()
	if err := server.Shutdown(ending); err != nil {
		_ = server.Close() // it says only what Shutdown has said
	}
	return serving.Wait()
}

func admit(w http.ResponseWriter, r *http.Request, a Admissions) {
	var asked admission.Request
	if !read(w, r, &asked) {
		return
	}
	results, err := a.Do(r.Context(), asked)
	write(w, answerOf(results, err))
}

func again(w http.ResponseWriter, r *http.Request, resend Resend) {
	var asked Again
	if !read(w, r, &asked) {
		return
	}
	ctx, cancel := retry.Outlast(r.Context(), againTime)
	defer cancel()
	err := resend(ctx, asked)
	if err != nil && ctx.Err() != nil {
		err = ErrEnds
	}
	a := answerOf(nil, err)
	a.Why = whyOf(err)
	write(w, a)
}

// read reads a request. If that fails, it answers, and returns false.
func read(w http.ResponseWriter, r *http.Request, asked any) bool {
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxRequest)).Decode(asked)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		write(w, answer{Error: "the request can't be read: " + err.Error()})
	}
	return err == nil
}

func answerOf(results []admission.Result, err error) answer {
	a := answer{Results: results}
	if err != nil {
		a.Error = err.Error()
	}
	return a
}

func write(w http.ResponseWriter, a answer) {
	_ = json.NewEncoder(w).Encode(a) // after a failure the asker is gone
}
