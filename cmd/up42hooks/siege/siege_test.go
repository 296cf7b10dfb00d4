package siege

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

// TestSiege attacks a receiver in several ways, and prints what a good sender, who sends
// one delivery after the other, notices of each. Next to none may be left without an answer.
// UP42_SIEGE says how long each attack takes. UP42_SIEGE_PROGRAM is another program to
// attack.
func TestSiege(t *testing.T) {
	text := os.Getenv("UP42_SIEGE")
	if text == "" {
		t.Skip("make siege runs it")
	}
	length, err := time.ParseDuration(text)
	require.NoError(t, err)
	if program := os.Getenv("UP42_SIEGE_PROGRAM"); program != "" {
		dir := t.TempDir()
		require.NoError(t, os.Symlink(program, filepath.Join(dir, "up42hooks")))
		t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	}
	fmt.Printf("%-42s %6s %6s %6s %8s %8s %8s %9s\n", "attack", "sent", "503", "lost", "p50", "p99", "max", "memory")
	for _, a := range attacks(t) {
		t.Run(a.name, func(t *testing.T) { besiege(t, a, length) })
	}
}

func besiege(t *testing.T, a attack, length time.Duration) {
	p := clitest.Receive(t, clitest.WithSecret(clitest.Home(t)), nil)
	ctx, stop := context.WithTimeout(t.Context(), length)
	defer stop()
	var attacking sync.WaitGroup
	attacking.Go(func() { a.run(ctx, address(t, p)) })
	s := &sender{}
	for i := 0; ctx.Err() == nil; i++ {
		s.deliver(p.URL, i)
	}
	stop()
	memory := peakMemory(p.Cmd.Process.Pid)
	attacking.Wait()
	slices.Sort(s.took)
	fmt.Printf("%-42s %6d %6d %6d %8s %8s %8s %9s\n", a, len(s.took), s.refused, s.failed, s.percentile(50), s.percentile(99), s.percentile(100), memory)
	assert.LessOrEqual(t, s.failed, 1+len(s.took)/100, "%v", s.last)
	assert.Less(t, s.percentile(99), 5*time.Second)
}

// address returns where a receiver listens.
func address(t *testing.T, p *clitest.Process) string {
	t.Helper()
	u, err := url.Parse(p.URL)
	require.NoError(t, err)
	return u.Host
}

// sender is a well-behaved sender. Each of its deliveries has a connection of its own: it
// is the harder case.
type sender struct {
	took            []time.Duration
	refused, failed int
	last            error // of a failure
}

func (s *sender) deliver(url string, i int) {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 20 * time.Second}
	began := time.Now()
	status, answer, err := clitest.Deliver(client, url, clitest.Secret, clitest.Delivery(fmt.Sprint("good ", i), "order", "PLACED"))
	s.took = append(s.took, time.Since(began))
	switch {
	case err == nil && status == http.StatusServiceUnavailable:
		s.refused++
	case err == nil && status != http.StatusOK:
		err = fmt.Errorf("answered %d: %s", status, answer)
	}
	if err != nil {
		s.failed, s.last = s.failed+1, err
	}
	time.Sleep(5 * time.Millisecond)
}

func (s *sender) percentile(p int) time.Duration {
	return s.took[min(len(s.took)*p/100, len(s.took)-1)].Round(100 * time.Microsecond)
}

var peak = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

// peakMemory returns the most memory that a process has had, "" where nothing tells.
func peakMemory(pid int) string {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	m := peak.FindSubmatch(text)
	if m == nil {
		return ""
	}
	kb, _ := strconv.Atoi(string(m[1]))
	return fmt.Sprintf("%d MB", kb>>10)
}
