package send

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
)

// options are the flags of `send` that are not settings.
type options struct {
	cli.Form
	url, event, status, orderID, jobID, kind, host, name string
	body                                                 string
	final, live, unsigned                                bool
	created                                              cli.TimeFlag
	repeat                                               int
	rate                                                 float64
	timeout                                              time.Duration
}

func (o *options) addFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.url, "url", "", "`URL` to send to (default: the receiver on this machine)")
	f.StringVar(&o.event, "event", receiver.OrderStatus, "`NAME` of the event, "+eventNames())
	f.StringVar(&o.status, "status", "", "`STATUS` of the order or job (default: FULFILLED of an order, SUCCEEDED of a job)")
	f.StringVar(&o.orderID, "order-id", "", "order's `ID` (default: a new one for each delivery)")
	f.StringVar(&o.jobID, "job-id", "", "job's `ID` (default: a new one for each delivery)")
	f.StringVar(&o.kind, "type", "", "order's `TYPE` (default: ARCHIVE), or job's process")
	f.StringVar(&o.host, "host", "", "`NAME` of the data host (default of an order: oneatlas)")
	f.StringVar(&o.name, "name", "", "display `NAME`")
	f.BoolVar(&o.final, "final", false, "the status is final (default: as UP42 sets it for this status)")
	f.BoolVar(&o.live, "live", false, "send a live event, not a test event")
	f.StringVar(&o.body, "body", "", "`FILE` with a whole body to send byte for byte; - is standard input")
	f.Var(&o.created, "created", "time of signature, date and event: Unix seconds or RFC 3339 (default: now)")
	f.IntVar(&o.repeat, "repeat", 1, "send `NUMBER` deliveries")
	f.Float64Var(&o.rate, "rate", 0, "send `NUMBER` deliveries a second (default: as fast as they are answered)")
	f.BoolVar(&o.unsigned, "unsigned", false, "send no signature")
	f.DurationVar(&o.timeout, "timeout", 10*time.Second, "`DURATION` to wait for an answer")
	o.AddFlags(f, "print JSON, one object for each delivery")
	cli.Complete(cmd, "event", cli.CompleteOne(filter.Event.Values()))
	cli.Complete(cmd, "status", cli.CompleteOne(filter.Status.Values()))
}

// check checks the flags and completes the name of the event.
func (o *options) check(flags *pflag.FlagSet) error {
	if o.jobID != "" && !flags.Changed("event") {
		o.event = receiver.JobStatus
	}
	kind := receiver.KindOf(o.event)
	switch {
	case o.orderID != "" && o.jobID != "":
		return errors.New("--order-id can't be used with --job-id: an event has one of them")
	case kind == "":
		return fmt.Errorf("--event: %q (another event is sent with --body FILE): %w", o.event, cli.Unknown(o.event, receiver.EventNames()))
	case flags.Changed("status") && strings.TrimSpace(o.status) == "":
		return errors.New("--status: want a status, such as PLACED")
	case o.orderID != "" && kind != receiver.Order:
		return fmt.Errorf("--order-id can't be used with --event %s: give --event %s", o.event, receiver.OrderStatus)
	case o.jobID != "" && kind != receiver.Job:
		return fmt.Errorf("--job-id can't be used with --event %s: give --event %s", o.event, receiver.JobStatus)
	case o.repeat < 1:
		return errors.New("--repeat: want at least 1")
	case !(o.rate >= 0): // this form is true for NaN, too
		return errors.New("--rate: want a number above 0")
	case o.timeout <= 0:
		return errors.New("--timeout: want a duration above 0, like 10s")
	case o.unsigned && (flags.Changed("secret") || flags.Changed("secret-file") || flags.Changed("components")):
		return errors.New("--unsigned can't be used with --secret, --secret-file or --components")
	}
	if o.body == "" {
		return nil
	}
	for _, name := range []string{"event", "status", "order-id", "job-id", "type", "host", "name", "final", "live"} {
		if flags.Changed(name) {
			return fmt.Errorf("--%s can't be used with --body, which is the whole delivery", name)
		}
	}
	return nil
}

func eventNames() string { return strings.Join(receiver.EventNames(), " or ") }
