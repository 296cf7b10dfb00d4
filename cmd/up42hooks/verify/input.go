package verify

import (
	"fmt"
	"io"
	"os"

	"golang.org/x/term"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/receiver/outfile"
)

// maxInput is the largest input that is read, in bytes.
const maxInput = 64 << 20

// readInput reads the request from the file in args, or from standard input.
func readInput(env cli.Env, args []string) ([]byte, error) {
	in, name := env.Stdin, "standard input"
	if len(args) == 1 && args[0] != "-" {
		name = args[0]
		f, err := os.Open(name)
		if err != nil {
			return nil, fmt.Errorf("read the request: %w", outfile.Explain(name, err))
		}
		defer func() { _ = f.Close() }() // it was only read
		in = f
	} else if f, ok := in.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		env.Say("paste a raw HTTP request and end it with %s; ctrl+c cancels", cli.EndOfInput())
	}
	raw, err := io.ReadAll(io.LimitReader(in, maxInput+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read the request: %w", outfile.Explain(name, err))
	case len(raw) > maxInput:
		return nil, fmt.Errorf("the input is larger than %d MiB, so it is not a delivery", maxInput>>20)
	}
	return raw, nil
}
