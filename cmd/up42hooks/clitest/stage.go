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

// Stage is a world of a test's own: a home, an input, a clock.
type Stage struct {
	Home  string
	Env   map[string]string
	Stdin string
	Now   time.Time
	// commands make the commands that it can run.
	commands []func(cli.Env) *cobra.Command
}

func NewStage(t testing.TB, commands ...func(cli.Env) *cobra.Command) *Stage {
	t.Helper()
	home := t.TempDir()
	return &Stage{Home: home, Env: map[string]string{"HOME": home}, Now: time.Unix(1790000000, 0), commands: commands}
}

// Generated is where the stage's generated secret is kept.
func (s *Stage) Generated() string {
	return filepath.Join(s.Home, ".local", "state", "up42hooks", "secret")
}

// Run runs a command and returns its exit code and what it wrote.
func (s *Stage) Run(ctx context.Context, args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	w := cli.Env{
		Stdin: strings.NewReader(s.Stdin), Stdout: &out, Stderr: &errs,
		Getenv: func(name string) string { return s.Env[name] },
		Now:    func() time.Time { return s.Now },
	}
	code = cli.Run(ctx, w, Tree(w, s.commands...), args)
	return code, out.String(), errs.String()
}

// Tree is a root command with some commands.
func Tree(w cli.Env, commands ...func(cli.Env) *cobra.Command) *cobra.Command {
	root := &cobra.Command{Use: "up42hooks"}
	for _, c := range commands {
		root.AddCommand(c(w))
	}
	return root
}
