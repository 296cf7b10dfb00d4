// Package verify is the command that judges a captured request.
package verify

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/up42/up42-webhooks/cmd/up42hooks/capture"
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/signature"
)

// maxCapture is the longest capture that is read, in bytes.
const maxCapture = 64 << 20

func NewCommand(w cli.Env) *cobra.Command {
	var now cli.TimeFlag
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "verify [FILE]",
		Short: "Judge a captured raw HTTP request",
		Long: `Judge the signature of a captured delivery as the receiver would have, and say how the
verdict came about. FILE holds the raw HTTP request, header lines and body; without
FILE, or with "-", it is read from standard input.

It judges the signature and where the body ends. What else the receiver would turn
down (another method than POST, a body that is no delivery) is noted, not judged.

The age of the signature is judged by the clock: give --now for an old capture.
The exit code is 1 where the delivery is rejected.`,
		Example: `  up42hooks verify --secret-file secrets.txt request.http
  up42hooks verify --now 2026-09-21T14:13:20Z --json < request.http`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return cli.UsageError(fmt.Errorf("verify takes one FILE, but got %d", len(args)))
			}
			policy, err := verifyPolicy(w, cmd)
			if err != nil {
				return cli.UsageError(err)
			}
			raw, err := readCapture(w, args)
			if err != nil {
				return cli.UsageError(err)
			}
			r, err := capture.Parse(raw)
			if err != nil {
				return cli.UsageError(err)
			}
			return tellJudgement(w, judge(r, policy, now.Or(w.Now())), asJSON)
		},
	}
	config.AddFlags(cmd.Flags(), "secret", "secret-file", "allow-unsigned", "require-digest", "components", "max-age", "max-future")
	cmd.Flags().Var(&now, "now", "time to judge by: Unix seconds or RFC 3339 (default: the clock)")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// verifyPolicy is what the configuration asks. No secret is generated here: it
// could not have signed what was captured.
func verifyPolicy(w cli.Env, cmd *cobra.Command) (signature.Policy, error) {
	c, _, err := config.Load(cmd.Flags(), w.Getenv)
	if err != nil {
		return signature.Policy{}, err
	}
	secrets, err := config.ConfiguredSecrets(c)
	return signature.Policy{
		Secrets: secrets, MaxAge: c.MaxAge, MaxFuture: c.MaxFuture, Components: c.Components,
		RequireDigest: c.RequireDigest, AllowUnsigned: c.AllowUnsigned,
	}, err
}

func readCapture(w cli.Env, args []string) ([]byte, error) {
	in := w.Stdin
	if len(args) == 1 && args[0] != "-" {
		f, err := os.Open(args[0])
		if err != nil {
			return nil, fmt.Errorf("read the request: %w", err)
		}
		defer func() { _ = f.Close() }() // it was only read
		in = f
	} else if f, ok := in.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		w.Say("paste a raw HTTP request and end it with ctrl+d, or leave with ctrl+c")
	}
	raw, err := io.ReadAll(io.LimitReader(in, maxCapture+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read the request: %w", err)
	case len(raw) > maxCapture:
		return nil, fmt.Errorf("the input is larger than %d MiB: that is no delivery", maxCapture>>20)
	}
	return raw, nil
}

// judgement is what is thought of a captured request, and why.
type judgement struct {
	request *capture.Request
	policy  signature.Policy
	now     time.Time
	result  signature.Result
	verdict receiver.Verdict
	reason  receiver.Reason
}

// judge does what receiver.Handler does, as far as the signature goes.
func judge(r *capture.Request, p signature.Policy, now time.Time) judgement {
	j := judgement{request: r, policy: p, now: now, verdict: receiver.Rejected}
	if r.Flaw != "" {
		j.reason = receiver.BodyMalformed
		j.result.Secret = -1
		return j
	}
	var err error
	j.result, err = signature.New(p).Verify(signature.Request{Header: r.Header, Host: r.Host, Body: r.Body, Folded: r.Folded, Repeated: r.Repeated}, now)
	switch {
	case errors.As(err, &j.reason):
	case !j.result.Signed:
		j.verdict = receiver.Unsigned
	case j.result.BodyCovered:
		j.verdict = receiver.Verified
	default:
		j.verdict = receiver.Partial
	}
	return j
}

func tellJudgement(w cli.Env, j judgement, asJSON bool) error {
	var err error
	if asJSON {
		err = cli.PrintJSON(w, j.record())
	} else {
		_, err = io.WriteString(w.Stdout, j.report())
	}
	if err == nil && j.verdict == receiver.Rejected {
		err = cli.Failed("") // the judgement said it
	}
	return err
}

// judgementRecord fixes names and order of what --json prints.
type judgementRecord struct {
	Verdict     receiver.Verdict `json:"verdict"`
	Reason      receiver.Reason  `json:"reason"`
	Secret      *int             `json:"secret"`
	Components  []string         `json:"components"`
	Created     *int64           `json:"created"`
	BodyCovered bool             `json:"bodyCovered"`
}

// record names no secret for what is rejected, as the receiver keeps none.
func (j judgement) record() judgementRecord {
	r := judgementRecord{Verdict: j.verdict, Reason: j.reason, Components: j.result.Components}
	if r.Components == nil {
		r.Components = []string{}
	}
	if j.result.Created != 0 {
		r.Created = &j.result.Created
	}
	if j.verdict != receiver.Rejected {
		r.BodyCovered = j.result.BodyCovered
		if j.result.Secret >= 0 {
			r.Secret = &j.result.Secret
		}
	}
	return r
}
