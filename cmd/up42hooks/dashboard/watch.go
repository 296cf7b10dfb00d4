package dashboard

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/spf13/pflag"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/daemon"
	"github.com/up42/up42-webhooks/cmd/up42hooks/remote"
	"github.com/up42/up42-webhooks/cmd/up42hooks/team"
	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/frame"
	"github.com/up42/up42-webhooks/tui/stage"
)

// Manner is how Watch begins and ends.
type Manner struct {
	// Notice is shown at the start. It may be empty.
	Notice string
	// Temporary: the folder of the store is deleted at the end, so the trace of a crash goes to
	// that for temporary files.
	Temporary bool
	// Alone: nothing else receives when the screen ends.
	Alone bool
	// Remember is the log for a screen that remembers, in a file beside the store, how it is
	// left. Nil: it remembers nothing.
	Remember *slog.Logger
	// Flags are those of the command, for commands over SSH.
	Flags *pflag.FlagSet
	// SSH is a server that outlives the receiver. Nil: the receiver has one, if it is configured.
	SSH *remote.Server
	// Mode is that of the screen which is shown before. It may be nil.
	Mode *stage.Mode
	// Record is a new file for a recording of what comes in. It may be empty.
	Record string
}

// Live is a receiver that runs, for a screen.
type Live struct {
	// Options are those of the screen.
	Options tui.Options
	end     func() error
}

// End ends the receiver and closes it, which gives the store back even if the terminal is not
// read. Later calls return the same error.
func (l *Live) End() error { return l.end() }

// Start runs a receiver for a screen. The caller ends it.
func Start(ctx context.Context, d *daemon.Daemon, manner Manner) (*Live, error) {
	screen := newScreen(d.Env)
	advice, err := d.AddNotices(ctx, screen.Offer)
	if err != nil {
		return nil, err
	}
	recording, err := newRecording(ctx, manner.Record, d.Log)
	if err != nil {
		return nil, err
	}
	d.Add(recording.follow)
	if err := addSSH(ctx, d, &manner); err != nil {
		return nil, errors.Join(err, recording.close())
	}
	serving, stop := context.WithCancel(ctx)
	var status atomic.Pointer[frame.ReceiverStatus]
	status.Store(&frame.ReceiverStatus{})
	served := make(chan error, 1)
	go func() {
		err := d.Serve(serving)
		status.Store(&frame.ReceiverStatus{Err: err})
		served <- err
	}()
	o := receiverOptions(d.Env, d)
	o.Sources.Now = func() (frame.ReceiverStatus, error) { return *status.Load(), d.StoreState.Err() }
	o.Copy = screen.copier(d.Env.Getenv)
	if manner.SSH != nil {
		o.Sources.Looking = manner.SSH.Looking
	}
	o.Receiver.Notice = cmp.Or(manner.Notice, advice, d.TunnelAdvice())
	o.Receiver.Warning, o.Receiver.BeforeEnd, o.Receiver.OwnSecret = d.SecretAdvice(), manner.beforeEnd(), manner.Temporary
	recording.tell(&o)
	if manner.Temporary {
		o.CrashDir = ""
	}
	if manner.Remember != nil {
		remember(&o, d.Config, manner.Remember)
	}
	end := sync.OnceValue(func() error {
		stop()
		return errors.Join(<-served, recording.close(), d.Close())
	})
	o.Ended = func() { _ = end() } // its error is that of End, too
	return &Live{o, end}, nil
}

// beforeEnd is what q says that it ends.
func (m *Manner) beforeEnd() string {
	switch {
	case m.Temporary:
		return "the receiver, too, and deletes its store"
	case m.Alone:
		return "the receiver, too: then nothing comes in until you start it again"
	default:
		return ""
	}
}

// Watch runs a receiver and shows it, until the user or ctx ends both.
func Watch(ctx context.Context, d *daemon.Daemon, manner Manner) error {
	live, err := Start(ctx, d, manner)
	if err != nil {
		return err
	}
	err = Show(ctx, d.Env, stage.New(stage.Options{Set: stage.Set{Screen: live.Options}, Mode: manner.Mode}))
	return errors.Join(err, live.End())
}

// receiverOptions are the options for a receiver in this process, and a terminal with this
// environment.
func receiverOptions(env cli.Env, d *daemon.Daemon) tui.Options {
	c := d.Config
	o := commonOptions(env, c, d.Log)
	o.Receiver = tui.Receiver{
		Address: d.Address(), Path: c.Path, PublicURL: c.PublicURL, WebhookURL: func() string { return config.WebhookURL(c, d.Address()) },
		Store: c.Store, SecretFile: d.GeneratedSecret,
	}
	o.Sources.Now = func() (frame.ReceiverStatus, error) { return frame.ReceiverStatus{}, d.StoreState.Err() }
	o.Sources.UnmatchedPath = d.Handler.LastUnmatchedPath
	o.PointsHere, o.Pinned = d.Location.PointsHere, d.Secrets.Pinned
	o.PinFile = c.File
	o.Pin = func(components []string) (string, error) {
		file, err := config.Pin(c, components)
		if err != nil {
			return "", err
		}
		d.Secrets.Pin(components)
		return "pinned, and written into " + file, nil
	}
	if _, ok := d.Location.Tunnel(); ok {
		o.Sources.PublicURL = func() frame.PublicURL { return publicOf(d.Location, time.Now()) }
	}
	if d.Team != nil {
		o.Sources.Team = func() frame.Team { return teamOf(d.TeamState(context.Background())) }
	}
	if d.Account != nil {
		o.API, o.Listed = d.Account, d.Secrets.Update
	}
	o.TestEvent = sendsTests(d)
	o.Forwarder, o.Admissions = localForwarding{d}, d.Admitter
	return o
}

// teamOf is the state of a team for the screen. It may be nil.
func teamOf(s *team.State) (t frame.Team) {
	if s == nil {
		return t
	}
	t = frame.Team{Stream: s.Stream, Err: s.Err, Published: s.Published, Behind: s.Behind, Read: s.Read, Unread: s.Unread}
	for _, m := range s.Members {
		t.Members = append(t.Members, frame.Member{
			Name: m.Name, Role: string(m.Role), Unread: m.Unread, Behind: m.Behind, Forwards: len(m.Duties), Self: m.Self,
		})
	}
	return t
}

// troubleShown is how long the screen shows a problem of a tunnel that is open.
const troubleShown = time.Minute

// publicOf is the public end of the tunnel.
func publicOf(l *daemon.Location, now time.Time) frame.PublicURL {
	s, _ := l.Tunnel()
	p := frame.PublicURL{URL: s.URL}
	switch {
	case s.URL == "" && s.Err != nil:
		p.Err = s.Err.Error()
	case s.Trouble.Err != nil && now.Sub(s.Trouble.At) < troubleShown:
		p.Err = s.Trouble.Err.Error()
	}
	return p
}
