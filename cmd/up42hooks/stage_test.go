package main

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// stage is a world of a test's own: a home, an input, a clock.
type stage struct {
	home  string
	env   map[string]string
	stdin string
	now   time.Time
}

func newStage(t testing.TB) *stage {
	t.Helper()
	home := t.TempDir()
	return &stage{home: home, env: map[string]string{"HOME": home}, now: time.Unix(1790000000, 0)}
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
	code = run(ctx, w, args)
	return code, out.String(), errs.String()
}
