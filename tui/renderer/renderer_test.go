package renderer_test

import (
	"bytes"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/receivertest/testmain"
	"github.com/up42/up42-webhooks/tui/renderer"
)

func TestMain(m *testing.M) { testmain.Run(m) }

// terminal collects what is written, and sends each write to a channel.
type terminal struct {
	mu     sync.Mutex
	buf    bytes.Buffer
	writes chan string
	fail   error
}

func newTerminal() *terminal { return &terminal{writes: make(chan string, 100)} }

func (t *terminal) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.fail != nil {
		return 0, t.fail
	}
	t.buf.Write(p)
	t.writes <- string(p)
	return len(p), nil
}

func (t *terminal) next(tt *testing.T) string {
	tt.Helper()
	select {
	case w := <-t.writes:
		return w
	case <-time.After(time.Minute):
		tt.Fatal("nothing was written")
		return ""
	}
}

func open(t *testing.T, term *terminal) *renderer.Renderer {
	t.Helper()
	s := renderer.Open(term, false)
	t.Cleanup(func() { _ = s.Close() })
	assert.Contains(t, term.next(t), "\x1b[?1049h")
	return s
}

func TestAResizeDrawsAllLinesThatFit(t *testing.T) {
	term := newTerminal()
	s := open(t, term)
	s.Show("a\nb\nc")
	term.next(t)
	s.Resize(2, "d\ne\nf")
	w := term.next(t)
	assert.Contains(t, w, "\x1b[2J")
	assert.Contains(t, w, "d")
	assert.Contains(t, w, "e")
	assert.NotContains(t, w, "\x1b[3")
}

func TestRedrawWritesAllLines(t *testing.T) {
	term := newTerminal()
	s := open(t, term)
	s.Show("one\ntwo")
	term.next(t)
	s.Redraw()
	again := term.next(t)
	for _, part := range []string{"\x1b[2J", "one", "two"} {
		assert.Contains(t, again, part)
	}
}

func TestOfManyFramesTheNewestIsDrawn(t *testing.T) {
	term := newTerminal()
	s := open(t, term)
	for i := range 10_000 {
		s.Show(strings.Repeat("x", i%50+1))
	}
	s.Show("the newest")
	for !strings.Contains(term.next(t), "the newest") {
	}
	assert.Less(t, strings.Count(term.buf.String(), "\x1b[?2026h"), 5000)
}

func TestCloseRestoresTheTerminal(t *testing.T) {
	term := newTerminal()
	s := open(t, term)
	require.NoError(t, s.Close())
	require.NoError(t, s.Close())
	written := term.buf.String()
	assert.True(t, strings.HasSuffix(written, "\x1b[?25h\x1b[?1049l"), "%q", written)
	s.Show("too late")
	assert.NotContains(t, term.buf.String(), "too late")
}

func TestAFailedWriteIsAnError(t *testing.T) {
	term := newTerminal()
	s := open(t, term)
	term.mu.Lock()
	term.fail = errors.New("gone")
	term.mu.Unlock()
	s.Show("x")
	<-s.Gone()
	assert.ErrorContains(t, s.Close(), "gone")
	again := renderer.Open(term, false)
	<-again.Gone()
	assert.ErrorContains(t, again.Close(), "gone")
}
