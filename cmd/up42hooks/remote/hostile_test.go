package remote_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"

	"github.com/up42/up42-webhooks/cmd/up42hooks/remote"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
)

func TestOnlySessionsAreServed(t *testing.T) {
	o, _, operator := keysFor(t)
	s := serve(t, o, nil)
	c := s.dial(t, operator)
	_, err := c.Dial("tcp", s.Address())
	assert.ErrorContains(t, err, "unsupported channel type")
	_, err = c.Listen("tcp", "127.0.0.1:0")
	assert.Error(t, err)
	for _, kind := range []string{"x11", "auth-agent@openssh.com", "direct-streamlocal@openssh.com", "tun@openssh.com"} {
		_, _, err := c.OpenChannel(kind, nil)
		assert.Error(t, err, kind)
	}
	session, err := c.NewSession()
	require.NoError(t, err)
	for _, kind := range []string{"auth-agent-req@openssh.com", "x11-req", "subsystem", "break", "eow@openssh.com"} {
		ok, err := session.SendRequest(kind, true, ssh.Marshal(struct{ Name string }{"sftp"}))
		require.NoError(t, err)
		assert.False(t, ok, kind)
	}
	assert.Error(t, session.Setenv("PATH", "/evil"))
	assert.Error(t, session.Setenv("LD_PRELOAD", "/evil"))
	assert.Error(t, session.Setenv("LANG", strings.Repeat("x", 1000)))
	assert.NoError(t, session.Setenv("LC_ALL", "C.UTF-8"))
	ok, err := session.SendRequest("pty-req", true, []byte{0, 0, 0, 200, 1})
	require.NoError(t, err)
	assert.False(t, ok, "a request that is cut")
	for range 100 {
		_ = session.Setenv("LC_"+strings.Repeat("X", 100), "C")
	}
	second, err := c.NewSession()
	assert.ErrorContains(t, err, "one session at a time")
	assert.Nil(t, second)
	require.NoError(t, session.Close())
}

// A client that reads nothing slows no other one, and is hung up on.
func TestAClientThatNeverReads(t *testing.T) {
	s := serve(t, remote.Options{Waits: remote.Waits{Stall: 5 * time.Second}}, nil)
	events := make([]*receiver.Event, 0, 4000)
	for i := range cap(events) {
		events = append(events, receivertest.Order(fmt.Sprintf("order-%d-%s", i, strings.Repeat("x", 300)), "PLACED", receivertest.At(time.Now())))
	}
	s.log.Add(events...)
	session, err := s.dial(t, nil).NewSession()
	require.NoError(t, err)
	out, err := session.StdoutPipe() // nobody reads it: the window of the channel gets full
	require.NoError(t, err)
	require.NotNil(t, out)
	require.NoError(t, session.Start("events --limit 0 --json"))

	l := look(t, s.dial(t, nil), 100, 30)
	l.press(t, "2")
	l.sees(t, "order-39")
	s.lines.await(t, "hung up on a client that does not read")
	s.log.Add(receivertest.Order("order-two", "PLACED", receivertest.At(time.Now())))
	l.sees(t, "order-two")
	l.sees(t, "ssh: 1 looking")
}

// A client that stops in the middle of the handshake is hung up on.
func TestAHandshakeThatStops(t *testing.T) {
	s := serve(t, remote.Options{Waits: remote.Waits{New: 300 * time.Millisecond}}, nil)
	for _, begin := range []string{"", "SSH-2.0-", "SSH-2.0-OpenSSH_9.9\r\n", "SSH-2.0-OpenSSH_9.9\r\n\x00\x00\x05\x00"} {
		conn, err := net.Dial("tcp", s.Address())
		require.NoError(t, err)
		_, err = io.WriteString(conn, begin)
		require.NoError(t, err)
		require.NoError(t, conn.SetReadDeadline(time.Now().Add(patience)))
		_, err = io.Copy(io.Discard, conn)
		assert.NoError(t, err, "the server closes it: %q", begin)
		require.NoError(t, conn.Close())
	}
	if c, err := s.tryDial(nil); err == nil { // it begins no session
		require.Error(t, c.Wait())
	}
	s.lines.await(t, "the handshake did not end")
}

// Other protocols, and noise.
func TestWhatIsNoSSH(t *testing.T) {
	s := serve(t, remote.Options{}, nil)
	for _, noise := range []string{"GET / HTTP/1.1\r\n\r\n", strings.Repeat("\x00", 1<<16), strings.Repeat("A", 1<<16)} {
		conn, err := net.Dial("tcp", s.Address())
		require.NoError(t, err)
		_, _ = io.WriteString(conn, noise) // it may be closed before all is written
		require.NoError(t, conn.Close())
	}
	_, _, code := run(t, s.dial(t, nil), "", "orders")
	assert.Zero(t, code)
}

// A client that offers many keys is sent away, and makes few lines of the log.
func TestAFloodOfKeys(t *testing.T) {
	o, viewer, _ := keysFor(t)
	s := serve(t, o, nil)
	var keys []ssh.Signer
	for range 12 {
		k, _ := newKey(t)
		keys = append(keys, k)
	}
	for range 30 {
		_, err := s.tryDial(append(keys, viewer)...)
		require.Error(t, err, "the right key comes too late")
	}
	text := s.lines.await(t, "somebody was not let in")
	assert.LessOrEqual(t, strings.Count(text, "\n"), 25)
	_, _, code := run(t, s.dial(t, viewer), "", "orders")
	assert.Zero(t, code)
}

// Many connections: those beyond the limit are closed at once, and who looks goes on.
func TestAFloodOfConnections(t *testing.T) {
	s := serve(t, remote.Options{}, nil)
	l := look(t, s.dial(t, nil), 100, 30)
	l.press(t, "2")
	l.sees(t, "order-one")
	var open sync.WaitGroup
	var mu sync.Mutex
	greeted, flood := 0, make(chan struct{})
	tried := make(chan struct{}, 200)
	for range cap(tried) {
		open.Go(func() {
			conn, err := net.Dial("tcp", s.Address())
			if err != nil {
				tried <- struct{}{}
				return
			}
			defer conn.Close()
			_ = conn.SetReadDeadline(time.Now().Add(patience))
			line, _ := bufio.NewReader(conn).ReadString('\n')
			if strings.HasPrefix(line, "SSH-2.0-") {
				mu.Lock()
				greeted++
				mu.Unlock()
			}
			tried <- struct{}{}
			<-flood
		})
	}
	s.lines.await(t, "too many connections without a session")
	s.log.Add(receivertest.Order("order-two", "PLACED", receivertest.At(time.Now())))
	l.sees(t, "order-two")
	for range cap(tried) {
		<-tried
	}
	close(flood)
	open.Wait()
	assert.LessOrEqual(t, greeted, 16, "of one address")
	_ = s.dialAgain(t).Close()
}

// Each key has a limit of sessions, so that others find room.
func TestAKeyThatOpensTooManySessions(t *testing.T) {
	o, viewer, operator := keysFor(t)
	s := serve(t, o, nil)
	for range 16 {
		session, err := s.dial(t, viewer).NewSession()
		require.NoError(t, err)
		t.Cleanup(func() { _ = session.Close() })
	}
	_, err := s.dial(t, viewer).NewSession()
	assert.ErrorContains(t, err, "16 sessions are open with this key, which is the limit: close one")
	_, _, code := run(t, s.dial(t, operator), "", "orders")
	assert.Zero(t, code)
}

func TestAnIdleScreenEnds(t *testing.T) {
	s := serve(t, remote.Options{Waits: remote.Waits{Idle: 500 * time.Millisecond}}, nil)
	l := look(t, s.dial(t, nil), 100, 30)
	<-l.ended
	s.lines.await(t, "ended an idle session")
}

// A client that does not answer is not there.
func TestAClientThatIsNotThere(t *testing.T) {
	s := serve(t, remote.Options{Waits: remote.Waits{Alive: 200 * time.Millisecond}}, nil)
	conn, err := net.Dial("tcp", s.Address())
	require.NoError(t, err)
	cc, chans, requests, err := ssh.NewClientConn(conn, s.Address(), &ssh.ClientConfig{User: "x", HostKeyCallback: ssh.InsecureIgnoreHostKey()})
	require.NoError(t, err)
	go func() {
		for range requests { // nobody answers them
		}
	}()
	none := make(chan *ssh.Request)
	defer close(none)
	c := ssh.NewClient(cc, chans, none)
	defer c.Close()
	session, err := c.NewSession()
	require.NoError(t, err)
	if session.Start("events --follow") == nil { // else it was hung up on before
		assert.Error(t, session.Wait())
	}
	s.lines.await(t, "session ends")
}

// A session that has ended is not ended once more as an idle one.
func TestASessionThatHasEndedIsNotIdle(t *testing.T) {
	o, viewer, operator := keysFor(t)
	o.Waits.Idle = 500 * time.Millisecond
	s := serve(t, o, nil)
	l := look(t, s.dial(t, viewer), 80, 24)
	l.raw.await(t, "Overview")
	_, _ = io.WriteString(l.in, "q") // a slow machine may have ended it as an idle one before
	<-l.ended
	look(t, s.dial(t, operator), 80, 24)
	said := s.lines.await(t, `ended an idle session" address=127.0.0.1 role=operator`)
	_, after, ok := strings.Cut(said, `session ends" address=127.0.0.1 role=viewer`)
	require.True(t, ok, said)
	assert.NotContains(t, after, `ended an idle session" address=127.0.0.1 role=viewer`)
}

// Connections whose session has ended count as new ones again.
func TestConnectionsThatStayAfterTheirSession(t *testing.T) {
	s := serve(t, remote.Options{}, nil)
	var open []*ssh.Client
	for range 20 {
		c, err := s.tryDial(nil)
		if err != nil {
			break
		}
		t.Cleanup(func() { _ = c.Close() })
		open = append(open, c)
		_, _, code := run(t, c, "", "orders")
		require.Zero(t, code)
	}
	assert.LessOrEqual(t, len(open), 16, "of one address")
	s.lines.await(t, "too many connections without a session")
	require.NoError(t, open[0].Close())
	_ = s.dialAgain(t).Close()
}

func TestSomebodyWhoOpensNoSession(t *testing.T) {
	o, viewer, _ := keysFor(t)
	s := serve(t, o, nil)
	require.NoError(t, s.dial(t, viewer).Close())
	s.lines.await(t, `somebody was let in, and opened no session" address=127.0.0.1 key=SHA256:`)
}
