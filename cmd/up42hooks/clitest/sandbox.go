package clitest

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
)

// Sandbox runs commands inside the test: with a home, an input and a clock of its
// own.
type Sandbox struct {
	Home     string
	Env      map[string]string
	Stdin    string
	Now      time.Time
	commands []func(cli.Env) *cobra.Command
}

// NewSandbox makes a sandbox that can run these commands.
func NewSandbox(t testing.TB, commands ...func(cli.Env) *cobra.Command) *Sandbox {
	t.Helper()
	home := t.TempDir()
	return &Sandbox{Home: home, Env: map[string]string{"HOME": home}, Now: time.Unix(1790000000, 0), commands: commands}
}

// Generated is the file of the generated secret.
func (s *Sandbox) Generated() string {
	return filepath.Join(s.Home, ".local", "state", "up42hooks", "secret")
}

// Run runs a command and returns its exit code and what it wrote.
func (s *Sandbox) Run(ctx context.Context, args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	env := cli.Env{
		Stdin: strings.NewReader(s.Stdin), Stdout: &out, Stderr: &errs,
		Getenv: func(name string) string { return s.Env[name] },
		Now:    func() time.Time { return s.Now },
	}
	code = cli.Run(ctx, env, Tree(env, s.commands...), args)
	return code, out.String(), errs.String()
}

// Tree is a root command with these commands.
func Tree(env cli.Env, commands ...func(cli.Env) *cobra.Command) *cobra.Command {
	root := &cobra.Command{Use: "up42hooks"}
	for _, c := range commands {
		root.AddCommand(c(env))
	}
	return root
}
