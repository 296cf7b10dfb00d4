package daemon

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/components"
	"github.com/up42/up42-webhooks/receiver/forward"
	"github.com/up42/up42-webhooks/receiver/forward/natstarget"
	"github.com/up42/up42-webhooks/receiver/forward/pgtarget"
	"github.com/up42/up42-webhooks/receiver/safe"
)

// Targets returns the forwarding targets that the configuration names. The
// logger takes the output of programs.
func Targets(c *config.Config, logger *slog.Logger) (all []forward.Target, err error) {
	for _, url := range c.ForwardTo {
		t, err := NewTarget(c, url)
		if err != nil {
			return nil, fmt.Errorf("--forward-to: %w", err)
		}
		all = append(all, t)
	}
	if c.Exec != "" {
		t, err := forward.NewExec(forward.ExecOptions{Program: c.Exec, Logger: logger})
		if err != nil {
			return nil, fmt.Errorf("--exec: %w", err)
		}
		all = append(all, t)
	}
	return all, nil
}

// CheckForwarding returns what is wrong with the settings for forwarding of the receiver at an address.
// pointsHere reports whether a URL is one of that receiver: it would get again what it forwards there.
func CheckForwarding(c *config.Config, address string, pointsHere func(url string) bool) error {
	if c.ForwardUnsigned && !c.AllowUnsigned {
		return errors.New("--forward-unsigned needs --allow-unsigned: without it no unsigned delivery is accepted")
	}
	for _, url := range c.ForwardTo {
		if isHTTP(url) && (config.IsReceiver(address, url) || pointsHere(url)) {
			return fmt.Errorf("--forward-to: %s is this receiver itself: name the program that is to get the events", safe.URL(url))
		}
	}
	return nil
}

// NewTarget makes the forwarding target with a URL, with the settings that all of them share.
// forward.Close closes its connections.
func NewTarget(c *config.Config, url string) (forward.Target, error) {
	o, err := httpOptions(c, url)
	if err != nil {
		return nil, err
	}
	switch scheme, _, _ := strings.Cut(url, "://"); scheme {
	case "nats", "tls":
		return natstarget.New(natstarget.Options{URL: url, Creds: c.ForwardCreds, Envelope: o.Envelope})
	case "postgres", "postgresql":
		return pgtarget.New(pgtarget.Options{URL: url})
	default:
		return forward.NewHTTP(o)
	}
}

func httpOptions(c *config.Config, url string) (forward.HTTPOptions, error) {
	envelope, err := forward.NewEnvelope(c.ForwardSecret.Reveal(), c.ForwardFormats...)
	return forward.HTTPOptions{URL: url, BasicAuth: c.ForwardAuth, Envelope: envelope, OwnHost: c.ForwardOwnHost}, err
}

// MayForward says which events the configuration allows to be forwarded.
func MayForward(c *config.Config) func(*receiver.Event) bool {
	return forward.Accepts(c.AcceptPartial, c.ForwardUnsigned)
}

// Remark says what is special about the headers that targets get, and what to do.
type Remark struct {
	What, Todo string
	// Loss says that nobody behind the targets can verify the signatures of UP42.
	Loss bool
}

// Remarks says which of the headers that signatures cover the targets do not get as they came,
// and that they get the host. The pinned list counts, or, without one, the lists that
// verified deliveries have.
func Remarks(c *config.Config, pinned []string, seen components.Seen) (out []Remark) {
	o, err := httpOptions(c, "")
	if err != nil || !slices.ContainsFunc(c.ForwardTo, isHTTP) {
		return nil
	}
	covered := slices.Clone(pinned)
	if len(pinned) == 0 {
		for _, l := range seen {
			covered = append(covered, l.Components...)
		}
	}
	slices.Sort(covered)
	covered = slices.Compact(covered)
	if lost := o.Lost(covered); len(lost) > 0 {
		out = append(out, Remark{
			What: "signatures cover headers that are not forwarded as they came, so nobody behind the forward targets can verify them: " + strings.Join(lost, ", "),
			Todo: "let the targets verify our own signature: set UP42_FORWARD_SECRET_FILE, and --forward-format standard-webhooks if they know that", Loss: true,
		})
	}
	if slices.Contains(covered, "host") && !c.ForwardOwnHost {
		out = append(out, Remark{
			What: "signatures cover the host, so forward targets get the host that UP42 named, not their own",
			Todo: "if a target answers 404 or 421 to that and verifies no signature of UP42: --forward-own-host",
		})
	}
	return out
}

func isHTTP(url string) bool {
	return strings.HasPrefix(url, "http://") || strings.HasPrefix(url, "https://")
}
