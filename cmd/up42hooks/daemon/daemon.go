// Package daemon puts a receiver together from the configuration and keeps it
// running: its store, secrets, tunnel, forwarders, notices and admin address. The
// command `listen` shows what it receives as JSON lines.
package daemon

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config/secrets"
	"github.com/up42/up42-webhooks/cmd/up42hooks/control"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
	"github.com/up42/up42-webhooks/cmd/up42hooks/team"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/admin"
	"github.com/up42/up42-webhooks/receiver/admission"
	"github.com/up42/up42-webhooks/receiver/jetstream"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// Daemon is a receiver that has its store, the store's lock and its port. Open
// makes one, Serve runs it, Close releases everything. Its exported fields are
// only read.
type Daemon struct {
	Env    cli.Env
	Config *config.Config
	// GeneratedSecret is the file of the secret that is used because none is
	// configured, else "". SecretIsNew says that this start made it.
	GeneratedSecret string
	SecretIsNew     bool
	// Account is the account at UP42, nil without credentials.
	Account    *client.Client
	Log        *sqlite.Log
	Handler    *receiver.Handler
	Admitter   *admission.Admitter
	Secrets    *Secrets
	Location   *Location
	Forwarders *Forwarders
	StoreState *StoreState
	// Team is the membership of a team, nil without a team.
	Team *jetstream.Team

	forwarded   *team.Forwarded
	logger      *slog.Logger
	memory      Memory
	lock        *store.Lock
	listener    net.Listener
	server      *receiver.Server
	admin       *adminServer    // nil without an admin address
	control     *control.Socket // nil if it could not be made
	tally       *admin.Tally
	connections connections
	serving     atomic.Bool
	tasks       []Task
	closing     sync.Once
	settings    *config.Config // as they were read last
	configured  bool           // they have a secret
}

// Address is where the receiver listens, HOST:PORT.
func (d *Daemon) Address() string { return d.listener.Addr().String() }

// URL is where the receiver accepts deliveries, as this machine reaches it.
func (d *Daemon) URL() string { return "http://" + d.Address() + d.Config.Path }

// TeamState is the state of the membership of a team, nil without a team.
func (d *Daemon) TeamState(ctx context.Context) *team.State {
	if d.Team == nil {
		return nil
	}
	return team.StateOf(ctx, d.Config.Stream.Name, d.Team, d.Log)
}

// Logger is the log of the receiver.
func (d *Daemon) Logger() *slog.Logger { return d.logger }

// Add adds a task that Serve runs. It is called before Serve.
func (d *Daemon) Add(t Task) { d.tasks = append(d.tasks, t) }

// AddNotices adds the configured notices. write writes to the user's terminal;
// it is nil without a terminal. The advice is for the user, it may be "".
func (d *Daemon) AddNotices(ctx context.Context, write func([]byte)) (advice string, err error) {
	rules, advice, err := noticeRules(ctx, d.Env, d.Config, write, d.logger)
	if err != nil {
		return "", cli.UsageError(err)
	}
	if len(rules) == 0 {
		return "", nil
	}
	if advice != "" {
		d.logger.Info(advice)
	}
	// Before deliveries are accepted, so that none is missed.
	counts, err := d.Log.Counts(ctx)
	if err != nil {
		return "", fmt.Errorf("find out what is new for notices: %w", err)
	}
	d.addNotices(counts, rules)
	return advice, nil
}

// logWarnings logs what the configuration warns of, and what is probably wrong with its
// secrets.
func (d *Daemon) logWarnings(c *config.Config) {
	for _, w := range c.Warnings {
		d.logger.Warn(w)
	}
	for _, f := range secrets.Check(d.Env, c) {
		if f.Harmless {
			d.logger.Info(f.String(), "advice", f.Todo)
		} else {
			d.logger.Warn(f.String(), "advice", f.Todo)
		}
	}
}

// SecretAdvice tells of the first secret that is probably mistaken, "" if all are good.
func (d *Daemon) SecretAdvice() string {
	for _, f := range secrets.Check(d.Env, d.Config) {
		if !f.Harmless {
			return f.String() + ": see up42hooks doctor"
		}
	}
	return ""
}

// LogStart logs where deliveries are accepted, which files are used, whether the signed
// headers are pinned, and whether targets get them.
func (d *Daemon) LogStart(ctx context.Context) {
	if d.GeneratedSecret != "" {
		note := "no secret is configured: using the generated one"
		if d.SecretIsNew {
			note = "no secret is configured: generated one"
		}
		d.logger.Info(note, "file", d.GeneratedSecret)
	}
	d.logUnpinned(ctx)
	d.logRemarks(ctx)
	d.logger.Info("receiving deliveries", "url", d.URL(), "store", d.Config.Store)
}

// logJump logs that the clock was moved.
func (d *Daemon) logJump(by time.Duration) {
	message := "the clock was put ahead; events stay in the order of their arrival"
	if by < 0 {
		message = "the clock was put back; events stay in the order of their arrival"
	}
	d.logger.Warn(message, "by", by.Abs().Round(time.Second))
}

// Serve accepts deliveries until ctx ends and the last of them is answered. Its
// tasks run as long. If one of them fails, deliveries are still accepted, and the
// error is returned at the end.
func (d *Daemon) Serve(ctx context.Context) error {
	if d.Config.LogFormat == config.LogJSON {
		for i, t := range d.tasks {
			d.tasks[i] = t.loggingPanics(d.logger)
		}
	}
	w := d.beginWork(ctx)
	stop := startTasks(ctx, d.tasks)
	d.serving.Store(true)
	notifySystemd(d.logger, stateReady)
	defer context.AfterFunc(ctx, func() { notifySystemd(d.logger, stateStopping) })()
	err := d.server.Serve(ctx, d.listener)
	d.serving.Store(false)
	err = errors.Join(err, stop())
	d.logWork(w)
	return err
}

// ready says why deliveries can't be accepted now, nil if they can.
func (d *Daemon) ready() error {
	if !d.serving.Load() {
		return errors.New("starting")
	}
	return d.StoreState.Err()
}

// Close releases what Open has taken. Later calls do nothing and return nil.
func (d *Daemon) Close() (err error) {
	d.closing.Do(func() { err = d.close() })
	return err
}

func (d *Daemon) close() error {
	var errs []error
	if d.server == nil && d.listener != nil {
		errs = append(errs, d.listener.Close())
	}
	if d.admin != nil {
		d.admin.close()
	}
	if d.control != nil {
		errs = append(errs, d.control.Close())
	}
	if d.Account != nil {
		d.Account.Close()
	}
	if d.Forwarders != nil {
		errs = append(errs, d.Forwarders.close())
	}
	if d.Log != nil {
		errs = append(errs, d.Log.Close())
	}
	if d.lock != nil {
		errs = append(errs, d.lock.Release())
	}
	return errors.Join(errs...)
}
