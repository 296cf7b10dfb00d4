package mcp

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/verify"
)

// verifyArgs are the arguments of verify_request.
type verifyArgs struct {
	Request string `json:"request,omitempty" jsonschema:"the raw HTTP request: request line, header lines, an empty line, the body byte for byte"`
	Base64  string `json:"requestBase64,omitempty" jsonschema:"the same in base64, for a request whose bytes do not survive in a JSON text"`
	Now     string `json:"now,omitempty" jsonschema:"time to judge by, for an old request: Unix seconds or RFC 3339. Without it: now"`
}

// verified is its result.
type verified struct {
	Judgement printed[verify.Record] `json:"judgement"`
	Report    []string               `json:"report" jsonschema:"the same in words, with the steps and what to do"`
	Notes     []string               `json:"notes,omitempty"`
}

func (c *commands) verifyTool() tool {
	return newTool("verify_request", reads, "Judge a captured HTTP request as the receiver does, with its secrets and settings, and explain the verdict. Nothing is sent and nothing is stored.", c.verify)
}

func (c *commands) verify(ctx context.Context, a verifyArgs) (out verified, err error) {
	request := a.Request
	switch {
	case (a.Request == "") == (a.Base64 == ""):
		return out, errors.New("give either request or requestBase64")
	case a.Base64 != "":
		raw, err := base64.StdEncoding.DecodeString(a.Base64)
		if err != nil {
			return out, fmt.Errorf("requestBase64: %w", err)
		}
		request = string(raw)
	}
	if a.Now != "" {
		var now cli.TimeFlag
		if err := now.Set(a.Now); err != nil {
			return out, fmt.Errorf("now: %w", err)
		}
	}
	args := []string{"verify"}
	if a.Now != "" {
		args = append(args, "--now="+a.Now)
	}
	if out.Judgement, out.Notes, err = onePrinted[verify.Record](ctx, c, request, verify.NewCommand, args...); err != nil {
		return out, err
	}
	out.Report = c.run(ctx, request, verify.NewCommand, args...).stdout
	for _, lines := range [][]string{out.Report, out.Notes} {
		for i := range lines {
			lines[i] = strings.ReplaceAll(lines[i], "--now", "now") // as the tool calls it
		}
	}
	return out, nil
}
