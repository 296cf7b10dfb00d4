package mcp

import (
	"cmp"
	"context"
	"errors"
	"log/slog"

	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
)

// NewCommand makes the command `mcp`.
func NewCommand(env cli.Env) *cobra.Command {
	var allowWrite bool
	var o cli.Lines
	cmd := &cobra.Command{
		Use:        "mcp",
		SuggestFor: []string{"agent", "agents", "ai", "llm"},
		Short:      "Serve the store to an agent, by the Model Context Protocol",
		Long: `Serve the store to an agent, by the Model Context Protocol on standard input and output.
An agent's program starts this command; see README.md of cmd/up42hooks for its configuration.

The tools list and get orders, jobs, events and rejected deliveries with their reasons,
search by filters, wait for an event, judge a request and explain a reason. They only
read, also while a receiver writes to the store. Secrets are masked.

With --allow-write there are also tools that manage the webhooks at UP42, admit rejected
deliveries that are good now, send a test event to the receiver on this machine, and
forward an event once more to the configured targets. Without it there are no such tools,
and UP42 is never called.

It ends when its input ends.`,
		Example: `  up42hooks mcp
  up42hooks mcp --allow-write --store ~/.local/state/up42hooks/events.db`,
		Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return run(env, cmd, allowWrite) },
	}
	cmd.Flags().BoolVar(&allowWrite, "allow-write", false, "also offer tools that manage webhooks at UP42, admit rejected deliveries, send and resend events")
	config.AddFlags(
		cmd.Flags(), "config", "store", "listen", "path", "public-url", "max-body",
		"secret", "secret-file", "basic-auth", "allow-unsigned", "require-digest", "components", "max-age", "max-message-age", "max-future",
		"forward-to", "exec", "forward-format", "forward-own-host", "accept-partial", "forward-unsigned",
		"region", "api-url", "auth-url", "client-id", "workspace", "credentials",
	)
	o.AddFlags(cmd.Flags(), "print lines of JSON, as it does anyway")
	return cmd
}

func run(env cli.Env, cmd *cobra.Command, allowWrite bool) (err error) {
	c, _, err := config.Load(cmd.Flags(), env, "store")
	if err != nil {
		return cli.UsageError(err)
	}
	if _, ok := env.Terminal(); ok {
		env.Say("an agent's program starts this command and speaks to it by JSON-RPC, one message a line; %s ends it", cli.EndOfInput())
	}
	ctx, stop := env.UntilOutputCloses(cmd.Context())
	defer func() { err = errors.Join(err, stop()) }()
	hungUp, hangup := context.WithCancel(ctx)
	defer hangup()
	// The SDK's log has errors of the protocol only. It must not reach standard output.
	s := &server{
		name: "up42hooks", version: cmp.Or(env.Build.Version, "unknown"), clean: newCleaner(newConfigured(env, cmd.Flags(), c).secrets),
		logger: slog.New(slog.DiscardHandler), say: env.Say,
	}
	env.Learned = s.clean.learn
	commands := &commands{env: env, flags: cmd.Flags(), changing: make(chan struct{}, 1)}
	source := &source{env: env, file: c.Store}
	out := &outgoing{source, commands}
	s.tools = append(s.tools, source.rowTools()...)
	s.tools = append(s.tools, source.eventTools()...)
	s.tools = append(s.tools, (&bodies{source, s.clean}).tool(), (&waiter{source, hungUp}).tool(), commands.verifyTool(), explainTool(), source.infoTool())
	for _, t := range append(commands.webhookTools(), commands.admitTool(), out.sendTool(), out.resendTool()) {
		if allowWrite {
			s.tools = append(s.tools, t)
		} else {
			s.withheld = append(s.withheld, t.name)
		}
	}
	return s.run(ctx, transport{in: env.Stdin, out: env.Stdout, hangup: hangup})
}
