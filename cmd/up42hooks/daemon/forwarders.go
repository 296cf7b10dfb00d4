package daemon

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strconv"

	"github.com/VictoriaMetrics/metrics"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/control"
	"github.com/up42/up42-webhooks/cmd/up42hooks/team"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/admin"
	"github.com/up42/up42-webhooks/receiver/forward"
	"github.com/up42/up42-webhooks/receiver/jetstream"
	"github.com/up42/up42-webhooks/receiver/safe"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// Forwarders forward the events of a store, one forwarder for each target.
type Forwarders struct {
	log     *sqlite.Log
	all     []*forward.Forwarder
	targets []forward.Target
	// shared forward for the team, instead of all. It is nil without a team.
	shared []*team.Forwarder
}

// newForwarders makes a forwarder for each target. From now on the store keeps
// for them what comes in. The options are those that all have in common. They share the
// memory for events that wait.
func newForwarders(ctx context.Context, log *sqlite.Log, targets []forward.Target, o forward.Options) (*Forwarders, error) {
	fs := &Forwarders{log: log, targets: targets}
	o.Memory = forward.DefaultMemory / max(1, len(targets))
	for _, t := range targets {
		o.Target = t
		f := forward.New(o)
		if err := f.Prepare(ctx); err != nil {
			return nil, err
		}
		fs.all = append(fs.all, f)
	}
	return fs, nil
}

// share has the events of a team forwarded while it is this member's turn. The forwarders of the own
// store are not run: their checkpoints keep its events until the team has forwarded them.
func (fs *Forwarders) share(ctx context.Context, t *jetstream.Team, forwarded *team.Forwarded, o forward.Options) error {
	o.Memory = forward.DefaultMemory / max(1, len(fs.targets))
	for _, target := range fs.targets {
		o.Target = target
		f, err := team.NewForwarder(ctx, t, o, forwarded)
		if err != nil {
			return err
		}
		fs.shared = append(fs.shared, f)
	}
	return nil
}

// status returns the state of one target. Without a team, Behind is left out.
func (fs *Forwarders) status(i int) TargetStatus {
	s := TargetStatus{Status: fs.all[i].Status(), Name: fs.all[i].Name()}
	if fs.shared != nil {
		var duty jetstream.DutyStatus
		s.Status, duty = fs.shared[i].Status()
		s.Behind, s.Elsewhere, s.Member = duty.Behind, !duty.Here, duty.Member
		if !duty.Here {
			s.Failing, s.Err = fs.shared[i].Away()
		}
	}
	return s
}

// hideReaders renames the readers whose names have a secret in them: older programs named a
// target by its URL.
func hideReaders(ctx context.Context, log *sqlite.Log, urls []string) error {
	info, err := log.Info(ctx)
	if err != nil {
		return err
	}
	names := map[string]string{}
	for _, url := range urls {
		names[forward.OlderName(url)] = safe.Name(url)
	}
	for _, r := range info.Readers {
		name := cmp.Or(names[r.Name], safe.Name(r.Name))
		if name == r.Name {
			continue
		}
		if err := log.RenameReader(ctx, r.Name, name); err != nil {
			return err
		}
	}
	return nil
}

// warnOfUnusedCheckpoints warns of targets that the store knows and the
// configuration does not: events are kept for them. other is the name of a reader that is no
// target.
func warnOfUnusedCheckpoints(ctx context.Context, log *sqlite.Log, targets []forward.Target, other string, logger *slog.Logger) {
	info, err := log.Info(ctx)
	if err != nil {
		return // other uses of the store report what is wrong with it
	}
	for _, r := range info.Readers {
		if r.Name != other && !slices.ContainsFunc(targets, func(t forward.Target) bool { return t.Name() == r.Name }) {
			logger.Warn("events are kept for a target that is not configured", "target", safe.Name(r.Name), "waiting", Waiting(&info, &r), "undelivered", r.Failures, "advice", AdviceForUnused(&info, &r))
		}
	}
}

// Waiting is how many events wait for a reader.
func Waiting(i *sqlite.Info, r *sqlite.ReaderInfo) int64 {
	return max(0, i.LastSeq-r.Cursor-r.Ahead())
}

// AdviceForUnused says what to do about a reader that is not configured: another target may have taken
// its place, such as the same one with another key in its URL.
func AdviceForUnused(i *sqlite.Info, r *sqlite.ReaderInfo) string {
	file, name := safe.Word(i.File), safe.Word(safe.Name(r.Name))
	var advice, lost string
	if r.Failures > 0 {
		undelivered := cli.Count(int(r.Failures), "undelivered event")
		advice = fmt.Sprintf("to send its %s to the target in its place: up42hooks forward --undelivered --store %s --of %s --to NEW; ", undelivered, file, name)
		lost = " with its " + undelivered
	}
	if Waiting(i, r) > 0 {
		advice += fmt.Sprintf("to send what waits to the target in its place: up42hooks forward --store %s --to NEW --after %d; ", file, r.Cursor)
	}
	return advice + fmt.Sprintf("to forget it%s, end the receiver and run: up42hooks store forget --store %s %s", lost, file, name)
}

// close closes the connections of the targets.
func (fs *Forwarders) close() error {
	var errs []error
	for _, t := range fs.targets {
		errs = append(errs, forward.Close(t))
	}
	return errors.Join(errs...)
}

// Empty reports whether there is no target.
func (fs *Forwarders) Empty() bool { return len(fs.all) == 0 }

// done is how many events targets took, and how many were given up, since the start.
func (fs *Forwarders) done() (sent, givenUp int64) {
	for i := range fs.all {
		s := fs.status(i)
		sent, givenUp = sent+s.Sent, givenUp+s.GivenUp
	}
	return sent, givenUp
}

// TargetStatus is the state of one target.
type TargetStatus struct {
	forward.Status
	Name string
	// Behind is how many events the target has not been sent yet.
	Behind int64
	// Elsewhere: it is not this member's turn to forward to it. Member is whose turn it was last,
	// "" if that is not known.
	Elsewhere bool
	Member    string
}

// Status returns the state of each target. If the store can't be read, Behind is
// 0 and there is an error.
func (fs *Forwarders) Status(ctx context.Context) ([]TargetStatus, error) {
	counts, err := fs.log.Counts(ctx)
	all := make([]TargetStatus, len(fs.all))
	for i := range fs.all {
		all[i] = fs.status(i)
		if err == nil && fs.shared == nil {
			all[i].Behind = max(0, counts.LastSeq-all[i].Cursor-all[i].Ahead)
		}
	}
	return all, err
}

// resend forwards an event once more, to the target of that name or, if it is
// "", to all targets.
func (fs *Forwarders) resend(ctx context.Context, e *receiver.Event, target string) error {
	var errs []error
	found := false
	for _, f := range fs.all {
		if target != "" && target != f.Name() {
			continue
		}
		found = true
		err := f.SendNow(ctx, e)
		if err != nil && target == "" && len(fs.all) > 1 {
			err = fmt.Errorf("%s: %w", f.Name(), err)
		}
		errs = append(errs, err)
	}
	if !found {
		return control.NoTarget(target)
	}
	return errors.Join(errs...)
}

// writeMetrics writes the state of the targets as metrics.
func (fs *Forwarders) writeMetrics(w io.Writer) {
	targets, err := fs.Status(context.Background())
	if len(targets) == 0 || err != nil {
		return
	}
	for _, m := range []struct {
		name  string
		value func(TargetStatus) int64
	}{
		{"sent_total", func(s TargetStatus) int64 { return s.Sent }},
		{"given_up_total", func(s TargetStatus) int64 { return s.GivenUp }},
		{"failing", failing},
		{"behind_events", func(s TargetStatus) int64 { return s.Behind }},
	} {
		name := "up42hooks_forward_" + m.name
		admin.WriteFamily(w, name)
		for _, t := range targets {
			metrics.WriteGaugeUint64(w, name+"{target="+strconv.Quote(t.Name)+"}", uint64(m.value(t)))
		}
	}
}

// writeUndelivered writes how many events are undelivered, as a metric. The store also knows that of
// targets that are not configured any more.
func (fs *Forwarders) writeUndelivered(w io.Writer) {
	const name = "up42hooks_forward_undelivered_events"
	info, err := fs.log.Info(context.Background())
	readers := slices.DeleteFunc(info.Readers, func(r sqlite.ReaderInfo) bool { return jetstream.IsReader(r.Name) })
	if err != nil || len(readers) == 0 {
		return
	}
	admin.WriteFamily(w, name)
	for _, r := range readers {
		metrics.WriteGaugeUint64(w, name+"{target="+strconv.Quote(safe.Name(r.Name))+"}", uint64(r.Failures))
	}
}

func failing(s TargetStatus) int64 {
	if s.Failing.IsZero() {
		return 0
	}
	return 1
}
