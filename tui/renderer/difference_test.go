package renderer_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/up42/up42-webhooks/tui/renderer"
	"github.com/up42/up42-webhooks/tui/tuitest/emulator"
)

// TestTheScreenIsTheNewestFrame draws one frame after another, and compares the screen with
// one on which only the last frame was drawn.
func TestTheScreenIsTheNewestFrame(t *testing.T) {
	piece := rapid.SampledFrom([]string{
		"a", "bc", "  ", "         ", "12s", "●", "é", "\x1b[1mbold\x1b[0m", "\x1b[7m  \x1b[0m", "\x1b[31;1mred", "\x1b[38;5;9mx\x1b[m", "\x1b[0m", "\x1b[0m\x1b[48;5;3m \x1b[32mgo\x1b[0m",
	})
	line := rapid.Map(rapid.SliceOfN(piece, 0, 8), func(all []string) string { return strings.Join(all, "") + "\x1b[0m" })
	frame := rapid.Map(rapid.SliceOfN(line, 1, 8), func(all []string) string { return strings.Join(all, "\n") })
	rapid.Check(t, func(rt *rapid.T) {
		frames := rapid.SliceOfN(frame, 1, 5).Draw(rt, "frames")
		assert.Equal(rt, drawn(t, frames[len(frames)-1:]), drawn(t, frames), "%q", frames)
	})
}

func drawn(t *testing.T, frames []string) (shown [][]emulator.Cell) {
	synctest.Test(t, func(t *testing.T) {
		s := emulator.New(80, 60) // wider than all lines
		r := renderer.Open(s, false)
		for _, f := range frames {
			r.Show(f)
			time.Sleep(time.Second)
		}
		synctest.Wait()
		shown = s.Lines()
		require.NoError(t, r.Close(), "the terminal knows all that the renderer sends")
	})
	return shown
}

// bytesOf returns how many bytes the last of some frames takes.
func bytesOf(t *testing.T, frames ...string) (n int) {
	synctest.Test(t, func(*testing.T) {
		c := &counter{}
		r := renderer.Open(c, false)
		for _, f := range frames {
			time.Sleep(time.Second)
			synctest.Wait()
			before := c.n
			r.Show(f)
			synctest.Wait()
			n = c.n - before
		}
		_ = r.Close()
	})
	return n
}

type counter struct{ n int }

func (c *counter) Write(p []byte) (int, error) {
	c.n += len(p)
	return len(p), nil
}

func TestOnlyChangedCellsAreWritten(t *testing.T) {
	const marks = 16 // the begin and the end of an update
	long := strings.Repeat("a long line ", 10)
	assert.LessOrEqual(t, bytesOf(t, long+"12s "+long, long+"13s "+long), marks+len("\x1b[1;122H3"))
	assert.LessOrEqual(t, bytesOf(t, long+"\x1b[2m12s\x1b[0m "+long, long+"\x1b[2m13s\x1b[0m "+long), marks+len("\x1b[1;122H\x1b[2m3\x1b[0m"))
	assert.LessOrEqual(t, bytesOf(t, "old\n"+long, "old"), marks+len("\x1b[2H\x1b[K"))
	assert.LessOrEqual(t, bytesOf(t, "", "x"+strings.Repeat(" ", 200)), marks+len("\x1b[1Hx"))
	assert.Greater(t, bytesOf(t, long+"世1", long+"世2"), len(long), "how wide a wide character is, terminals do not agree")
	assert.Greater(t, bytesOf(t, long+"\x1b]8;;x\x071", long+"\x1b]8;;x\x072"), len(long))
}

// full returns a frame of 200×60 cells; all cells differ from those of another one.
func full(n int) string {
	return strings.TrimSuffix(strings.Repeat(strings.Repeat(string(rune('a'+n%26)), 200)+"\n", 60), "\n")
}

func TestFramesAreFewerIfTheyAreLarge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &counter{}
		r := renderer.Open(c, false)
		for i := range 300 { // a hundred a second
			r.Show(full(i))
			time.Sleep(10 * time.Millisecond)
		}
		synctest.Wait()
		assert.Less(t, c.n, 3*150_000)
		assert.Greater(t, c.n, 3*50_000, "it draws as much as it may")
		_ = r.Close()
	})
}

// A key is answered at once, however much is drawn besides.
func TestTheAnswerToAKeyDoesNotWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := emulator.New(40, 60)
		r := renderer.Open(s, false)
		defer r.Close()
		for i := range 500 {
			r.Show(full(i))
			if i%100 == 50 {
				r.Hurry()
				r.Show("the answer")
				synctest.Wait() // no time goes by
				assert.Contains(t, s.String(), "the answer")
			}
			time.Sleep(time.Millisecond)
		}
	})
}

// slow is a terminal that takes some time for each byte.
type slow struct {
	counter
	each time.Duration
}

func (s *slow) Write(p []byte) (int, error) {
	time.Sleep(time.Duration(len(p)) * s.each)
	return s.counter.Write(p)
}

// A terminal that reads slowly has time between two frames, in which it can answer a key.
func TestASlowTerminalGetsFewFrames(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &slow{each: time.Second / 20_000}
		r := renderer.Open(s, false)
		for i := range 1000 {
			r.Show(full(i))
			time.Sleep(10 * time.Millisecond)
		}
		_ = r.Close()
		assert.Less(t, s.n, 10*20_000/2, "most of the time the terminal has nothing to do")
		assert.Greater(t, s.n, 10*20_000/4)
	})
}
