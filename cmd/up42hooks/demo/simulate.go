// Package demo has the commands that run a simulated UP42: `demo` with everything
// else, `simulate` alone.
package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"runtime"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/sync/errgroup"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/client/simulator"
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/receiver/errno"
)

// simulateOptions are the flags of `simulate`.
type simulateOptions struct {
	cli.Form
	addr string
	sim  simulator.Options
}

// NewSimulateCommand makes the command `simulate`.
func NewSimulateCommand(env cli.Env) *cobra.Command {
	var o simulateOptions
	cmd := &cobra.Command{
		Use:        "simulate",
		SuggestFor: []string{"simulator", "mock"},
		Short:      "Run a simulated UP42 to try things out",
		Long: `Run a simulated UP42: sign-in, webhooks, orders and processing jobs over HTTP, as
UP42's own clients use them. Its orders and jobs move, and each change is delivered,
signed, to the active webhooks that subscribe. The URL of a webhook may be on this
machine, with http://. The same --seed gives the same orders and jobs. Nothing is kept.

It prints the settings that make a client use it. --fault flags make a share of the calls
fail: 0.1 is every tenth. Do not let others reach it: its password is not secret.`,
		Example: `  up42hooks simulate
  up42hooks simulate --addr 127.0.0.1:4242 --seed 1 --speed 10
  up42hooks simulate --latency 200ms --fault-429 0.1 --fault-drop 0.05`,
		Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.check(); err != nil {
				return cli.UsageError(err)
			}
			return o.simulate(cmd.Context(), env)
		},
	}
	o.addFlags(cmd.Flags())
	return cmd
}

func (o *simulateOptions) addFlags(f *pflag.FlagSet) {
	o.AddFlags(f, "print the settings, and the log, as JSON")
	f.StringVar(&o.addr, "addr", "127.0.0.1:4242", "`ADDR` to listen on; port 0 is any free one")
	f.Uint64Var(&o.sim.Seed, "seed", 1, "start `NUMBER` of the random numbers: the same seed gives the same orders and jobs")
	f.Float64Var(&o.sim.Speed, "speed", simulator.DefaultSpeed, "`NUMBER` that says how fast orders and jobs move, up to 1000: at 10 one or two deliveries a second, at 1 a tenth of that")
	f.BoolVar(&o.sim.Quiet, "still", false, "don't move orders and jobs: deliver only test events and cancellations")
	f.StringSliceVar(&o.sim.Events, "events", nil, "`NAMES` of the events that webhooks can subscribe to, '' for none (default: those of UP42)")
	f.BoolVar(&o.sim.HideSecrets, "hide-secrets", false, "leave the secrets of webhooks out of all answers")
	f.DurationVar(&o.sim.Faults.Latency, "latency", 0, "`DURATION` to wait before each answer")
	f.Float64Var(&o.sim.Faults.Expired, "fault-401", 0, "`SHARE` of calls that fail because the token is expired")
	f.Float64Var(&o.sim.Faults.TooMany, "fault-429", 0, "`SHARE` of calls that fail because they are too many")
	f.Float64Var(&o.sim.Faults.ServerError, "fault-500", 0, "`SHARE` of calls that fail with a server error")
	f.Float64Var(&o.sim.Faults.Unwrapped, "fault-unwrapped", 0, "`SHARE` of calls whose error comes as {code, message, details}, without {data, error} around it")
	f.Float64Var(&o.sim.Faults.HTML, "fault-html", 0, "`SHARE` of calls that get a web page, as from a gateway")
	f.Float64Var(&o.sim.Faults.Drop, "fault-drop", 0, "`SHARE` of calls whose connection is closed")
	f.Float64Var(&o.sim.Faults.Truncate, "fault-truncate", 0, "`SHARE` of calls whose answer is cut off")
}

func (o *simulateOptions) check() error {
	if _, _, err := net.SplitHostPort(o.addr); err != nil {
		return fmt.Errorf("--addr %q: want HOST:PORT, like 127.0.0.1:4242", o.addr)
	}
	if !(o.sim.Speed > 0 && o.sim.Speed <= simulator.MaxSpeed) { // and not NaN
		return fmt.Errorf("--speed: want a number above 0 and up to %d", simulator.MaxSpeed)
	}
	if len(o.sim.Events) > 0 {
		if err := client.CheckEvents(o.sim.Events); err != nil {
			return fmt.Errorf("--events: %w", err)
		}
	}
	f := o.sim.Faults
	if f.Latency < 0 {
		return errors.New("--latency: want a duration from 0 on, like 200ms")
	}
	for _, share := range []struct {
		name  string
		value float64
	}{
		{"fault-401", f.Expired},
		{"fault-429", f.TooMany},
		{"fault-500", f.ServerError},
		{"fault-unwrapped", f.Unwrapped},
		{"fault-html", f.HTML},
		{"fault-drop", f.Drop},
		{"fault-truncate", f.Truncate},
	} {
		if !(share.value >= 0 && share.value <= 1) {
			return fmt.Errorf("--%s: want a share from 0 to 1", share.name)
		}
	}
	return nil
}

// simulate serves until a signal ends it.
func (o *simulateOptions) simulate(ctx context.Context, env cli.Env) error {
	ctx, stop := env.UntilSignal(ctx)
	defer stop()
	l, err := net.Listen("tcp", o.addr)
	if errno.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%s is in use by another program: give another address with --addr, or port 0 for any", o.addr)
	}
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	o.sim.Logger = slog.New(slog.NewTextHandler(env.Stderr, nil))
	if o.JSON() {
		o.sim.Logger = slog.New(slog.NewJSONHandler(env.Stderr, nil))
	}
	sim := simulator.New(o.sim)
	if err := o.printSettings(env, l.Addr().(*net.TCPAddr)); err != nil {
		return errors.Join(err, l.Close())
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return sim.Run(ctx) })
	group.Go(func() error { return serveSimulator(ctx, l, sim) })
	return group.Wait()
}

// simulated is what `simulate --json` prints.
type simulated struct {
	APIURL   string `json:"apiUrl"`
	AuthURL  string `json:"authUrl"`
	Username string `json:"username"`
	Password string `json:"password"`
}

// printSettings prints the settings that make a client use the simulator.
func (o *simulateOptions) printSettings(env cli.Env, addr *net.TCPAddr) error {
	base := simulatorURL(addr)
	err := cli.Print(env, &o.Form, func() error {
		var lines strings.Builder
		for _, v := range [][2]string{{"API_URL", base}, {"AUTH_URL", base}, {"USERNAME", simulator.Username}, {"PASSWORD", simulator.Password}} {
			fmt.Fprintf(&lines, exportLine(), "UP42_"+v[0], v[1])
		}
		_, err := io.WriteString(env.Stdout, lines.String())
		return err
	}, simulated{base, base, simulator.Username, simulator.Password})
	if err != nil {
		return fmt.Errorf("print the settings: %w", err)
	}
	if o.ForPeople() {
		env.Say("simulated UP42 on %s until ctrl+c: paste these lines into another terminal and start up42hooks there", base)
	}
	if !addr.IP.IsLoopback() {
		env.Say("others can reach it, and its password is not secret: protect it, or give a loopback --addr")
	}
	return nil
}

// exportLine is the format of a line that sets a variable, in the usual shell of the system.
func exportLine() string {
	if runtime.GOOS == "windows" {
		return "$env:%s='%s'\n" // PowerShell
	}
	return "export %s=%s\n"
}

// simulatorURL is the URL of an address for programs on this machine.
func simulatorURL(addr *net.TCPAddr) string {
	host := addr.IP.String()
	if addr.IP.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, fmt.Sprint(addr.Port))
}
