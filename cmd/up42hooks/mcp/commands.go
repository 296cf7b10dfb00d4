package mcp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
)

// commands runs other commands of up42hooks for tools, in this process: they check, do and say
// what they do for a user of the command line.
type commands struct {
	env cli.Env
	// flags are those of this command. The settings among them count for the others, too.
	flags *pflag.FlagSet
	// changing has an element while a tool changes the store without a receiver.
	changing chan struct{}
}

// change waits until no other tool changes the store, whose lock this process may hold once. The caller
// calls done.
func (c *commands) change(ctx context.Context) (done func(), err error) {
	select {
	case c.changing <- struct{}{}:
		return sync.OnceFunc(func() { <-c.changing }), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// command makes a command.
type command func(cli.Env) *cobra.Command

// outcome is what a command has printed.
type outcome struct {
	// stdout are the lines of its result, notes what it has said besides.
	stdout, notes []string
	code          int
}

// run runs a command. The input is its standard input.
func (c *commands) run(ctx context.Context, input string, make command, args ...string) outcome {
	var stdout, stderr lockedBuffer
	env := c.env
	env.Stdin, env.Stdout, env.Stderr = strings.NewReader(input), &stdout, &stderr
	env.ErrorLog, env.Quiet = nil, nil
	root := &cobra.Command{Use: "up42hooks"}
	root.AddCommand(make(env))
	if target, rest, err := root.Find(args); err == nil {
		words := args[:len(args)-len(rest)]
		args = append(append(words[:len(words):len(words)], config.PassOn(c.flags, target.Flags())...), rest...)
	}
	o := outcome{code: cli.Run(ctx, env, root, args), stdout: stdout.lines()}
	for _, line := range stderr.lines() {
		o.notes = append(o.notes, strings.TrimPrefix(line, "up42hooks: "))
	}
	return o
}

// failure is the error of a command that has printed no result.
func (o outcome) failure() error {
	if o.code == 0 || len(o.stdout) > 0 {
		return nil
	}
	return errors.New(strings.Join(o.notes, "; "))
}

// printed is what a command prints as JSON, of the type T.
type printed[T any] struct{ json.RawMessage }

// JSONShape implements receiver.Shaped.
func (printed[T]) JSONShape() any {
	var record T
	return record
}

// printedBy runs a command with --json and returns what it has printed.
func printedBy[T any](ctx context.Context, c *commands, input string, make command, args ...string) (records []printed[T], notes []string, err error) {
	words := len(args)
	for i, arg := range args {
		if strings.HasPrefix(arg, "-") {
			words = i
			break
		}
	}
	args = append(append(append([]string{}, args[:words]...), "--json"), args[words:]...)
	o := c.run(ctx, input, make, args...)
	records = []printed[T]{}
	for _, line := range o.stdout {
		if !json.Valid([]byte(line)) {
			return nil, nil, fmt.Errorf("%s has printed something that is not JSON", args[0])
		}
		records = append(records, printed[T]{json.RawMessage(line)})
	}
	return records, o.notes, o.failure()
}

// onePrinted is printedBy for a command that prints one record.
func onePrinted[T any](ctx context.Context, c *commands, input string, make command, args ...string) (record printed[T], notes []string, err error) {
	records, notes, err := printedBy[T](ctx, c, input, make, args...)
	if err == nil && len(records) != 1 {
		err = fmt.Errorf("%s has printed no result: %s", args[0], strings.Join(notes, "; "))
	}
	if err != nil {
		return printed[T]{}, nil, err
	}
	return records[0], notes, nil
}

// lockedBuffer is an output in memory. Commands write to it from several goroutines.
type lockedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

// lines returns the lines that are not empty.
func (b *lockedBuffer) lines() (lines []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for line := range strings.Lines(b.text.String()) {
		if line = strings.TrimRight(line, "\r\n"); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}
