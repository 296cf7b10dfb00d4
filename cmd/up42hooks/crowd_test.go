package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
	"golang.org/x/time/rate"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

// The crowd: sessions of this size look while so many events come in a second.
const (
	crowd                    = 100
	crowdColumns, crowdLines = 120, 36
	stormRate                = 1000
	stormSenders             = 16
)

// TestTheCrowd measures a receiver with and without 100 sessions. UP42_CROWD is how long each storm
// takes; without it the test is skipped, as it needs a machine that does nothing else.
func TestTheCrowd(t *testing.T) {
	length := clitest.Length(t, "UP42_CROWD", 0)
	if length == 0 {
		t.Skip("UP42_CROWD says how long the storm takes, such as 10s")
	}
	folder, env := t.TempDir(), clitest.WithSecret(clitest.Home(t))
	keys, signers := crowdKeys(t, folder)
	p := clitest.Receive(t, env, io.Discard, "--ssh", "127.0.0.1:0", "--ssh-keys", keys)
	address := "127.0.0.1:" + sshPort(t, p)
	stormOf(t, p.URL, time.Second) // something to show

	first := make([]time.Duration, 20)
	for i := range first {
		began := time.Now()
		l := joinCrowd(t, address, signers[0])
		<-l.drawn
		first[i] = time.Since(began)
		l.leave()
	}
	used := spentBy(t, p.Cmd.Process.Pid)
	alone := stormOf(t, p.URL, length)
	usedAlone := spentBy(t, p.Cmd.Process.Pid) - used
	before := memoryOf(t, p.Cmd.Process.Pid)
	lookers := make([]*looker, crowd)
	for i := range lookers {
		lookers[i] = joinCrowd(t, address, signers[i%len(signers)])
		<-lookers[i].drawn
	}
	used = spentBy(t, p.Cmd.Process.Pid)
	together := stormOf(t, p.URL, length)
	usedTogether := spentBy(t, p.Cmd.Process.Pid) - used
	after := memoryOf(t, p.Cmd.Process.Pid)
	bytes := int64(0)
	for _, l := range lookers {
		bytes += l.bytes.Load()
		l.leave()
	}
	slices.Sort(first)
	t.Logf("first frame, from the connection on: median %v, slowest of %d %v", first[len(first)/2], len(first), first[len(first)-1])
	t.Logf("answers to %d deliveries/s: p99 alone %v, with %d sessions %v (median %v, %v)", stormRate, p99(alone), crowd, p99(together), alone[len(alone)/2], together[len(together)/2])
	t.Logf("processor time for %d and %d deliveries: %v alone, %v with the sessions", len(alone), len(together), usedAlone, usedTogether)
	t.Logf("memory: %d KiB before, %d KiB with the sessions: %d KiB a session", before, after, (after-before)/crowd)
	t.Logf("sent: %d KiB a session", bytes/crowd/1024)
}

// crowdKeys makes as many keys as 100 sessions need.
func crowdKeys(t *testing.T, folder string) (file string, signers []ssh.Signer) {
	t.Helper()
	u := &sshUsers{folder: folder}
	var lines []string
	for i := range 10 {
		name := fmt.Sprint("key", i)
		lines = append(lines, u.newKey(t, name))
		text, err := os.ReadFile(filepath.Join(folder, name))
		require.NoError(t, err)
		signer, err := ssh.ParsePrivateKey(text)
		require.NoError(t, err)
		signers = append(signers, signer)
	}
	file = filepath.Join(folder, "keys")
	require.NoError(t, os.WriteFile(file, []byte(strings.Join(lines, "\n")), 0o600))
	return file, signers
}

// looker is a session of the crowd, which reads all that comes.
type looker struct {
	client *ssh.Client
	drawn  chan struct{} // closed when the counts of the store are shown
	once   sync.Once
	bytes  atomic.Int64
}

func (l *looker) Write(b []byte) (int, error) {
	l.bytes.Add(int64(len(b)))
	if strings.Contains(string(b), " verified") {
		l.once.Do(func() { close(l.drawn) })
	}
	return len(b), nil
}

func (l *looker) leave() { _ = l.client.Close() }

func joinCrowd(t *testing.T, address string, key ssh.Signer) *looker {
	t.Helper()
	l := &looker{drawn: make(chan struct{})}
	var err error
	l.client, err = ssh.Dial("tcp", address, &ssh.ClientConfig{
		User: "x", Auth: []ssh.AuthMethod{ssh.PublicKeys(key)}, HostKeyCallback: ssh.InsecureIgnoreHostKey(),
	})
	require.NoError(t, err)
	t.Cleanup(l.leave)
	s, err := l.client.NewSession()
	require.NoError(t, err)
	require.NoError(t, s.RequestPty("xterm-256color", crowdLines, crowdColumns, nil))
	s.Stdout = l
	require.NoError(t, s.Shell())
	return l
}

// stormOf sends events at an even rate, and returns how long each answer took, sorted.
func stormOf(t *testing.T, url string, length time.Duration) (took []time.Duration) {
	t.Helper()
	pace := rate.NewLimiter(stormRate, 1)
	end := time.Now().Add(length)
	var mu sync.Mutex
	var senders sync.WaitGroup
	for sender := range stormSenders {
		senders.Go(func() {
			client := clitest.HTTPClient(t)
			for n := 0; time.Now().Before(end) && pace.Wait(t.Context()) == nil; n++ {
				id := fmt.Sprintf("%d-%d-%d", sender, n, end.UnixNano())
				body := clitest.Delivery(id, "order-"+id, "PLACED")
				began := time.Now()
				status, _, err := clitest.Deliver(client, url, clitest.Secret, body)
				if err != nil || status != http.StatusOK {
					t.Errorf("answered with %d, %v", status, err)
					return
				}
				mu.Lock()
				took = append(took, time.Since(began))
				mu.Unlock()
			}
		})
	}
	senders.Wait()
	slices.Sort(took)
	return took
}

func p99(sorted []time.Duration) time.Duration { return sorted[len(sorted)*99/100] }

// spentBy is how much processor time a process has used.
func spentBy(t *testing.T, pid int) time.Duration {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Skip("this system does not tell how much processor time a process has used")
	}
	_, after, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(after)
	const user, system, tick = 11, 12, 10 * time.Millisecond
	var sum int64
	for _, i := range []int{user, system} {
		n, err := strconv.ParseInt(fields[i], 10, 64)
		require.NoError(t, err)
		sum += n
	}
	return time.Duration(sum) * tick
}

// memoryOf is how much memory a process has, in KiB.
func memoryOf(t *testing.T, pid int) int64 {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Skip("this system does not tell how much memory a process has")
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			n, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			require.NoError(t, err)
			return n
		}
	}
	t.Fatal("no VmRSS")
	return 0
}
