package webhooks

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
	"github.com/up42/up42-webhooks/receiver/safe"
	"github.com/up42/up42-webhooks/receiver/sqlite"
	"github.com/up42/up42-webhooks/tui/roundtrip"
)

func newTestCommand(env cli.Env) *cobra.Command {
	var wait time.Duration
	var o cli.Form
	cmd := &cobra.Command{
		Use:   "test WEBHOOK",
		Short: "Make UP42 send test events, and check whether they arrive",
		Long: `Make UP42 send one test event for each event type of a webhook, and look for each of
them in the store that the running receiver writes to: did it arrive, is its signature
good, and does the signature cover the body? For an event that fails, the likely cause is
printed. The exit code is 1 unless every event was sent, arrived, verified and stored.`,
		Example: `  up42hooks webhooks test mine
  up42hooks webhooks test mine --wait 60s --json | jq '.events[] | {name, cause}'`,
		Args:              webhookArg,
		ValidArgsFunction: completeWebhooks(env),
		RunE: func(cmd *cobra.Command, args []string) error {
			if wait <= 0 {
				return cli.UsageError(errors.New("--wait: want a duration above 0, like 15s"))
			}
			return withSession(env, cmd.Flags(), func(s *session) error {
				t := &webhookTest{session: s, wait: wait, quiet: !o.ForPeople(), storeGiven: cmd.Flags().Changed("store")}
				result, err := t.run(cmd.Context(), args[0])
				if err != nil {
					return err
				}
				return printTest(s, result, &o)
			}, "store")
		},
	}
	addAccountFlags(cmd.Flags(), "store", "listen", "path", "public-url")
	cmd.Flags().DurationVar(&wait, "wait", roundtrip.DefaultWait, "`DURATION` to wait for the events that UP42 says it sent")
	o.AddFlags(cmd.Flags(), "print JSON, one object")
	return cmd
}

// webhookTest is a run of the command.
type webhookTest struct {
	*session
	wait time.Duration
	// quiet leaves out the message at the start.
	quiet bool
	// storeGiven reports that a flag named the store, so that other commands need the
	// flag, too.
	storeGiven bool
}

func (t *webhookTest) run(ctx context.Context, ref string) (result roundtrip.Result, err error) {
	log, err := store.OpenReader(ctx, t.Env, t.config.Store)
	if errors.Is(err, sqlite.ErrMissing) {
		return result, cli.Failed(fmt.Sprintf("there is no store %s in which test events could arrive: start a receiver first, with: %s", t.config.Store, t.withStore("up42hooks")))
	}
	if err != nil {
		return result, err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	here, pointsHere, err := t.receiver()
	if err != nil {
		return result, err
	}
	return call(ctx, t.session, callTimeout+t.wait, func(ctx context.Context) (roundtrip.Result, error) {
		hook, err := t.find(ctx, ref)
		if err != nil {
			return roundtrip.Result{}, err
		}
		if !t.quiet {
			t.Say("asking UP42 to test %q, which may take a while", hook.Name)
		}
		t.check = t.withStore("up42hooks events")
		return roundtrip.Run(ctx, hook, roundtrip.Options{
			API: t.api, Log: log, Wait: t.wait, Now: t.Now, PointsHere: pointsHere, Here: here,
		})
	})
}

// receiver returns the URL of the receiver that writes to the store, and a function
// that reports whether a webhook's URL leads there. If no receiver runs, it prints a
// message. Then both are known only if there is a public URL.
func (t *webhookTest) receiver() (url string, pointsHere func(string) bool, err error) {
	holder, err := store.HeldBy(t.config.Store)
	if err != nil {
		return "", nil, err
	}
	address := t.config.Listen
	if holder == nil {
		t.Say("no receiver runs on %s now: start one with: %s", t.config.Store, t.withStore("up42hooks"))
		if config.PublicURL(t.config) == "" {
			return "", nil, nil
		}
	} else {
		address = cmp.Or(holder.Address, address)
	}
	return config.ReceiverURL(t.config, address), config.PointsHere(t.config, address), nil
}

// withStore adds the flag --store to a command if it is needed.
func (t *webhookTest) withStore(command string) string {
	if !t.storeGiven {
		return command
	}
	return command + " --store " + safe.Word(t.config.Store)
}
