package main

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
)

// stage is a world of a test's own: a home, an input, a clock.
type stage struct {
	home  string
	env   map[string]string
	stdin string
	now   time.Time
	// commands make the commands that it can run.
	commands []func(world) *cobra.Command
}

func newStage(t testing.TB, commands ...func(world) *cobra.Command) *stage {
	t.Helper()
	home := t.TempDir()
	return &stage{home: home, env: map[string]string{"HOME": home}, now: time.Unix(1790000000, 0), commands: commands}
}

// generated is where the stage's generated secret is kept.
func (s *stage) generated() string {
	return filepath.Join(s.home, ".local", "state", "up42hooks", "secret")
}

// run runs a command and returns its exit code and what it wrote.
func (s *stage) run(ctx context.Context, args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	w := world{
		stdin: strings.NewReader(s.stdin), stdout: &out, stderr: &errs,
		getenv: func(name string) string { return s.env[name] },
		now:    func() time.Time { return s.now },
	}
	code = run(ctx, w, treeOf(w, s.commands...), args)
	return code, out.String(), errs.String()
}

// treeOf is a root command with some commands.
func treeOf(w world, commands ...func(world) *cobra.Command) *cobra.Command {
	root := &cobra.Command{Use: "up42hooks"}
	for _, c := range commands {
		root.AddCommand(c(w))
	}
	return root
}
