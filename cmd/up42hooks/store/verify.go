package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/progress"
	"github.com/up42/up42-webhooks/receiver/safe"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// verifyRecord is what `store verify --json` prints.
type verifyRecord struct {
	File     string   `json:"file"`
	Events   int64    `json:"events"`
	Rows     int64    `json:"rows"`
	Problems []string `json:"problems"`
}

func newVerifyCommand(env cli.Env) *cobra.Command {
	var o cli.Form
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Check everything in the store",
		Long: `Check everything in the store: that the file is undamaged, that each event can be read
and would be recognized as a duplicate, and that the status of each order and job
follows from its events. The exit code is 1 if something is wrong.`,
		Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withReader(env, cmd, func(ctx context.Context, _ *config.Config, log *sqlite.Log) error {
				return verify(ctx, env, log, &o)
			})
		},
	}
	config.AddFlags(cmd.Flags(), "config", "store")
	o.AddFlags(cmd.Flags(), "print JSON")
	return cmd
}

func verify(ctx context.Context, env cli.Env, log *sqlite.Log, o *cli.Form) error {
	_, p := progress.Start(env, progress.Options{Doing: "verify", Unit: "events", JSON: o.JSON()})
	checked, err := log.Verify(ctx, p.Set)
	p.Stop()
	switch {
	case err != nil && ctx.Err() != nil:
		return cli.Failed("interrupted: " + soFar(&checked))
	case err != nil:
		return err
	}
	return printVerified(env, verifyRecord{log.File(), checked.Events, checked.Rows, checked.Problems}, o)
}

// soFar says what a check has found that did not end.
func soFar(r *sqlite.VerifyResult) string {
	text := fmt.Sprintf("checked %s, ", cli.Count(int(r.Events), "event"))
	if len(r.Problems) == 0 {
		return text + "and found nothing wrong so far"
	}
	return text + "and found: " + strings.Join(r.Problems, "; ")
}

func printVerified(env cli.Env, r verifyRecord, o *cli.Form) error {
	if r.Problems == nil {
		r.Problems = []string{}
	}
	if err := cli.Print(env, o, func() error { return nil }, r); err != nil {
		return err
	}
	for _, p := range r.Problems {
		env.Say("%s", p)
	}
	if len(r.Problems) > 0 {
		return cli.Failed(fmt.Sprintf("store %s is not sound: stop the receiver and run up42hooks store repair --store %s", r.File, safe.Word(r.File)))
	}
	if o.ForPeople() {
		env.Say("the store is sound: checked %s and %s", cli.Count(int(r.Events), "event"), cli.Count(int(r.Rows), "row"))
	}
	return nil
}
