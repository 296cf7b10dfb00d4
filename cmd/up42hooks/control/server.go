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
)

// Admissions are what a receiver can be asked for.
type Admissions interface {
	// Good returns the numbers of the rejected deliveries that are good now.
	Good() []int64
	// Err says why it is not known which are good.
	Err() error
	// Do admits rejected deliveries.
	Do(context.Context, admission.Request) ([]admission.Result, error)
}

// Team tells how a receiver is as a member of a team. It returns nil without a team.
type Team func(context.Context) *team.State

const (
	statePath = "/state"
	admitPath = "/admit"
	// maxRequest is the largest request, in bytes.
	maxRequest = 1 << 20
)

// answer is what the receiver answers.
type answer struct {
	Good    []int64            `json:"good,omitempty"`
	Team    *team.State        `json:"team,omitempty"`
	Results []admission.Result `json:"results,omitempty"`
	// Error says what went wrong. There may be results nevertheless.
	Error string `json:"error,omitempty"`
}

// endTimeout bounds how long the end waits for answers. What they wait for ends with the
// context.
const endTimeout = 5 * time.Second

// Serve answers until ctx ends, and waits for what was asked.
func (s *Socket) Serve(ctx context.Context, a Admissions, t Team, logger *slog.Logger) error {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+statePath, func(w http.ResponseWriter, r *http.Request) {
		state := answerOf(nil, a.Err())
		state.Good, state.Team = a.Good(), t(r.Context())
		write(w, state)
	})
	mux.HandleFunc("POST "+admitPath, func(w http.ResponseWriter, r *http.Request) { admit(w, r, a) })
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
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxRequest)).Decode(&asked); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		write(w, answer{Error: "the request can't be read: " + err.Error()})
		return
	}
	results, err := a.Do(r.Context(), asked)
	write(w, answerOf(results, err))
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
