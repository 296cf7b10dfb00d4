package forward

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/control"
	"github.com/up42/up42-webhooks/cmd/up42hooks/daemon"
	"github.com/up42/up42-webhooks/cmd/up42hooks/events"
	"github.com/up42/up42-webhooks/cmd/up42hooks/progress"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/forward"
	"github.com/up42/up42-webhooks/receiver/safe"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// forwardAgain sends again what targets did not take.
func (o *options) forwardAgain(ctx context.Context, env cli.Env, cmd *cobra.Command) (err error) {
	c, _, err := config.Load(cmd.Flags(), env, "store")
	if err != nil {
		return cli.UsageError(err)
	}
	events.WarnUnknown(env.Say, c.Selection())
	to, others, wrong := o.again(env, c)
	if to == "" && wrong != nil {
		return cli.UsageError(wrong)
	}
	sender, err := daemon.NewResender(ctx, env, c, others...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, sender.Close()) }()
	if wrong != nil {
		if is, err := isReader(ctx, sender.Log, to); err != nil || !is {
			return cmp.Or(err, cli.UsageError(wrong))
		}
	}
	var all []receiver.Failure
	for u, err := range events.Undelivered(ctx, env, sender.Log, c.Selection(), time.Time{}) {
		if err != nil {
			return err
		}
		all = append(all, u.Failure)
	}
	r := &again{env: env, resend: sender.Resend, asks: sender.Asks, tries: o.tries, to: to, of: o.of, stuck: map[string]int{}, said: map[string]bool{}}
	if r.of != "" {
		r.of = nameOf(c, r.of)
	}
	r.env, r.progress = progress.Start(env, progress.Options{Doing: "forward", Unit: "events", JSON: o.JSON()})
	defer r.progress.Stop()
	r.all(ctx, all)
	r.progress.Stop()
	return r.end(ctx, o)
}

// again returns the name of the target that the flags name, "" for all, and what makes it one if it is
// not configured. An error with a name says what is wrong unless the store knows a target by it.
func (o *options) again(env cli.Env, c *config.Config) (name string, others []forward.Target, err error) {
	if o.program == "" && o.to == "" {
		return "", nil, nil
	}
	t, err := o.target(env, c)
	switch {
	case err != nil && o.program != "":
		return "", nil, err
	case err != nil:
		return safe.Name(o.to), nil, err
	case o.program == "" && strings.Contains(o.to, hidden):
		return safe.Name(o.to), nil, fmt.Errorf("--to: the store has no target %s: give its URL", safe.Name(o.to))
	}
	return t.Name(), []forward.Target{t}, nil
}

// isReader reports whether the store knows a target by its name.
func isReader(ctx context.Context, log *sqlite.Log, name string) (bool, error) {
	info, err := log.Info(ctx)
	return slices.ContainsFunc(info.Readers, func(r sqlite.ReaderInfo) bool { return safe.Name(r.Name) == name }), err
}

// hidden is in the names of URLs, in the place of what is secret.
const hidden = "/…#"

// nameOf is the name of a target: of its URL, or what is a name already.
func nameOf(c *config.Config, target string) string {
	if t, err := daemon.NewTarget(c, target); err == nil {
		return t.Name()
	}
	return safe.Name(target)
}

// again is one run of `forward --undelivered`.
type again struct {
	env      cli.Env
	resend   control.Resend
	asks     bool // the receiver sends them
	tries    int
	to, of   string // names of targets, or ""
	progress *progress.Progress

	taken, left int
	// stuck counts the events in a row that a target did not take, but may take later.
	stuck map[string]int
	said  map[string]bool
}

// mostStuck is how many events in a row a target may fail for before it is left alone.
const mostStuck = 10

// all sends events in their order.
func (r *again) all(ctx context.Context, all []receiver.Failure) {
	var wanted []control.Again
	for i := range all {
		f := &all[i]
		a := control.Again{Seq: f.Seq, Target: f.Reader}
		if r.of != "" {
			a.Target, a.Of = r.to, f.Reader
		}
		if r.of != "" && f.Reader == r.of || r.of == "" && (r.to == "" || f.Reader == r.to) {
			wanted = append(wanted, a)
		}
	}
	if len(wanted) == 0 && r.to+r.of != "" && len(all) > 0 {
		r.env.Say("%s has no undelivered events; to see which targets have: up42hooks events --undelivered", safe.Name(cmp.Or(r.of, r.to)))
	}
	for i, a := range wanted {
		if ctx.Err() != nil || r.stuck[a.Target] >= mostStuck {
			r.left++
			continue
		}
		err := attempt(ctx, r.tries, func() error { return r.resend(ctx, a) }, forGood)
		r.note(ctx, a, err)
		r.progress.Set(int64(i+1), int64(len(wanted)))
	}
}

// forGood says that another attempt makes no sense.
func forGood(err error) bool {
	var refused *forward.Refused
	return !errors.As(err, &refused) && !errors.As(err, new(*forward.Unreachable)) || refused != nil && refused.Permanent
}

// note takes note of what became of an event.
func (r *again) note(ctx context.Context, a control.Again, err error) {
	if err == nil {
		r.taken++
		r.stuck[a.Target] = 0
		return
	}
	r.left++
	if ctx.Err() != nil {
		return
	}
	switch {
	case errors.As(err, new(*forward.Unreachable)), errors.Is(err, control.ErrNoTarget), errors.Is(err, control.ErrNotAnswered):
		r.stuck[a.Target] = mostStuck
	case !forGood(err):
		r.stuck[a.Target]++
	}
	words := fmt.Sprintf("%s: %v", safe.Name(a.Target), err)
	switch {
	case errors.Is(err, control.ErrNoTarget) && a.Of != "" && r.asks:
		words = safe.Name(a.Target) + ": the receiver has no such target: start it with that one (--forward-to or --exec), or end it and run this again"
	case errors.Is(err, control.ErrNoTarget) && a.Of != "":
		words = safe.Name(a.Target) + ": it is not configured: give its URL, or its program with --exec"
	case errors.Is(err, control.ErrNoTarget):
		words = fmt.Sprintf("%s is not a target: to send this to the one in its place, give --of %s --to NEW", safe.Name(a.Target), safe.Word(safe.Name(a.Target)))
	case r.stuck[a.Target] >= mostStuck:
		words += "; its other events are not tried now"
	}
	if !r.said[words] {
		r.said[words] = true
		r.env.Say("event %d was not taken by %s", a.Seq, words)
	}
}

// againRecord is what `forward --undelivered --json` prints.
type againRecord struct {
	Forwarded int  `json:"forwarded"`
	Left      int  `json:"left"`
	Complete  bool `json:"complete"`
}

// end says what was done. It is an error if something is left.
func (r *again) end(ctx context.Context, o *options) (err error) {
	words := "forwarded " + cli.Count(r.taken, "event") + " again"
	if r.left > 0 {
		words += fmt.Sprintf("; %d undelivered as before", r.left)
	}
	switch {
	case ctx.Err() != nil:
		err = cli.Failed("interrupted: " + words)
	case r.left > 0:
		err = cli.Failed(words)
	}
	if !o.ForPeople() {
		return errors.Join(cli.Print(r.env, &o.Form, nil, againRecord{r.taken, r.left, err == nil}), err)
	}
	switch {
	case err != nil:
	case r.taken == 0:
		r.env.Say("no such event is undelivered")
	default:
		r.env.Say("%s", words)
	}
	return err
}
