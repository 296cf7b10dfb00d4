package list

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/fault"
)

// readTimeout bounds a read, with all its retries.
const readTimeout = 90 * time.Second

// Manner says whether the user waits for a read.
type Manner int

// The manners of a read.
const (
	// Foreground: the user asked for it. The screen says that the list is being
	// read, and a note says if that fails.
	Foreground Manner = iota
	// Background: only the age of the list shows it.
	Background
)

// reader reads the list, and the event types.
type reader struct {
	o       *Options
	replace func([]client.Webhook) // puts what was read into the list

	known bool      // the list was read at least once
	at    time.Time // of the last read that succeeded
	tried time.Time // of the last read
	err   error     // why the last read failed
	types []client.EventType

	// token identifies the read that is under way, or is 0.
	token, last int
	manner      Manner
	cancel      context.CancelFunc
}

// answer is UP42's answer to a read.
type answer[T any] struct {
	all []T
	err error
}

// Read reads the list. It gives up a read that is under way: its result may be
// older than the reason to read again.
func (r *reader) Read(how Manner) tea.Cmd {
	r.StopReading()
	r.last++
	token, api := r.last, r.o.API
	r.manner, r.tried = how, r.o.Now()
	given, cancel := context.WithCancel(context.Background())
	r.token, r.cancel = token, cancel
	return command.Ask(r.o.Run, func(ctx context.Context) answer[client.Webhook] {
		ctx, cancel := context.WithTimeout(ctx, readTimeout)
		defer cancel()
		defer context.AfterFunc(given, cancel)()
		all, err := api.Webhooks(ctx)
		return answer[client.Webhook]{all, err}
	}, func(a answer[client.Webhook]) tea.Cmd {
		if token == r.token {
			r.take(a)
		}
		return nil
	})
}

func (r *reader) take(a answer[client.Webhook]) {
	r.StopReading()
	r.tried = r.o.Now()
	if r.err = a.err; a.err != nil {
		if r.known && r.manner == Foreground {
			r.o.Say.Failure("could not read the webhooks") // the line below the list says why
		}
		return
	}
	r.known, r.at = true, r.tried
	r.replace(a.all)
	r.o.AfterRead()
}

// StopReading gives up the read that is under way. It returns false if there is
// none.
func (r *reader) StopReading() bool {
	if r.token == 0 {
		return false
	}
	r.cancel()
	r.token, r.cancel = 0, nil
	return true
}

// Reading reports whether a read is under way that the user waits for.
func (r *reader) Reading() bool { return r.token != 0 && r.manner == Foreground }

// restart reads again if a read is under way: its result may lack a change that
// was made meanwhile.
func (r *reader) restart() tea.Cmd {
	if r.token == 0 {
		return nil
	}
	return r.Read(r.manner)
}

// ReadTypes asks UP42 for the event types, unless they are known.
func (r *reader) ReadTypes() tea.Cmd {
	if r.types != nil {
		return nil
	}
	api := r.o.API
	return command.Ask(r.o.Run, func(ctx context.Context) answer[client.EventType] {
		ctx, cancel := context.WithTimeout(ctx, readTimeout)
		defer cancel()
		types, err := api.EventTypes(ctx)
		return answer[client.EventType]{types, err}
	}, func(a answer[client.EventType]) tea.Cmd {
		if a.err == nil {
			r.SetEventTypes(a.all)
		}
		return nil
	})
}

// EventTypes returns the event types that UP42 names. It is nil if they are not
// known.
func (r *reader) EventTypes() []client.EventType { return r.types }

// SetEventTypes says which event types UP42 names. None means that they are not
// known.
func (r *reader) SetEventTypes(types []client.EventType) {
	if len(types) > 0 {
		r.types = types
	}
}

// MaxAge is how old the list gets before it is read again by itself, while the user looks at it.
const MaxAge = 30 * time.Second

// lookAtCredentials is how often the list is read after UP42 refused the password. The
// client asks UP42 only if the password has changed, or after a long pause.
const lookAtCredentials = 5 * time.Second

// old reports whether to read the list again. It does not while the user types or
// something is under way, or if UP42 would refuse the client id once more.
func (r *reader) old() bool {
	if r.o.API == nil || r.token != 0 || !r.o.Idle() {
		return false
	}
	switch {
	case r.err == nil:
	case client.NextSignIn(r.err) != "":
		return r.o.Now().Sub(r.tried) >= lookAtCredentials
	case fault.Of(r.err).Hopeless:
		return false
	}
	return r.o.Now().Sub(r.tried) >= MaxAge
}
