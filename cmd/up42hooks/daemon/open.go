package daemon

import (
	"context"
	"errors"
	"io"
	"log/slog"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/control"
	"github.com/up42/up42-webhooks/cmd/up42hooks/events"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
	"github.com/up42/up42-webhooks/cmd/up42hooks/team"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/admin"
	"github.com/up42/up42-webhooks/receiver/admission"
	"github.com/up42/up42-webhooks/receiver/forward"
	"github.com/up42/up42-webhooks/receiver/signature"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// Open takes everything that a receiver needs, or nothing. Its error is a
// *store.Holder if another process receives into the store. The caller closes
// the daemon.
func Open(ctx context.Context, env cli.Env, c *config.Config, logger *slog.Logger, m Memory) (_ *Daemon, err error) {
	d := &Daemon{Env: env, Config: c, logger: logger, memory: m, StoreState: new(StoreState), tally: admin.NewTally()}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.Close())
		}
	}()
	d.logWarnings(c)
	d.logNetworkStore()
	policy, err := d.prepare()
	if err != nil {
		return nil, err
	}
	if err := d.openStore(ctx); err != nil {
		return nil, err
	}
	if err := d.addTunnel(policy); err != nil {
		return nil, err
	}
	if err := d.joinTeam(ctx); err != nil {
		return nil, err
	}
	d.makeHandler(policy)
	if err := d.addForwarders(ctx); err != nil {
		return nil, err
	}
	d.server = receiver.NewServer(d.Handler, receiver.ServerOptions{
		MaxConns: d.connections.open, MaxClosing: d.connections.closing, Logger: logger, OnRefused: d.Handler.CountUnmatched, OnLimit: d.Handler.ReportLimit,
	})
	if err := d.addAdmin(ctx); err != nil {
		return nil, err
	}
	return d, nil
}

// prepare works out what needs nothing but the configuration.
func (d *Daemon) prepare() (p signature.Policy, err error) {
	if err := d.Config.CheckAddresses(); err != nil {
		return p, cli.UsageError(err)
	}
	if p, d.GeneratedSecret, d.SecretIsNew, err = config.NewPolicy(d.Env, d.Config); err != nil {
		return p, err
	}
	d.settings, d.configured = d.Config, d.GeneratedSecret == ""
	if d.Account, err = config.ServiceAccount(d.Env, d.Config); err != nil {
		return p, cli.UsageError(err)
	}
	if d.connections, err = connectionsWithin(openFiles(), d.Config); err != nil {
		return p, err
	}
	if d.connections.open < d.Config.MaxConnections {
		d.logger.Warn("the limit of open files (ulimit -n) allows fewer connections than --max-connections",
			"connections", d.connections.open, "openFiles", openFiles())
	}
	return p, nil
}

// openStore takes the store's lock, opens the store and the port, and writes
// into the lock where the receiver is.
func (d *Daemon) openStore(ctx context.Context) (err error) {
	c := d.Config
	if d.lock, err = store.TakeLock(ctx, c.Store); err != nil {
		return err
	}
	o := sqlite.Options{
		Now: d.Env.Now, Keep: c.Keep, KeepEvents: c.KeepEvents, ClockJumped: d.logJump, OnDamage: d.onDamage, OnMissing: d.onMissing,
		LittleMemory: d.memory == Little || hasLittleSpace(), Replicated: c.Replicated,
	}
	if d.Log, err = sqlite.Open(ctx, c.Store, o); err != nil {
		err = errors.Join(err, d.lock.Discard()) // perhaps it is no store
		d.lock = nil
		return err
	}
	if d.listener, err = ListenOn(ctx, d.Env.Build.UserAgent(), "--listen", c.Listen); err != nil {
		return err
	}
	return d.lock.Tell(d.Address(), d.GeneratedSecret != "")
}

// onDamage reports that the store is damaged. No delivery is needed to notice that.
func (d *Daemon) onDamage(err error) {
	d.logger.Error("the store is damaged; senders are told to try again until it is repaired", "error", err)
	d.StoreState.damaged(err)
}

// onMissing reports that the store's files are gone, or are back.
func (d *Daemon) onMissing(err error) {
	if err != nil {
		d.logger.Error("the store is gone; senders are told to try again", "error", err)
	} else {
		d.logger.Info("the store is back")
	}
	d.StoreState.set(err)
}

// addTunnel makes the tunnel, the URLs that lead here and the secrets. It adds
// the task that keeps a webhook pointed at the tunnel, or the one that removes
// what an earlier tunnel left over.
func (d *Daemon) addTunnel(p signature.Policy) error {
	if err := CheckTunnel(d.Config, d.Account != nil); err != nil {
		return cli.UsageError(err)
	}
	t, states, err := newTunnel(d.Config, d.Address(), d.logger)
	if err != nil {
		return cli.UsageError(err)
	}
	d.Location = newLocation(d.Config, d.Address(), t)
	d.Secrets = newSecrets(p, d.Location.PointsHere)
	if t != nil {
		d.Add(t.Run)
	}
	journal := journalOf(d.Config.Store)
	webhook := &tunnelWebhook{
		account: d.Account, secrets: d.Secrets, logger: d.logger, journal: journal, path: d.Config.Path, pauseAfter: restartTime,
	}
	switch {
	case d.Config.TunnelWebhook:
		d.Add(func(ctx context.Context) error { return webhook.run(ctx, states) })
	case !hasLeftovers(journal):
	case d.Account == nil:
		d.logger.Warn("an earlier tunnel may have left a webhook at UP42: start with its credentials once, to remove it")
	default:
		d.Add(webhook.cleanUp)
	}
	return nil
}

// joinTeam makes the receiver a member of a team, if one is configured, and adds its task.
func (d *Daemon) joinTeam(ctx context.Context) (err error) {
	d.forwarded = team.NewForwarded()
	if d.Team, err = team.New(d.Config, d.Log, MayForward(d.Config), d.forwarded, d.logger); err != nil {
		return cli.UsageError(err)
	}
	if d.Team == nil {
		return nil
	}
	if d.Log.Damage() != nil {
		d.logger.Warn("nothing goes to the team's stream until the store is repaired")
		d.Team = nil
		return nil
	}
	d.Add(d.Team.Run)
	return d.Team.Prepare(ctx)
}

// answersAfter is the log that says when a delivery is answered.
func (d *Daemon) answersAfter() receiver.Log {
	log := d.tally.Time(d.Log)
	if d.Team == nil || d.Config.Stream.Ack != config.AckTeam {
		return log
	}
	return team.AckAll(log, d.Team)
}

// makeHandler makes the handler and has it use the secrets.
func (d *Daemon) makeHandler(p signature.Policy) {
	c := d.Config
	o := receiver.HandlerOptions{
		Log: d.answersAfter(), Path: c.Path, MaxBody: c.MaxBody, BodyMemory: c.BodyMemory, Proxies: c.TrustedProxies,
		BasicAuth: c.BasicAuth, Now: d.Env.Now, Logger: d.logger,
		StoreState: d.StoreState.set, OnRejected: d.tally.Rejected, OnLimit: d.tally.Limited,
	}
	if d.Account != nil {
		o.RefreshSecrets = d.Secrets.refreshOnUnknownSecret
		d.Add(func(ctx context.Context) error {
			d.Secrets.follow(ctx, d.Account, d.logger)
			return nil
		})
	}
	d.Handler = receiver.NewHandler(o, p)
	d.Admitter = admission.New(admission.Options{Log: d.Log, Judge: d.Handler.JudgeAgain, Now: d.Env.Now, Logger: d.logger})
	d.Add(d.Admitter.Run)
	d.Secrets.attach(d.Handler, d.Admitter.PolicyChanged)
	d.addControl()
}

// addControl makes the socket on which other processes ask the receiver. The receiver works
// without it: some file systems have no sockets.
func (d *Daemon) addControl() {
	s, err := control.Listen(d.Config.Store)
	if err != nil {
		d.logger.Warn("other processes can't ask this receiver to admit deliveries, or to forward events again", "error", err)
		return
	}
	d.control = s
	d.Add(func(ctx context.Context) error {
		return s.Serve(ctx, control.Asked{Admissions: d.Admitter, Team: d.TeamState, Resend: d.Resend}, d.logger)
	})
}

// addForwarders makes a forwarder for each target and adds its task.
func (d *Daemon) addForwarders(ctx context.Context) error {
	targets, err := Targets(d.Config, d.logger)
	if err == nil {
		err = CheckForwarding(d.Config, d.Address(), d.Location.PointsHere)
	}
	if err != nil {
		return cli.UsageError(err)
	}
	if d.Log.Damage() != nil && len(targets) > 0 {
		// What was forwarded can't be noted: each start would forward it again.
		d.logger.Warn("nothing is forwarded until the store is repaired")
		targets = nil
	} else if err := hideReaders(ctx, d.Log, d.Config.ForwardTo); err != nil {
		return err
	}
	reader := ""
	if d.Team != nil {
		reader = d.Team.Reader()
	}
	warnOfUnusedCheckpoints(ctx, d.Log, targets, reader, d.logger)
	o := forward.Options{
		Log: d.Log, Checkpoints: d.Log, Logger: d.logger, GiveUp: d.Config.GiveUp,
		Accept: MayForward(d.Config), Wanted: events.Matching(d.Env, d.Config.Selection()),
	}
	if d.Forwarders, err = newForwarders(ctx, d.Log, targets, o); err != nil {
		return err
	}
	if d.Team != nil {
		return d.Forwarders.share(ctx, d.Team, d.forwarded, o)
	}
	for _, f := range d.Forwarders.all {
		d.Add(f.Run)
	}
	return nil
}

// isNews returns a rule for the events to print: those that the configuration
// selects, without the history that a new member of a team gets. Nil selects all.
func (d *Daemon) isNews() func(*receiver.Event) bool {
	selected := events.Matching(d.Env, d.Config.Selection())
	if d.Team == nil {
		return selected
	}
	return func(e *receiver.Event) bool { return !d.Team.IsHistory(e) && (selected == nil || selected(e)) }
}

// writeMetrics writes the state of the targets and of the team's stream.
func (d *Daemon) writeMetrics(w io.Writer) {
	d.Forwarders.writeMetrics(w)
	d.Forwarders.writeUndelivered(w)
	if d.Team != nil {
		team.WriteMetrics(w, d.Log, d.Team.Status())
		team.WriteTeam(w, d.Team.Members(), d.Team.Duties())
	}
}

// teamLine says how this receiver is as a member of a team, "" without a team.
func (d *Daemon) teamLine() string {
	if d.Team == nil {
		return ""
	}
	return team.Summary(d.Config.Stream.Name, d.Team.Status(), d.Team.Members(), d.Team.Duties())
}

// memoryLimit is the most memory that senders can make the receiver use.
func (d *Daemon) memoryLimit() int64 {
	return receiver.MemoryLimit(d.connections.open, max(d.Config.BodyMemory, d.Config.MaxBody))
}

// addAdmin opens the admin address, if one is configured, and adds its task.
func (d *Daemon) addAdmin(ctx context.Context) error {
	if d.Config.Admin == "" {
		return nil
	}
	l, err := ListenOn(ctx, d.Env.Build.UserAgent(), "--admin", d.Config.Admin)
	if err != nil {
		return err
	}
	d.admin = newAdminServer(l, admin.New(admin.Options{
		Log: d.Log, Ready: d.ready, Tally: d.tally,
		Connections: d.server.Connections, BodyMemory: d.Handler.BodyMemory, MemoryLimit: d.memoryLimit(),
		StoreBytes: func() int64 { return storeBytes(d.Log.File()) },
		Team:       d.teamLine,
		More:       d.writeMetrics, Version: d.Env.Build.Version,
	}), d.logger)
	d.logger.Info("showing health and metrics", "url", "http://"+l.Addr().String())
	d.Add(d.admin.run)
	return nil
}
