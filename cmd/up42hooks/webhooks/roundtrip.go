package webhooks

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/signature"
	"github.com/up42/up42-webhooks/receiver/sqlite"
	"github.com/up42/up42-webhooks/tui/roundtrip"
	"github.com/up42/up42-webhooks/tui/text"
)

func newWebhooksTestCommand(w cli.Env) *cobra.Command {
	var wait time.Duration
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "test WEBHOOK",
		Short: "Have UP42 send test events, and look whether they arrive",
		Long: `Have UP42 send one test event for each event type of a webhook, and look for each in
the store that the running receiver writes: did it arrive, is its signature good, does
that cover the body. What did not make it is told with the likely cause.

The exit code is 1 unless every event was sent, arrived, verified and stored.`,
		Example: `  up42hooks webhooks test mine
  up42hooks webhooks test mine --wait 60s --json | jq '.events[] | {name, cause}'`,
		Args: oneWebhook,
		RunE: func(cmd *cobra.Command, args []string) error {
			if wait <= 0 {
				return cli.UsageError(errors.New("--wait: want a duration above 0, like 15s"))
			}
			return signedIn(w, cmd.Flags(), func(s *session) error {
				s.storeNamed = cmd.Flags().Changed("store")
				return s.test(cmd.Context(), args[0], wait, asJSON)
			})
		},
	}
	addAccountFlags(cmd.Flags(), "store", "listen", "path", "public-url")
	cmd.Flags().DurationVar(&wait, "wait", roundtrip.DefaultWait, "`DURATION` to wait for what UP42 says it sent")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON, one object")
	return cmd
}

func (s *session) test(ctx context.Context, ref string, wait time.Duration, asJSON bool) (err error) {
	log, err := store.OpenReader(ctx, s.Env, s.config.Store)
	if errors.Is(err, sqlite.ErrMissing) {
		return cli.Failed(fmt.Sprintf("there is no store %s in which test events could arrive: start a receiver first, with: %s", s.config.Store, s.receiverCommand()))
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	url, here, err := s.receiver()
	if err != nil {
		return err
	}
	var result roundtrip.Result
	err = s.call(ctx, answerWait+wait, func(ctx context.Context) error {
		hook, err := s.find(ctx, ref)
		if err != nil {
			return err
		}
		if !asJSON {
			s.Say("UP42 is asked to test %q, which may take a while", hook.Name)
		}
		s.look = s.storeCommand("up42hooks events")
		result, err = roundtrip.Run(ctx, hook, roundtrip.Options{
			API: s.api, Log: log, Wait: wait, Now: s.Now,
			PointsHere: here, Here: url,
		})
		return err
	})
	if err != nil {
		return err
	}
	return s.tellTest(result, asJSON)
}

// receiver is the URL at which somebody receives into the store, and what says
// whether a webhook's URL leads there. Where nobody does, it says so; unless
// there is a public URL then, there is nothing to be said of either.
func (s *session) receiver() (url string, here func(string) bool, err error) {
	holder, err := store.HeldBy(s.config.Store)
	if err != nil {
		return "", nil, err
	}
	public := config.PublicURL(s.config)
	if holder == nil {
		s.Say("nobody receives into %s now: start a receiver with: %s", s.config.Store, s.receiverCommand())
		if public == "" {
			return "", nil, nil
		}
		holder = &store.Holder{}
	}
	address := cmp.Or(holder.Address, s.config.Listen)
	return cmp.Or(public, "http://"+address+s.config.Path), config.PointsHere(s.config, address), nil
}

// receiverCommand starts a receiver that has the store.
func (s *session) receiverCommand() string { return s.storeCommand("up42hooks") }

// storeCommand is a command that uses the store.
func (s *session) storeCommand(command string) string {
	if !s.storeNamed {
		return command
	}
	return command + " --store " + shellWord(s.config.Store)
}

// shellWord is a word as a shell takes it.
func shellWord(s string) string {
	if s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return !strings.ContainsRune("/._-+:,@%=", r) && (r < '0' || r > '9') && (r|0x20 < 'a' || r|0x20 > 'z')
	}) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// testRecord is what --json prints of a test.
type testRecord struct {
	Webhook    webhookRecord     `json:"webhook"`
	Sent       bool              `json:"sent"`
	Proven     bool              `json:"proven"`
	Events     []roundtrip.Event `json:"events"`
	Components []string          `json:"components"`
}

func (s *session) tellTest(r roundtrip.Result, asJSON bool) error {
	proven := r.Proven()
	var err error
	if asJSON {
		err = cli.PrintJSON(s.Env, testRecord{webhookOutput{}.record(r.Webhook), r.Sent, proven, r.Events, r.Components})
	} else {
		err = s.reportTest(&r)
	}
	if err == nil && !proven {
		err = cli.Failed("") // the report said it
	}
	return err
}

// reportTest says in lines how far each event got.
func (s *session) reportTest(r *roundtrip.Result) error {
	out, made := &report{}, 0
	for _, e := range r.Events {
		fmt.Fprintf(out, "%s\n", text.Clean(e.Name, 0))
		reportEvent(out, e)
		if e.Proven() {
			made++
		}
	}
	switch {
	case len(r.Events) == 0:
		fmt.Fprintln(out, "failed: the webhook subscribes to no event")
	case !r.Proven():
		fmt.Fprintf(out, "failed: %d of %d events made it\n", made, len(r.Events))
	default:
		fmt.Fprintln(out, "proven: every event was sent, arrived, verified and stored")
		if len(r.Components) > 0 && len(s.config.Components) == 0 {
			fmt.Fprintf(out, "to pin what UP42 signs: --components %s\n", text.Clean(strings.Join(r.Components, ","), 0))
		}
	}
	return out.print(s.Stdout)
}

func reportEvent(out *report, e roundtrip.Event) {
	sent := yes(e.Sent || e.Arrived)
	if e.Arrived && !e.Sent {
		sent += ", but not answered well"
	}
	if message := strings.Join(strings.Fields(e.Message), " "); message != "" {
		sent += ", UP42 says: " + message
	}
	out.line("sent", sent)
	if e.Arrived {
		how := "by message id " + e.MessageID
		if e.ByTime {
			how = "by its time, as UP42 told no message id"
		}
		out.line("arrived", fmt.Sprintf("yes, after %s, found %s", tookWords(e.Took), how))
		out.line("verdict", strings.TrimSuffix(string(e.Verdict)+": "+string(e.Reason), ": "))
		out.line("digest", digestWords(e))
		out.line("stored", storedWords(e))
	} else {
		out.line("arrived", "no")
	}
	if e.Cause != "" {
		out.line("cause", e.Cause)
	}
}

func tookWords(d time.Duration) string {
	if d < time.Millisecond {
		return "<1 ms"
	}
	return fmt.Sprintf("%d ms", d.Milliseconds())
}

func storedWords(e roundtrip.Event) string {
	if e.Verdict == receiver.Rejected {
		return fmt.Sprintf("no, but kept as #%d of the rejected", e.Seq)
	}
	return fmt.Sprintf("as #%d", e.Seq)
}

func digestWords(e roundtrip.Event) string {
	switch {
	case e.Reason == signature.DigestMismatch:
		return "does not match the body"
	case e.Digest == "" && e.Verdict == receiver.Rejected && e.Reason != signature.DigestRequired:
		return "not checked" // it is looked at once the signature is good
	case e.Digest == "":
		return "none"
	case e.Covered:
		return e.Digest + ", covered by the signature"
	default:
		return e.Digest + ", not covered by the signature"
	}
}
