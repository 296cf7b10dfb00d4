//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

// demoWithin is how soon after its first screen a demo has shown all kinds of deliveries. It takes
// two seconds, more on a busy machine, whose first screen comes late, too.
func demoWithin(firstScreen time.Duration) time.Duration { return 20*time.Second + 20*firstScreen }

// caller is a user who starts a demo: with empty folders, and with settings that
// the demo must not use.
type caller struct {
	home, temporary string
}

func newCaller(t *testing.T) *caller {
	t.Helper()
	return &caller{t.TempDir(), t.TempDir()}
}

func (c *caller) environment() []string {
	return []string{
		"HOME=" + c.home, "TMPDIR=" + c.temporary,
		"XDG_CONFIG_HOME=" + c.in("config"), "XDG_STATE_HOME=" + c.in("state"), "XDG_DATA_HOME=" + c.in("data"), "XDG_CACHE_HOME=" + c.in("cache"),
		"UP42_STORE=" + c.in("events.db"), "UP42_LISTEN=nowhere", "UP42_API_URL=https://up42.invalid", "UP42_TOKEN=mine",
	}
}

func (c *caller) in(name string) string { return filepath.Join(c.home, name) }

// demos are the folders of running demos.
func (c *caller) demos(t *testing.T) []string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(c.temporary, "up42hooks-demo-*"))
	require.NoError(t, err)
	return all
}

// untouched checks that the folders are still empty.
func (c *caller) untouched(t *testing.T) {
	t.Helper()
	for _, folder := range []string{c.home, c.temporary} {
		left, err := os.ReadDir(folder)
		require.NoError(t, err)
		assert.Empty(t, left)
	}
}

// No other test runs beside it: the demo must be in time. It begins on a small terminal,
// has a larger one for some pages, and ends on the small one.
func TestJourneyOfTheDemo(t *testing.T) {
	const cols, rows = 80, 24
	program, err := exec.LookPath("up42hooks")
	require.NoError(t, err)
	c := newCaller(t)
	term := newTerminal(t, cols, rows, c.environment()...)
	started := time.Now()
	term.runs(program + " demo")
	term.receives()
	shown := time.Now()

	term.press("1")
	moving := deliveredJobs(term.until("shows a job of which a delivery came", func(screen string) bool {
		return deliveredJobs(screen) != ""
	}))
	term.press("2")
	term.sees(`(?m)^.{2}[◐●] (BEING_PLACED|PLACED|BEING_FULFILLED|FULFILLED) .*●─[◐●]`)
	term.press("3")
	term.sees("✓ verified")
	term.press("/") // on a slow machine they are below the screen already
	term.types("verdict:rejected")
	term.press("Enter")
	term.until("shows what was rejected", func(screen string) bool {
		return strings.Contains(screen, "stale") && strings.Contains(screen, "signature-mismatch")
	})
	term.press("Escape")
	term.sees("✓ verified")
	// At 80 columns there is no room for this count.
	term.tmux("resize-window", "-x", "120", "-y", "36")
	term.sees(`[1-9]\d* duplicate`)
	term.press("2")
	term.sees(`(?m)^.{2}[◐●] (BEING_PLACED|PLACED|BEING_FULFILLED|FULFILLED) .*●─[◐●]`)
	term.tmux("resize-window", "-x", fmt.Sprint(cols), "-y", fmt.Sprint(rows))
	term.press("4")
	assert.Regexp(t, `up42hooks d\S* .*● on +✓ yes`, term.sees(`LAST TEST`), "its own webhook points here")
	took := time.Since(shown)
	t.Logf("first screen after %v, all of it %v later", shown.Sub(started), took)
	assert.Less(t, took, demoWithin(shown.Sub(started)))

	term.press("1")
	term.until("shows that jobs move", func(screen string) bool {
		now := deliveredJobs(screen)
		return now != "" && now != moving
	})
	assert.Len(t, c.demos(t), 1)
	term.quits()
	c.untouched(t)
}

// deliveredJob is a row of a job that has a journey. A job that only the API has
// told about has none.
var deliveredJob = regexp.MustCompile(`(?m)^.{2}([◐●○✕] \S+) +([0-9a-f]{8})[-0-9a-f]*….* ([◐●○✕](?:──[◐●○✕])*) *$`)

// deliveredJobs returns the statuses and journeys of such rows.
func deliveredJobs(screen string) string {
	var out []string
	for _, m := range deliveredJob.FindAllStringSubmatch(screen, -1) {
		out = append(out, strings.Join(m[1:], " "))
	}
	return strings.Join(out, "\n")
}

// Without a terminal a demo prints events until a signal ends it.
func TestDemoWithoutATerminal(t *testing.T) {
	t.Parallel()
	c := newCaller(t)
	p, err := clitest.Start(append(c.environment(), "PATH="+os.Getenv("PATH"), clitest.QuickEnd), nil, "demo")
	require.NoError(t, err)
	t.Cleanup(func() {
		p.Signal(syscall.SIGKILL)
		<-p.Done
	})
	_, ok := p.Stdout.Await(`"liveMode":true,"kind":"job"`)
	require.True(t, ok, "it said: %s", p.Stderr)
	for _, reason := range []string{"signature-mismatch", "stale"} {
		_, ok := p.Stderr.Await(`rejected a delivery" reason=` + reason)
		assert.True(t, ok, "it said: %s", p.Stderr)
	}
	assert.Len(t, c.demos(t), 1)
	p.Signal(syscall.SIGTERM)
	p.Finish(t)

	out := p.Stdout.String()
	require.True(t, strings.HasSuffix(out, "\n"), "%q", out)
	seen := map[string]bool{}
	for line := range strings.Lines(out) {
		var e struct{ Verdict, Webhook, Kind, MessageID string }
		require.NoError(t, json.Unmarshal([]byte(line), &e), line)
		assert.Equal(t, "verified", e.Verdict)
		assert.NotEmpty(t, e.Webhook)
		assert.False(t, seen[e.MessageID], "a repeated delivery is not a new event")
		seen[e.MessageID] = true
	}
	c.untouched(t)
}
