package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// world is what a command may touch of the machine, so that tests can bring
// their own.
type world struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	getenv         func(string) string
	now            func() time.Time
}

func system() world {
	return world{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv, now: time.Now}
}

// failure ends a command with exit code 1 and nothing more to say than its
// message; an empty one was said already.
type failure struct{ msg string }

func (f failure) Error() string { return f.msg }

// misuse ends a command with exit code 2.
type misuse struct{ error }

// run runs one command and returns its exit code: 0 done, 1 it failed, 2 wrong
// usage.
func run(ctx context.Context, w world, args []string) int {
	root := newRoot(w)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	if msg := err.Error(); msg != "" {
		fmt.Fprintf(w.stderr, "up42hooks: %s\n", strings.ReplaceAll(msg, "\n", " "))
	}
	if errors.As(err, new(misuse)) {
		return 2
	}
	return 1
}

func newRoot(w world) *cobra.Command {
	root := &cobra.Command{
		Use:           "up42hooks",
		Short:         "Watch, verify and store UP42 webhooks",
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetIn(w.stdin)
	root.SetOut(w.stdout)
	root.SetErr(w.stderr)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return misuse{err} })
	return root
}
