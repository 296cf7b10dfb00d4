// Package recording has the commands that record deliveries into a file, without what is
// personal, and play such a file into a receiver.
package recording

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/events"
	"github.com/up42/up42-webhooks/cmd/up42hooks/recording/recorded"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/number"
)

// recordOptions are the flags of `record`.
type recordOptions struct {
	cli.Form
	follow bool
	since  string
}

// outcome is what `record --json` prints.
type outcome struct {
	File       string `json:"file"`
	Deliveries int    `json:"deliveries"`
}

// NewRecordCommand makes the command `record`.
func NewRecordCommand(env cli.Env) *cobra.Command {
	var o recordOptions
	cmd := &cobra.Command{
		Use:   "record FILE",
		Short: "Record deliveries into a file, without what is personal",
		Long: `Record the deliveries of the store into a file, with the times at which they came, even
while a receiver writes to the store. Ids, URLs, names and all other texts but UP42's own words
(statuses, types, hosts of data) are replaced by stand-ins; headers and secrets are left
out. "up42hooks play" signs the deliveries with a key that is made for this recording.`,
		Example: `  up42hooks record --since 1h talk.rec
  up42hooks record --follow talk.rec`,
		Args: oneFile,
		RunE: func(cmd *cobra.Command, args []string) error { return o.run(env, cmd, args[0]) },
	}
	config.AddFlags(cmd.Flags(), "config", "store")
	o.AddFlags(cmd.Flags(), "print JSON")
	cmd.Flags().BoolVarP(&o.follow, "follow", "f", false, "then record what comes in, until interrupted")
	cmd.Flags().StringVar(&o.since, "since", "", "only what came in since `TIME`: 10m or 2d ago, today, 2026-01-31T12:00:00Z")
	return cmd
}

// oneFile allows one argument, a FILE.
func oneFile(cmd *cobra.Command, args []string) error {
	if len(args) != 1 {
		return cli.UsageError(fmt.Errorf("%s takes one FILE, but got %d; see %s --help", cli.PathOf(cmd), len(args), cmd.CommandPath()))
	}
	return nil
}

func (o *recordOptions) run(env cli.Env, cmd *cobra.Command, file string) error {
	since, err := events.ParseSince(o.since, env.Now())
	if err != nil {
		return cli.UsageError(err)
	}
	return env.Interruptible(cmd.Context(), func(ctx context.Context) error { return o.recordSince(ctx, env, cmd, file, since) })
}

// recordSince records what came in since then into a new file.
func (o *recordOptions) recordSince(ctx context.Context, env cli.Env, cmd *cobra.Command, file string, since time.Time) error {
	return store.Read(ctx, env, cmd, o.follow, func(ctx context.Context, _ *config.Config, log receiver.Reader) (err error) {
		r, err := recorded.Create(file)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, r.Close()) }()
		if err := cli.IgnoreCancel(ctx, o.recordAll(ctx, r, log, since)); err != nil {
			return err
		}
		n, _ := r.State()
		return cli.Print(env, &o.Form, func() error {
			if n == 0 {
				env.Say("no delivery was recorded, so %s can't be played; --since says from when on", file)
				return nil
			}
			env.Say("recorded %s; up42hooks play %s plays %s", number.Of(int64(n), "delivery", "deliveries"), file, number.Plural(int64(n), "it", "them"))
			return nil
		}, outcome{file, n})
	})
}

func (o *recordOptions) recordAll(ctx context.Context, r *recorded.Recorder, log receiver.Reader, since time.Time) error {
	last, err := r.Stored(ctx, log, since)
	if err != nil || !o.follow {
		return err
	}
	return r.Follow(ctx, log, last)
}
