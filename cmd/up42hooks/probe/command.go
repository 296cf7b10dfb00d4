package probe

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
	"github.com/up42/up42-webhooks/receiver/errno"
	"github.com/up42/up42-webhooks/tui/text"
)

// NewCommand makes the command `health`.
func NewCommand(env cli.Env) *cobra.Command {
	var o cli.Form
	cmd := &cobra.Command{
		Use:        "health",
		SuggestFor: []string{"ping", "status", "healthcheck"},
		Short:      "Ask the running receiver whether it is well",
		Long: `Ask the receiver that runs with the same settings whether it is well, for the health
check of a container. With --admin it must be able to store deliveries (/readyz),
otherwise it must answer. The exit code is 1 if it is not well.`,
		Example: `  up42hooks health
  up42hooks health --admin 127.0.0.1:9889`,
		Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, _, err := config.Load(cmd.Flags(), env)
			if err != nil {
				return cli.UsageError(err)
			}
			address, path := whereToAsk(c, cmd.Flags().Changed("listen"))
			return health(cmd.Context(), env, address, path, &o)
		},
	}
	config.AddFlags(cmd.Flags(), "config", "store", "listen", "admin")
	o.AddFlags(cmd.Flags(), "print JSON")
	return cmd
}

// healthTimeout is how long the receiver may take to answer.
const healthTimeout = 5 * time.Second

func health(ctx context.Context, env cli.Env, address, path string, o *cli.Form) error {
	ctx, stop := env.UntilSignal(ctx)
	defer stop()
	limited, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	r, err := Request(limited, env.Build.UserAgent(), &http.Transport{DisableKeepAlives: true}, http.MethodGet, "http://"+address+path)
	switch {
	case ctx.Err() != nil:
		return cli.Failed("interrupted")
	case err != nil && limited.Err() != nil:
		return cli.Failed(fmt.Sprintf("the receiver on %s does not answer within %v", address, healthTimeout))
	case errno.Is(err, syscall.ECONNREFUSED):
		return cli.Failed("no receiver answers on " + address + ": nothing listens there; start one with: up42hooks")
	case err != nil:
		return cli.Failed("no receiver answers on " + address + ": " + Plain(err))
	case path == pingPath && !r.Pong():
		return cli.Failed("another program answers on " + address)
	case r.Status != http.StatusOK:
		return cli.Failed("the receiver is not ready: " + strings.TrimSpace(r.body))
	}
	_, team, _ := strings.Cut(strings.TrimSpace(r.body), "\n") // of /readyz
	return cli.Print(env, o, func() error {
		words := "the receiver on " + text.Clean(address, 0) + " is well\n"
		if team != "" {
			words += text.Clean(team, 0) + "\n"
		}
		_, err := env.Stdout.Write([]byte(words))
		return err
	}, healthRecord{Well: true, Address: address, Path: path, Team: team})
}

// healthRecord is what --json prints of a receiver that is well. Otherwise there is an error.
type healthRecord struct {
	Well    bool   `json:"well"`
	Address string `json:"address"`
	// Path is what was asked for.
	Path string `json:"path"`
	// Team is a line about the team of the receiver, if it has one and has been asked for that.
	Team string `json:"team,omitempty"`
}

const (
	pingPath  = "/ping"
	readyPath = "/readyz"
)

// whereToAsk returns the address and the path that say most about the receiver. An address that
// the flag gives counts more than that of the receiver that has the store.
func whereToAsk(c *config.Config, given bool) (address, path string) {
	if c.Admin != "" && !strings.HasSuffix(c.Admin, ":0") {
		return local(c.Admin), readyPath
	}
	if given = given && !strings.HasSuffix(c.Listen, ":0"); c.Store != "" && !given {
		if holder, err := store.HeldBy(c.Store); err == nil && holder != nil && holder.Address != "" {
			return local(holder.Address), pingPath
		}
	}
	return local(c.Listen), pingPath
}

// local returns the address by which this machine reaches a listener.
func local(address string) string {
	host, port, err := net.SplitHostPort(address)
	if ip := net.ParseIP(host); err == nil && (host == "" || ip != nil && ip.IsUnspecified()) {
		return net.JoinHostPort("127.0.0.1", port)
	}
	return address
}
