package progress_test

import (
	"bytes"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creack/pty"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/progress"
)

// environment has standard error, and standard output that is no terminal.
func environment(stderr interface{ Write([]byte) (int, error) }, vars ...string) cli.Env {
	return cli.Env{Stdout: &bytes.Buffer{}, Stderr: stderr, Getenv: func(name string) string {
		for _, v := range vars {
			if value, ok := strings.CutPrefix(v, name+"="); ok {
				return value
			}
		}
		return ""
	}}
}

func TestLinesOfJSON(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		_, p := progress.Start(environment(&out), progress.Options{Doing: "verify", Unit: "events", JSON: true})
		p.Set(500, 2000)
		time.Sleep(1100 * time.Millisecond)
		p.Set(1000, 2000)
		time.Sleep(time.Second)
		p.Stop()
		p.Stop()
		assert.Equal(t, `{"progress":"verify","unit":"events","done":500,"total":2000,"rate":500,"secondsLeft":3}`+"\n"+
			`{"progress":"verify","unit":"events","done":1000,"total":2000,"rate":500,"secondsLeft":2}`+"\n", out.String())
	})
}

func TestNothingInAPipe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		env, p := progress.Start(environment(&out), progress.Options{Doing: "export", Unit: progress.Bytes})
		p.Add(5)
		time.Sleep(time.Minute)
		env.Say("done")
		p.Stop()
		assert.Equal(t, "up42hooks: done\n", out.String())
	})
}

func TestQuiet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		env, quiet := environment(&out), true
		env.Quiet = &quiet
		_, p := progress.Start(env, progress.Options{Doing: "verify", Unit: "events", JSON: true})
		time.Sleep(time.Minute)
		p.Stop()
		assert.Empty(t, out.String())
	})
}

// terminal is a terminal, and what was written to it.
type terminal struct {
	tty   *os.File
	mu    sync.Mutex
	shown []byte
}

func openTerminal(t *testing.T) *terminal {
	t.Helper()
	master, tty, err := pty.Open()
	require.NoError(t, err)
	require.NoError(t, pty.Setsize(master, &pty.Winsize{Cols: 100, Rows: 10}))
	m := &terminal{tty: tty}
	done := make(chan struct{})
	go func() {
		defer close(done)
		buf := make([]byte, 4096)
		for {
			n, err := master.Read(buf)
			m.mu.Lock()
			m.shown = append(m.shown, buf[:n]...)
			m.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() {
		_ = tty.Close()
		_ = master.Close()
		<-done
	})
	return m
}

func (m *terminal) String() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return string(m.shown)
}

func (m *terminal) awaits(t *testing.T, what string) {
	t.Helper()
	require.Eventually(t, func() bool { return strings.Contains(m.String(), what) }, time.Minute, time.Millisecond, "%q in %q", what, m)
}

func TestABarOnATerminal(t *testing.T) {
	for locale, bar := range map[string]string{"C.UTF-8": "████████████░░░░░░░░░░░░", "C": "############------------"} {
		m := openTerminal(t)
		env, p := progress.Start(environment(cli.NewOutput(m.tty), "LANG="+locale), progress.Options{Doing: "import", Unit: progress.Bytes})
		p.Set(1<<29, 1<<30)
		m.awaits(t, "\r\x1b[Kimport  "+bar+"  50 %  512 MiB of 1.0 GiB  ")
		m.awaits(t, "s left")
		env.Say("a word")
		m.awaits(t, "\r\x1b[Kup42hooks: a word\r\n")
		p.Set(1<<30, 1<<30)
		m.awaits(t, "a word\r\n\r\x1b[Kimport")
		p.Stop()
		env.Say("the end")
		m.awaits(t, "\r\x1b[Kup42hooks: the end\r\n")
		assert.NotContains(t, m.String(), "\n\r\x1b[K\r\x1b[K", "a line is wiped once")
	}
}

// The program in the terminal prints records there: a bar would be among them.
func TestNoBarAmongRecords(t *testing.T) {
	m := openTerminal(t)
	env := environment(cli.NewOutput(m.tty))
	env.Stdout = cli.NewOutput(m.tty)
	env, p := progress.Start(env, progress.Options{Doing: "send", Unit: "deliveries", Records: true})
	assert.IsType(t, &cli.Output{}, env.Stderr)
	p.Stop()
	assert.Empty(t, m.String())
}
