package siege

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
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
	// maxLatency is the longest that 99 of 100 deliveries may take, on a machine that does
	// nothing else. See machine.limit.
	maxLatency = 250 * time.Millisecond
	// tries is how often an attack is tried in which they take longer: a machine may stand
	// still for a moment for reasons that nothing measures.
	tries = 3
)

// TestSiege attacks a receiver in several ways, and prints what a good sender, who sends
// one delivery after the other, notices of each; the answers are what the attackers got a
// second. Without a proxy they have the good sender's address, as behind a proxy that is not
// trusted; that is the harder case. UP42_SIEGE says how long each attack takes.
// UP42_SIEGE_PROGRAM is another program to attack.
//
// A good sender may wait for a time that depends on what else the machine does. So the
// table says what share of the processors other programs left for the siege, how long a
// write to the disk took by somebody who waits for nothing else, and what limit follows.
// Behind a proxy p50 and p99 are those of the time after all attackers have connected once:
// to open thousands of connections is work of the proxy, whatever is behind it.
func TestSiege(t *testing.T) {
	length := clitest.Length(t, "UP42_SIEGE", 0)
	if length == 0 {
		t.Skip("make siege runs it")
	}
	if program := os.Getenv("UP42_SIEGE_PROGRAM"); program != "" {
		dir := t.TempDir()
		require.NoError(t, os.Symlink(program, filepath.Join(dir, "up42hooks")))
		t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	}
	fmt.Println("| attack | through | answers | sent | 503 | lost | p50 | p99 | max | memory | files | machine | limit |")
	fmt.Println("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
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
			ok := false
			for try := 1; try <= tries && !ok && !t.Failed(); try++ {
				s, length := begin(t, through, a.account), length/time.Duration(max(1, a.part))
				n := s.lay(t, a, length)
				n.check(t)
				limit := n.limit
				if n.p99 >= limit && through != nil {
					limit += s.before(t, through, bareProgram(t)).lay(t, a, length).p99
				}
				ok = n.p99 < limit
			}
			assert.True(t, ok, "99 of 100 deliveries take longer than the limit in each of %d tries", tries)
		})
	}
}

// begin starts what is attacked, with an account at UP42 or without.
func begin(t *testing.T, through *proxy, account bool) siege {
	env := clitest.Home(t)
	if account {
		env = clitest.WithUP42(t, slowUP42())
	}
	s := siege{name: direct, attacker: net.IPv4(127, 0, 0, 1), sender: net.IPv4(127, 0, 0, 1)}
	if through == nil {
		p := clitest.Receive(t, clitest.WithSecret(env), nil)
		s.pid, s.address = p.Cmd.Process.Pid, address(t, p)
		return s
	}
	s.attacker, s.sender = net.IPv4(127, 0, 0, 2), net.IPv4(127, 0, 0, 3)
	p := clitest.Receive(t, clitest.WithSecret(env), nil, believing(t)...)
	s.pid = p.Cmd.Process.Pid
	return s.before(t, through, address(t, p))
}

// before starts a proxy in front of an address, and returns the siege of that.
func (s siege) before(t *testing.T, through *proxy, behind string) siege {
	s.name, s.address = through.name, through.start(t, behind)
	return s
}

// bareProgram starts a server that answers at once and does nothing else. What a sender
// notices with that one behind a proxy, is the proxy's.
func bareProgram(t *testing.T) (address string) {
	fmt.Println("| the next line: with a program that does nothing behind the proxy |||||||||||||")
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Connection", "close") }))
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	return s.Listener.Addr().String()
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

// noticed is what was noticed of an attack.
type noticed struct {
	sender     *sender
	p99, limit time.Duration
	memory     string // see peakMemory
	files      int
}

// lay attacks for a time, while a good sender delivers, and prints what was noticed.
func (s siege) lay(t *testing.T, a attack, length time.Duration) (n noticed) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var watching sync.WaitGroup
	watching.Go(func() { n.files = mostFiles(ctx, s.pid) })
	watched := watchMachine(t)
	began := time.Now()
	open, end := startAttack(t, a.name, s.attacker, s.address)
	g, opening, over := &sender{from: s.sender}, 0, time.After(length)
	g.deliverUntil(s.address, open, time.After(3*length)) // attackers may get no processor at all
	if s.name != direct {
		opening, over = len(g.took), time.After(length)
	}
	g.deliverUntil(s.address, nil, over)
	stop()
	machine := watched()
	n.sender, n.memory, n.limit = g, peakMemory(s.pid), machine.limit(cmp.Or(a.patience, maxLatency))
	answers := float64(end()) / time.Since(began).Seconds()
	watching.Wait()
	longest, took := slices.Max(g.took), g.took[opening:]
	slices.Sort(took)
	n.p99 = percentile(took, 99)
	fmt.Printf("| %s | %s | %.0f/s | %d | %d | %d | %s | %s | %s | %s | %d | %s | %s |\n", a, s.name, answers, len(g.took), g.refused, g.failed,
		short(percentile(took, 50)), short(n.p99), short(longest), n.memory, n.files, machine, short(n.limit))
	return n
}

func short(d time.Duration) time.Duration { return d.Round(100 * time.Microsecond) }

// check checks everything but how long deliveries took.
func (n *noticed) check(t *testing.T) {
	assert.LessOrEqual(t, n.sender.failed, 1, "%v", n.sender.last)
	assert.LessOrEqual(t, n.sender.refused, 1+len(n.sender.took)/50)
	assert.Less(t, megabytes(n.memory), maxMemory)
	assert.LessOrEqual(t, n.files, receiver.DefaultMaxConns+limit.MaxClosing+ownFiles)
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

// deliverUntil delivers until done is closed or the time is over, and at least once.
func (s *sender) deliverUntil(address string, done <-chan struct{}, over <-chan time.Time) {
	for {
		s.deliver("http://"+address+receiver.DefaultPath, len(s.took))
		select {
		case <-done:
			return
		case <-over:
			return
		default:
		}
	}
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
