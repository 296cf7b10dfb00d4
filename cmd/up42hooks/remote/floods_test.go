package remote_test

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"

	"github.com/up42/up42-webhooks/cmd/up42hooks/remote"
	"github.com/up42/up42-webhooks/receiver/receivertest"
)

// goesOn checks that who looks still sees what comes and has answers to keys.
func (l *looker) goesOn(t *testing.T, s *served) {
	t.Helper()
	name := fmt.Sprintf("o%08x", rand.Uint32()) // it fits the column
	s.log.Add(receivertest.Order(name, "PLACED", receivertest.At(time.Now())))
	l.press(t, "2")
	l.sees(t, name)
	l.press(t, "3")
	l.sees(t, "VERDICT")
}

// Terminals of any size from the beginning: of 1 column, of 1 line, of none.
func TestAScreenBeginsOnATerminalOfAnySize(t *testing.T) {
	s := serve(t, remote.Options{}, nil)
	for _, size := range [][2]int{{1, 24}, {80, 1}, {1, 1}, {2, 3}, {0, 0}, {1 << 30, 1 << 30}} {
		c := s.dial(t, nil)
		session, err := c.NewSession()
		require.NoError(t, err)
		out := newLines()
		session.Stdout = out
		require.NoError(t, session.RequestPty("xterm-256color", size[1], size[0], nil))
		in, err := session.StdinPipe()
		require.NoError(t, err)
		require.NoError(t, session.Shell())
		out.await(t, "\x1b[?2026l")
		for _, key := range "\x1b0123456?\r" { // with ctrl+c after it, esc would be another key
			_, err = in.Write([]byte(string(key)))
			require.NoError(t, err)
		}
		require.NoError(t, session.WindowChange(30, 100))
		out.await(t, "Overview")
		_, err = in.Write([]byte("\x03"))
		require.NoError(t, err)
		assert.NoError(t, session.Wait(), "%v", size)
	}
	s.lines.await(t, "session ends")
	text, _ := s.lines.look()
	assert.NotContains(t, text, "a screen failed")
}

// A client that types without end, and anything, slows no other one.
func TestAFloodOfTypedKeys(t *testing.T) {
	s := serve(t, remote.Options{}, nil)
	l := look(t, s.dial(t, nil), 100, 30)
	l.press(t, "2")
	l.sees(t, "order-one")
	random := rand.New(rand.NewPCG(1, 2))
	noise := make([]byte, 64<<10)
	for i := range noise {
		noise[i] = byte(random.Uint32())
		if noise[i] == 'q' || noise[i] == 3 { // these end it
			noise[i] = 'j'
		}
	}
	for _, keys := range map[string]string{
		"one key": strings.Repeat("j", 64<<10), "noise": string(noise), "pages": strings.Repeat("0123456", 8<<10),
		"the mouse": strings.Repeat("\x1b[<64;10;10M", 5<<10), "a paste": "\x1b[200~" + strings.Repeat("x", 256<<10) + "\x1b[201~", "a sequence without end": "\x1b[" + strings.Repeat("9;", 64<<10),
		"a filter": "/" + strings.Repeat("id:", 8<<10),
	} {
		flooding := look(t, s.dial(t, nil), 100, 30)
		flooding.sees(t, "ssh: 2 looking")
		flooded := make(chan struct{})
		go func() {
			defer close(flooded)
			_, _ = flooding.in.Write([]byte(keys)) // it may be hung up on before all is read
		}()
		l.goesOn(t, s)
		_ = flooding.Close() // a key may have ended it
		<-flooded
		<-flooding.ended
		l.sees(t, "ssh: 1 looking")
	}
	text, _ := s.lines.look()
	assert.NotContains(t, text, "a screen failed")
}

// Requests without end: sizes, variables, other sessions, questions to the server.
func TestAFloodOfRequests(t *testing.T) {
	s := serve(t, remote.Options{}, nil)
	l := look(t, s.dial(t, nil), 100, 30)
	l.press(t, "2")
	l.sees(t, "order-one")
	c := s.dial(t, nil)
	flooding := look(t, c, 100, 30)
	flooding.sees(t, "ssh: 2 looking")
	var floods sync.WaitGroup
	floods.Go(func() {
		for i := range 5000 {
			_ = flooding.WindowChange(i%50, i%200)
		}
	})
	floods.Go(func() {
		for range 300 {
			_, err := c.NewSession()
			assert.ErrorContains(t, err, "one session at a time")
		}
	})
	floods.Go(func() {
		for i := range 1000 {
			_, _ = flooding.SendRequest("env", false, ssh.Marshal(struct{ Name, Value string }{fmt.Sprint("LC_", i), "C"}))
			_, _ = flooding.SendRequest("signal-"+strings.Repeat("x", 1000), false, []byte("nonsense"))
		}
	})
	floods.Go(func() {
		for range 1000 {
			ok, _, _ := c.SendRequest("tcpip-forward", true, []byte("nonsense"))
			assert.False(t, ok)
		}
	})
	l.goesOn(t, s)
	floods.Wait()
	l.goesOn(t, s)
	require.NoError(t, flooding.WindowChange(30, 100))
	flooding.press(t, "2")
	flooding.sees(t, "order-one")
}

// Ten thousand connections, of which each says nothing, noise, or half of a handshake.
func TestTenThousandConnections(t *testing.T) {
	s := serve(t, remote.Options{}, nil)
	l := look(t, s.dial(t, nil), 100, 30)
	l.press(t, "2")
	l.sees(t, "order-one")
	const all, atOnce = 10_000, 50
	var next, greeted atomic.Int64
	var open sync.WaitGroup
	for range atOnce {
		open.Go(func() {
			for i := next.Add(1); i <= all; i = next.Add(1) {
				conn, err := net.Dial("tcp", s.Address())
				if err != nil {
					continue // the queue of the system is full
				}
				_, _ = conn.Write([]byte([]string{"", "SSH-2.0-x\r\n", "GET / HTTP/1.1\r\n\r\n"}[i%3]))
				_ = conn.SetReadDeadline(time.Now().Add(patience))
				if line, _ := bufio.NewReader(conn).ReadString('\n'); strings.HasPrefix(line, "SSH-2.0-") {
					greeted.Add(1)
				}
				_ = conn.Close()
			}
		})
	}
	l.goesOn(t, s)
	open.Wait()
	assert.Positive(t, greeted.Load())
	l.goesOn(t, s)
	text, _ := s.lines.look()
	assert.Less(t, strings.Count(text, "\n"), 200, "strangers make few lines")
	_, _, code := run(t, s.dialAgain(t), "", "orders")
	assert.Zero(t, code)
}
