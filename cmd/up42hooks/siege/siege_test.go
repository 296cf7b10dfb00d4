package siege

import (
	"context"
	"fmt"
	"net"
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
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/limit"
)

// The siege takes place on one machine, mostly with two processors.
const (
	maxMemory = 200 // MB
	ownFiles  = 40  // beside those of connections
	// The longest that 99 of 100 deliveries may take. They take a tenth of that, unless the
	// machine is busy with other things.
	maxLatency, maxLatencyBehindProxy = 2 * time.Second, 5 * time.Second
)

// TestSiege attacks a receiver in several ways, and prints what a good sender, who sends
// one delivery after the other, notices of each; the answers are what the attackers got a
// second. Without a proxy they have the good sender's address, as behind a proxy that is not
// trusted; that is the harder case. UP42_SIEGE says how long each attack takes.
// UP42_SIEGE_PROGRAM is another program to attack.
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
	fmt.Println("| attack | through | answers | sent | 503 | lost | p50 | p99 | max | memory | files |")
	fmt.Println("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
	t.Run("direct", func(t *testing.T) { besiege(t, length, nil) })
	for _, p := range proxies() {
		t.Run(p.name, func(t *testing.T) { besiege(t, length, &p) })
	}
}

// besiege tries each attack, through a proxy if there is one.
func besiege(t *testing.T, length time.Duration, through *proxy) {
	for _, a := range attacks(t) {
		if through != nil && !a.proxied {
			continue
		}
		t.Run(a.name, func(t *testing.T) {
			s := siege{name: direct, attacker: net.IPv4(127, 0, 0, 1), sender: net.IPv4(127, 0, 0, 1)}
			var args []string
			if through != nil {
				s.name, s.attacker, s.sender = through.name, net.IPv4(127, 0, 0, 2), net.IPv4(127, 0, 0, 3)
				args = believing(t)
			}
			p := clitest.Receive(t, clitest.WithSecret(clitest.Home(t)), nil, args...)
			s.pid, s.address = p.Cmd.Process.Pid, address(t, p)
			if through != nil {
				s.address = through.start(t, s.address)
			}
			s.lay(t, a, length)
		})
	}
}

const direct = "–"

// believing returns the arguments with which the program believes a proxy on this
// machine: older programs have none.
func believing(t *testing.T) []string {
	args := []string{"--trusted-proxy", "127.0.0.1/32"}
	if _, _, code := clitest.Run(t, clitest.Home(t), append([]string{"listen", "--help"}, args...)...); code != 0 {
		return nil
	}
	return args
}

// siege is an attack under way.
type siege struct {
	name             string // of the proxy
	address          string // of the receiver, or of the proxy in front of it
	attacker, sender net.IP
	pid              int // of the receiver
}

// lay attacks for a time, while a good sender delivers, and prints what that notices.
func (s siege) lay(t *testing.T, a attack, length time.Duration) {
	ctx, stop := context.WithTimeout(t.Context(), length)
	defer stop()
	var under sync.WaitGroup
	end, began := startAttack(t, a.name, s.attacker, s.address), time.Now()
	var files int
	under.Go(func() { files = mostFiles(ctx, s.pid) })
	g := &sender{from: s.sender}
	for i := 0; ctx.Err() == nil; i++ {
		g.deliver("http://"+s.address+receiver.DefaultPath, i)
	}
	stop()
	memory := peakMemory(s.pid)
	answers := float64(end()) / time.Since(began).Seconds()
	under.Wait()
	slices.Sort(g.took)
	fmt.Printf("| %s | %s | %.0f/s | %d | %d | %d | %s | %s | %s | %s | %d |\n", a, s.name, answers,
		len(g.took), g.refused, g.failed, g.percentile(50), g.percentile(99), g.percentile(100), memory, files)
	assert.LessOrEqual(t, g.failed, 1, "%v", g.last)
	assert.LessOrEqual(t, g.refused, 1+len(g.took)/50)
	if s.name == direct {
		assert.Less(t, g.percentile(99), maxLatency)
	} else {
		assert.Less(t, g.percentile(99), maxLatencyBehindProxy)
	}
	assert.Less(t, megabytes(memory), maxMemory)
	assert.LessOrEqual(t, files, receiver.DefaultMaxConns+limit.MaxClosing+ownFiles)
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
	from            net.IP
	took            []time.Duration
	refused, failed int
	last            error // of a failure
}

func (s *sender) client() *http.Client {
	return &http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialContext: dialerFrom(s.from).DialContext}, Timeout: 20 * time.Second}
}

func (s *sender) deliver(url string, i int) {
	client := s.client()
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

// megabytes returns what peakMemory has said, as a number.
func megabytes(memory string) (n int) {
	_, _ = fmt.Sscan(memory, &n)
	return n
}

// mostFiles returns the most files and connections that a process has open until ctx
// ends. It is 0 where nothing tells.
func mostFiles(ctx context.Context, pid int) (most int) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		open, _ := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
		most = max(most, len(open))
		select {
		case <-ctx.Done():
			return most
		case <-tick.C:
		}
	}
}
