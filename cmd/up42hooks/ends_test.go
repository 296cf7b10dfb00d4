package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
	"github.com/up42/up42-webhooks/receiver/retry"
)

// unread is a terminal that nobody reads, with a program on it.
func unread(t *testing.T, env []string, args ...string) (cmd *exec.Cmd, ended <-chan struct{}, master *os.File) {
	t.Helper()
	cmd = exec.Command("up42hooks", args...)
	cmd.Env = append([]string{"TERM=xterm-256color"}, env...)
	master, err := pty.StartWithSize(cmd, &pty.Winsize{Cols: 250, Rows: 100})
	require.NoError(t, err)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = cmd.Wait()
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-done
		_ = master.Close()
	})
	return cmd, done, master
}

// awaitHolder waits until a process receives into the store.
func awaitHolder(t *testing.T, env []string) string {
	t.Helper()
	for range int(clitest.Patience / (20 * time.Millisecond)) {
		h, err := store.HeldBy(clitest.StoreOf(env))
		if err == nil && h != nil && h.Address != "" {
			return h.Address
		}
		retry.Sleep(t.Context(), 20*time.Millisecond)
	}
	require.Fail(t, "nobody receives")
	return ""
}

// endsUnread requires an end: the terminal is never read.
func endsUnread(t *testing.T, ended <-chan struct{}) {
	t.Helper()
	select {
	case <-ended:
	case <-time.After(clitest.Patience):
		require.Fail(t, "it does not end")
	}
}

// A dashboard whose terminal is not read ends by a signal, and gives its store to the next
// receiver.
func TestUnreadTerminal(t *testing.T) {
	t.Parallel()
	for _, s := range []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT} {
		t.Run(s.String(), func(t *testing.T) {
			t.Parallel()
			env := append(clitest.WithSecret(clitest.Home(t)), `UP42_NOTIFY=[{do: [bell, desktop]}]`)
			cmd, ended, master := unread(t, env, "watch", "--listen", "127.0.0.1:0")
			url := "http://" + awaitHolder(t, env) + "/receive-webhooks"
			// Keys that redraw everything, until the terminal takes no more.
			_, err := master.WriteString(strings.Repeat("\x0c", 200))
			require.NoError(t, err)
			for i := range 3 {
				_, _, err := clitest.Deliver(clitest.HTTPClient(t), url, clitest.Secret, clitest.Delivery(fmt.Sprint("m", i), "o1", "PLACED"))
				require.NoError(t, err)
			}
			require.NoError(t, cmd.Process.Signal(s))
			for h := (&store.Holder{}); h != nil; { // the lock comes before the end
				h, err = store.HeldBy(clitest.StoreOf(env))
				require.NoError(t, err)
				require.True(t, retry.Sleep(t.Context(), 10*time.Millisecond))
			}
			next := clitest.Receive(t, env, nil)
			endsUnread(t, ended)
			assert.Zero(t, cmd.ProcessState.ExitCode())
			next.Signal(syscall.SIGTERM)
			next.Finish(t)
		})
	}
}

// A second signal ends the dashboard although its terminal is not read.
func TestSecondSignalOnAnUnreadTerminal(t *testing.T) {
	t.Parallel()
	env := clitest.Home(t)
	cmd, ended, master := unread(t, env, "watch", "--listen", "127.0.0.1:0")
	awaitHolder(t, env)
	_, err := master.WriteString(strings.Repeat("\x0c", 200))
	require.NoError(t, err)
	require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	require.NoError(t, cmd.Process.Signal(syscall.SIGINT))
	endsUnread(t, ended)
}

// A listener whose log nobody reads ends by a signal.
func TestUnreadLog(t *testing.T) {
	t.Parallel()
	env := append(clitest.WithSecret(clitest.Home(t)), "TERM=dumb")
	cmd, ended, _ := unread(t, env, "listen", "--listen", "127.0.0.1:0")
	url := "http://" + awaitHolder(t, env) + "/receive-webhooks"
	pad := strings.Repeat("x", 8<<10)
	for i := range 20 {
		_, _, err := clitest.Deliver(clitest.HTTPClient(t), url, clitest.Secret, clitest.Delivery(fmt.Sprint("m", i), pad, "PLACED"))
		require.NoError(t, err)
	}
	require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	select {
	case <-ended:
	case <-time.After(clitest.Patience):
		require.Fail(t, "it does not end")
	}
}

// Nobody reads the log of a listener, and its pipe is full: deliveries are answered all the
// same, also those whose rejection is logged.
func TestAnUnreadLogDelaysNoAnswer(t *testing.T) {
	t.Parallel()
	env := clitest.WithSecret(clitest.Home(t))
	r, w, err := os.Pipe()
	require.NoError(t, err)
	defer r.Close()
	require.NoError(t, w.SetWriteDeadline(time.Now().Add(50*time.Millisecond)))
	_, err = w.Write(make([]byte, 2<<20)) // more than a pipe holds
	require.ErrorIs(t, err, os.ErrDeadlineExceeded)
	cmd := exec.Command("up42hooks", "listen", "--listen", "127.0.0.1:0")
	cmd.Env, cmd.Stderr = env, w
	require.NoError(t, cmd.Start())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait()
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-ended
	})
	require.NoError(t, w.Close())
	url := "http://" + awaitHolder(t, env) + "/receive-webhooks"
	for i := range 20 {
		code, _, err := clitest.Deliver(clitest.HTTPClient(t), url, "wrong", clitest.Delivery(fmt.Sprint("m", i), "o1", "PLACED"))
		require.NoError(t, err)
		assert.Equal(t, 401, code)
	}
	require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	select {
	case <-ended:
	case <-time.After(clitest.Patience):
		require.Fail(t, "it does not end")
	}
}

// The program that reads the output dies while events come. What it has missed can be
// printed by the command that is named.
func TestListenSaysWhatTheOutputMissed(t *testing.T) {
	t.Parallel()
	p, r := receiveIntoPipe(t)
	events := deliverMoreThanAPipeHolds(t, p)
	_, err := bufio.NewReader(r).ReadString('\n')
	require.NoError(t, err)
	require.NoError(t, r.Close())
	code, ok := p.Wait()
	require.True(t, ok)
	assert.Equal(t, 1, code)
	m := regexp.MustCompile(`the store has (\d+) events that it did not get: print them with: up42hooks (events [^;]+);`).FindStringSubmatch(p.Stderr.String())
	require.NotNil(t, m, "it said: %s", p.Stderr)
	out, _, code := clitest.Run(t, p.Cmd.Env, strings.Fields(m[2])...)
	assert.Zero(t, code)
	assert.Equal(t, m[1], fmt.Sprint(strings.Count(out, "\n")))
	assert.Contains(t, out, fmt.Sprintf(`"messageId":"m%d"`, events-1))
}

// ctrl+c ends both ends of a pipe: that is a normal end.
func TestInterruptOfAPipe(t *testing.T) {
	t.Parallel()
	p, r := receiveIntoPipe(t)
	p.Signal(syscall.SIGINT)
	require.NoError(t, r.Close())
	p.Finish(t)
}

// The end of a receiver is logged with what it has done.
func TestTheEndSaysWhatWasDone(t *testing.T) {
	t.Parallel()
	p := clitest.Receive(t, clitest.WithSecret(clitest.Home(t)), nil, "--exec", "true")
	c := clitest.HTTPClient(t)
	for _, d := range []struct{ secret, id string }{{clitest.Secret, "m1"}, {clitest.Secret, "m1"}, {clitest.Secret, "m2"}, {"wrong", "m3"}} {
		_, _, err := clitest.Deliver(c, p.URL, d.secret, clitest.Delivery(d.id, "o1", "PLACED"))
		require.NoError(t, err)
	}
	p.Signal(syscall.SIGTERM)
	p.Finish(t)
	_, ok := p.Stderr.Await(`msg="receiving has ended" ran=\d+s lastSeq=2 verified=2 trusted=0 partial=0 unsigned=0 rejected=1 duplicates=1 forwarded=[012] undelivered=0$`)
	require.True(t, ok, "it said: %s", p.Stderr)
}

// The second signal ends a command that does not end by the first one.
func TestSecondSignal(t *testing.T) {
	t.Parallel()
	for _, signals := range [][2]syscall.Signal{
		{syscall.SIGINT, syscall.SIGINT}, {syscall.SIGTERM, syscall.SIGTERM}, {syscall.SIGTERM, syscall.SIGINT},
	} {
		t.Run(fmt.Sprint(signals), func(t *testing.T) {
			t.Parallel()
			p, r := receiveIntoPipe(t)
			pad := strings.Repeat("x", 8<<10)
			for i := range 40 { // it would wait until they are read
				_, _, err := clitest.Deliver(clitest.HTTPClient(t), p.URL, clitest.Secret, clitest.Delivery(fmt.Sprint("m", i), pad, "PLACED"))
				require.NoError(t, err)
			}
			p.Signal(signals[0])
			_, ok := p.Stderr.Await("receiving has ended")
			require.True(t, ok)
			code := 0
			require.Eventually(t, func() bool { // one at once may be an echo of the first
				p.Signal(signals[1])
				select {
				case <-p.Done:
					code = p.Cmd.ProcessState.ExitCode()
					return true
				default:
					return false
				}
			}, clitest.Patience, 20*time.Millisecond)
			assert.Equal(t, -1, code, "it was ended by the second signal")
			assert.Equal(t, signals[1], p.Cmd.ProcessState.Sys().(syscall.WaitStatus).Signal())
			_ = r
		})
	}
}

// An import that waits for its input ends by a signal.
func TestImportEndsBySignal(t *testing.T) {
	t.Parallel()
	env := clitest.Home(t)
	r, w, err := os.Pipe()
	require.NoError(t, err)
	defer w.Close()
	cmd := exec.Command("up42hooks", "store", "import")
	cmd.Env, cmd.Stdin = env, r
	p := clitest.StartCommand(t, cmd)
	require.NoError(t, r.Close())
	for h := (*store.Holder)(nil); h == nil; {
		h, err = store.HeldBy(clitest.StoreOf(env))
		require.NoError(t, err)
		require.True(t, retry.Sleep(t.Context(), 10*time.Millisecond))
	}
	p.Signal(syscall.SIGTERM)
	code, ok := p.Wait()
	require.True(t, ok, "it does not end")
	assert.Equal(t, 1, code)
}
