package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/creack/pty"

	"github.com/up42/up42-webhooks/tui/tuitest/emulator"
)

const (
	// every is how often the screen is looked at.
	every = 150 * time.Millisecond
	// patience is how long a text may take to come.
	patience = 2 * time.Minute
	// lastShown is how long the last frame is shown, before the first one comes again.
	lastShown = 2 * time.Second
	// keyShown is how long a key that was pressed is shown.
	keyShown = time.Second
)

// frame is what the terminal shows for a while.
type frame struct {
	lines [][]emulator.Cell
	// key was pressed just before.
	key string
	d   time.Duration
}

func (f frame) shows(other frame) bool {
	return f.key == other.key && slices.EqualFunc(f.lines, other.lines, slices.Equal[[]emulator.Cell])
}

// shot is what a camera has filmed.
type shot struct {
	film   []frame
	stills map[string]frame
}

// camera films a terminal. It is safe for concurrent use.
type camera struct {
	mu      sync.Mutex
	screen  *emulator.Screen
	key     string
	pressed time.Time
	shot
	latest time.Time
	ended  bool
}

// Write is for the program.
func (c *camera) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.screen.Write(p)
}

// press takes note of a key.
func (c *camera) press(key string) {
	c.mu.Lock()
	c.key, c.pressed = key, time.Now()
	c.mu.Unlock()
}

// cut forgets what was filmed.
func (c *camera) cut() {
	c.mu.Lock()
	c.film, c.latest = nil, time.Now()
	c.mu.Unlock()
}

// look adds a frame, if there is a new one.
func (c *camera) look(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended {
		return
	}
	f := frame{lines: c.screen.Lines(), key: c.key}
	if now.Sub(c.pressed) > keyShown {
		f.key = ""
	}
	last := len(c.film) - 1
	if last >= 0 {
		c.film[last].d += now.Sub(c.latest)
	}
	c.latest = now
	if last < 0 || !c.film[last].shows(f) {
		c.film = append(c.film, f)
	}
}

// keep keeps what is shown now as a still.
func (c *camera) keep(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stills[name] = frame{lines: c.screen.Lines(), d: lastShown}
}

// text is what the terminal shows.
func (c *camera) text() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.screen.String()
}

// end ends the film, before the program leaves the screen.
func (c *camera) end() shot {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = true
	if len(c.film) > 0 {
		c.film[len(c.film)-1].d += lastShown
	}
	return c.shot
}

// watch shows what a program sends, until its terminal is closed.
func (c *camera) watch(terminal io.Reader) error {
	_, err := io.Copy(c, terminal)
	if errors.Is(err, syscall.EIO) { // it is closed
		return nil
	}
	return err
}

var errEnded = errors.New("the program has ended before the scene")

// film runs the program and does the steps.
func (s scene) film(ctx context.Context, args []string) (done shot, err error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	home, err := os.MkdirTemp("", "up42hooks-picture-")
	if err != nil {
		return done, fmt.Errorf("make a home for the program: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(home)) }()
	var to *target
	if s.forwards {
		to = newTarget()
		defer to.Close()
		args = append(args, "--forward-to", to.URL+"/orders")
	}
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Env = append(os.Environ(), "TERM=xterm-256color", "COLORTERM=truecolor", "LC_ALL=C.UTF-8", "TZ=UTC", "HOME="+home, "XDG_CONFIG_HOME="+home, "XDG_STATE_HOME="+home)
	terminal, err := pty.StartWithSize(cmd, &pty.Winsize{Cols: uint16(s.columns), Rows: uint16(s.rows)})
	if err != nil {
		return done, fmt.Errorf("run %s: %w", args[0], err)
	}
	c := &camera{screen: emulator.New(s.columns, s.rows), shot: shot{stills: map[string]frame{}}}
	playing, ended := context.WithCancelCause(ctx)
	read := make(chan error, 1)
	go func() {
		read <- c.watch(terminal)
		ended(errEnded)
	}()
	d := director{camera: c, keyboard: terminal, target: to}
	err = d.play(playing, s)
	c.look(time.Now()) // what has come since the last frame
	done = c.end()
	if err == nil {
		_, err = io.WriteString(terminal, interrupt)
	}
	if err != nil {
		stop()
	}
	err = errors.Join(err, <-read, cmd.Wait(), terminal.Close())
	return done, err
}
