// Package send is the command that signs and sends deliveries, as UP42 does.
package send

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/time/rate"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
)

// sendOptions are the flags of send that are not settings of the program.
type sendOptions struct {
	url, event, status, orderID, jobID, kind, host, name string
	body                                                 string
	final, live, unsigned, asJSON                        bool
	created                                              cli.TimeFlag
	repeat                                               int
	rate                                                 float64
	timeout                                              time.Duration
}

func NewCommand(w cli.Env) *cobra.Command {
	var o sendOptions
	cmd := &cobra.Command{
		Use:   "send",
		Short: "Sign and send a delivery, like UP42",
		Long: `Sign a delivery as UP42 does and send it: to the receiver on this machine, or to
--url. The signature covers date and digest, unless --components says otherwise.

Without --secret, --secret-file or UP42_WEBHOOK_SECRET it takes the secret that
up42hooks generated for itself. Of several secrets the first one signs.
The exit code is 1 unless every delivery was answered with a 2xx code.`,
		Example: `  up42hooks send
  up42hooks send --status BEING_FULFILLED --order-id 92ceac2c-9c53-4f1e-8a2b-0d6a3f1c7e55
  up42hooks send --event job.status --status RUNNING --json | jq -r .messageId
  up42hooks send --repeat 1000 --rate 100
  up42hooks send --body delivery.json --url https://hooks.example.com/receive-webhooks`,
		Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, t, err := o.prepare(w, cmd.Flags())
			if err != nil {
				return cli.UsageError(err)
			}
			return o.send(cmd.Context(), w, s, t)
		},
	}
	config.AddFlags(cmd.Flags(), "secret", "secret-file", "components")
	o.addFlags(cmd.Flags())
	return cmd
}

func (o *sendOptions) addFlags(f *pflag.FlagSet) {
	f.StringVar(&o.url, "url", "", "`URL` to send to (default: the receiver on this machine)")
	f.StringVar(&o.event, "event", receiver.OrderStatus, "`NAME` of the event, order.status or job.status")
	f.StringVar(&o.status, "status", "", "`STATUS` to tell of (default: FULFILLED of an order, SUCCEEDED of a job)")
	f.StringVar(&o.orderID, "order-id", "", "order's `ID` (default: a new one for each delivery)")
	f.StringVar(&o.jobID, "job-id", "", "job's `ID` (default: a new one for each delivery)")
	f.StringVar(&o.kind, "type", "", "order's `TYPE` (default: ARCHIVE), or job's process")
	f.StringVar(&o.host, "host", "", "`NAME` of the data host (default of an order: oneatlas)")
	f.StringVar(&o.name, "name", "", "display `NAME`")
	f.BoolVar(&o.final, "final", false, "the status is final (default: as UP42 has it for this status)")
	f.BoolVar(&o.live, "live", false, "say that it is no test event")
	f.StringVar(&o.body, "body", "", "`FILE` with a whole body to send byte for byte; - is standard input")
	f.Var(&o.created, "created", "time of signature, date and event: Unix seconds or RFC 3339 (default: now)")
	f.IntVar(&o.repeat, "repeat", 1, "send `N` deliveries")
	f.Float64Var(&o.rate, "rate", 0, "send `N` deliveries a second (default: as fast as they are answered)")
	f.BoolVar(&o.unsigned, "unsigned", false, "send no signature")
	f.DurationVar(&o.timeout, "timeout", 10*time.Second, "`DURATION` to wait for an answer")
	f.BoolVar(&o.asJSON, "json", false, "print JSON, one object for each delivery")
}

// prepare turns flags and configuration into what to send, and how.
func (o *sendOptions) prepare(w cli.Env, flags *pflag.FlagSet) (*sender, template, error) {
	if err := o.check(flags); err != nil {
		return nil, template{}, err
	}
	c, values, err := config.Load(flags, w.Getenv)
	if err != nil {
		return nil, template{}, err
	}
	s := &sender{components: c.Components, created: o.created, now: w.Now}
	if s.url, err = o.target(c, config.IsDefault(values, "listen")); err != nil {
		return nil, template{}, err
	}
	if !o.unsigned {
		if s.secret, err = sendingSecret(w, c); err != nil {
			return nil, template{}, err
		}
	}
	t, err := o.template(w, flags.Changed("final"))
	if err != nil {
		return nil, template{}, err
	}
	if o.status != "" { // an odd one is sent all the same: UP42 may have new ones
		for _, doubt := range filter.Statuses(o.status).Doubts() {
			w.Say("--status: %s", strings.TrimPrefix(doubt.Error(), "filter: "))
		}
	}
	return s, t, s.signable()
}

func (o *sendOptions) check(flags *pflag.FlagSet) error {
	if o.jobID != "" && !flags.Changed("event") {
		o.event = receiver.JobStatus
	}
	kind := receiver.KindOf(o.event)
	switch {
	case o.orderID != "" && o.jobID != "":
		return errors.New("--order-id does not go with --job-id: an event is about one of them")
	case kind == "":
		return fmt.Errorf("--event %q: want %s or %s; for others give the whole --body", o.event, receiver.OrderStatus, receiver.JobStatus)
	case flags.Changed("status") && strings.TrimSpace(o.status) == "":
		return errors.New("--status: want a status, such as PLACED")
	case o.orderID != "" && kind != receiver.Order:
		return fmt.Errorf("--order-id does not go with --event %s: want --job-id", o.event)
	case o.jobID != "" && kind != receiver.Job:
		return fmt.Errorf("--job-id does not go with --event %s: give --event %s", o.event, receiver.JobStatus)
	case o.repeat < 1:
		return errors.New("--repeat: want at least 1")
	case !(o.rate >= 0): // nor NaN
		return errors.New("--rate: want a number above 0")
	case o.timeout <= 0:
		return errors.New("--timeout: want a duration above 0, like 10s")
	case o.unsigned && (flags.Changed("secret") || flags.Changed("secret-file") || flags.Changed("components")):
		return errors.New("--unsigned does not go with --secret, --secret-file or --components")
	}
	if o.body == "" {
		return nil
	}
	for _, name := range []string{"event", "status", "order-id", "job-id", "type", "host", "name", "final", "live"} {
		if flags.Changed(name) {
			return fmt.Errorf("--%s does not go with --body, which holds the whole delivery", name)
		}
	}
	return nil
}

// target is the URL to send to: the one that was given, else where a receiver is
// configured to listen, else, at any address, where the one runs that has the store.
func (o *sendOptions) target(c *config.Config, anyAddress bool) (string, error) {
	if o.url != "" {
		u, err := url.Parse(o.url)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return "", errors.New("--url: want a URL like http://127.0.0.1:9888/receive-webhooks") // it may hold a password
		}
		return o.url, nil
	}
	address := c.Listen
	// A receiver that runs may have been started on another address.
	if holder, err := store.HeldBy(c.Store); anyAddress && err == nil && holder != nil && holder.Address != "" {
		address = holder.Address
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", err
	}
	if port == "0" {
		return "", errors.New("the receiver is configured to take any free port: give its address with --url")
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	u := url.URL{Scheme: "http", Host: net.JoinHostPort(host, port), Path: c.Path}
	return u.String(), nil
}

// sendingSecret is the first configured secret, else the generated one.
func sendingSecret(w cli.Env, c *config.Config) (string, error) {
	secrets, err := config.ConfiguredSecrets(c)
	if err != nil {
		return "", err
	}
	if secrets = config.Usable(secrets); len(secrets) > 0 {
		return secrets[0], nil
	}
	file := config.GeneratedSecretFile(w)
	secret, err := config.ReadGenerated(file)
	if errors.Is(err, os.ErrNotExist) {
		return "", errors.New("there is no secret to sign with: give --secret-file or UP42_WEBHOOK_SECRET, start up42hooks once so that it makes one, or send --unsigned")
	}
	return secret, err
}

func (o *sendOptions) template(w cli.Env, finalGiven bool) (template, error) {
	if o.body != "" {
		body, err := readBody(w, o.body)
		return template{verbatim: body}, err
	}
	kind := receiver.KindOf(o.event)
	t := template{
		event: o.event, status: o.status, final: o.final, live: o.live,
		id: o.orderID + o.jobID, kind: o.kind, host: o.host, name: o.name,
	}
	if t.status == "" {
		t.status = string(kind.Success())
	}
	if !finalGiven {
		t.final = receiver.Status(t.status).Class(kind) != receiver.InProgress
	}
	return t, nil
}

func readBody(w cli.Env, file string) ([]byte, error) {
	read := func() ([]byte, error) { return os.ReadFile(file) }
	if file == "-" {
		read = func() ([]byte, error) { return io.ReadAll(w.Stdin) }
	}
	body, err := read()
	if err != nil {
		return nil, fmt.Errorf("read the body: %w", err)
	}
	if body == nil {
		body = []byte{}
	}
	return body, nil
}

func (o *sendOptions) send(ctx context.Context, w cli.Env, s *sender, t template) error {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	// A second signal ends the program at once.
	defer context.AfterFunc(ctx, stop)()
	s.client = newClient(o.timeout)
	defer s.client.CloseIdleConnections()
	limit := rate.Inf
	if o.rate > 0 {
		limit = rate.Limit(o.rate)
	}
	report := &sendReport{Env: w, asJSON: o.asJSON, wanted: o.repeat}
	start := time.Now()
	if err := s.sendAll(ctx, t, o.repeat, limit, report.add); err != nil {
		return err
	}
	return report.end(time.Since(start), ctx.Err() != nil)
}
