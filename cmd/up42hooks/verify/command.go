// Package verify is the command that judges a captured request.
package verify

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config/secrets"
	"github.com/up42/up42-webhooks/cmd/up42hooks/verify/capture"
	"github.com/up42/up42-webhooks/receiver/signature"
)

// NewCommand makes the command `verify`.
func NewCommand(env cli.Env) *cobra.Command {
	var now cli.TimeFlag
	var o cli.Form
	cmd := &cobra.Command{
		Use:   "verify [FILE]",
		Short: "Judge a captured HTTP request",
		Long:  long,
		Example: `  up42hooks verify --now 2026-09-21T14:13:20Z request.http
  up42hooks verify --secret-file secrets.txt --json < request.http`,
		RunE: func(cmd *cobra.Command, args []string) error { return run(env, cmd, args, &now, &o) },
	}
	config.AddFlags(cmd.Flags(), "config", "secret", "secret-file", "allow-unsigned", "require-digest", "components", "max-age", "max-message-age", "max-future", "path", "max-body", "basic-auth")
	cmd.Flags().Var(&now, "now", "time to judge by: Unix seconds or RFC 3339 (default: the clock)")
	o.AddFlags(cmd.Flags(), "print JSON")
	return cmd
}

const long = `Judge a captured delivery as the receiver does, with its settings and its secrets, and
explain the verdict. The secrets of webhooks at UP42, which a receiver learns through its
account, are not tried. FILE has the raw HTTP request: header lines and body. Without
FILE, or with "-", the request is read from standard input.

What the receiver would store has the verdict that it would store, and nothing else has.
The verdict is "unmatched" for a request that is no delivery, such as one to another path
than --path. What tools change in captures (line ends, chunks, names of HTTP/2) is undone,
and is told in notes.

The age is judged by the clock: use --now for an old capture. If no date is signed,
the timestamp in the body must be within --max-message-age, or the verdict is partial.
The exit code is 1 if the receiver would not store the request.`

func run(env cli.Env, cmd *cobra.Command, args []string, now *cli.TimeFlag, o *cli.Form) error {
	if len(args) > 1 {
		return cli.UsageError(fmt.Errorf("verify takes one FILE, but got %d", len(args)))
	}
	c, policy, err := policyOf(env, cmd)
	if err != nil {
		return cli.UsageError(err)
	}
	raw, err := readInput(env, args)
	if err != nil {
		return cli.UsageError(err)
	}
	request, err := capture.Parse(raw)
	if err != nil {
		return cli.UsageError(err)
	}
	j, err := judge(cmd.Context(), request, c, policy, now.Or(env.Now()))
	if err != nil {
		return err
	}
	j.secrets = secrets.Check(env, c)
	return printJudgement(env, j, o)
}

// policyOf returns the configuration and its policy: that of a receiver. A secret that is generated
// now did not sign the captured request.
func policyOf(env cli.Env, cmd *cobra.Command) (*config.Config, signature.Policy, error) {
	c, _, err := config.Load(cmd.Flags(), env)
	if err != nil {
		return nil, signature.Policy{}, err
	}
	p, err := config.ExistingPolicy(env, c)
	return c, p, err
}

func printJudgement(env cli.Env, j judgement, o *cli.Form) error {
	err := cli.Print(env, o, func() error {
		_, err := io.WriteString(env.Stdout, j.report())
		return err
	}, j.record())
	if err == nil && !j.taken() {
		err = cli.Failed("") // the output says it already
	}
	return err
}
