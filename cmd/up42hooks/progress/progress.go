// Package progress shows on standard error how far a long command has got: a bar on a
// terminal, lines of JSON elsewhere if the user wants JSON, and nothing otherwise or with
// --quiet.
package progress

import (
	"context"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/term"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/receiver"
)

// How often the bar is drawn, and how often there is a line.
const (
	barInterval  = 200 * time.Millisecond
	lineInterval = time.Second
)

// Options describe what is done.
type Options struct {
	// Doing names it: verify.
	Doing string
	// Unit is what is counted: [Bytes], or a word in the plural.
	Unit string
	// JSON: the user wants JSON.
	JSON bool
	// Records: the command prints records on standard output. If that is a terminal there
	// is no bar among them.
	Records bool
}

// Bytes is the unit of sizes.
const Bytes = "bytes"

// Progress shows how far a command has got, from [Start] to [Progress.Stop]. The zero value
// shows nothing, and with --quiet nothing is shown. It is safe for concurrent use.
type Progress struct {
	o           Options
	done, total atomic.Int64
	began       time.Time
	end         func() // nil: nothing is shown

	mu  sync.Mutex
	out io.Writer
	bar *bar // nil: lines of JSON, or nothing
}

// Start begins to show progress. What the command writes to the standard error of the
// environment that is returned does not mix with the bar. The caller calls Stop.
func Start(env cli.Env, o Options) (cli.Env, *Progress) {
	p := &Progress{o: o, out: env.Stderr, began: time.Now()}
	interval := lineInterval
	switch _, screen := env.Width(); {
	case env.IsQuiet():
		return env, p
	case onTerminal(env) && (!o.Records || !screen):
		p.bar, interval = newBar(env), barInterval
		env.Stderr = aside{p}
	case !o.JSON:
		return env, p
	}
	ctx, cancel := context.WithCancel(context.Background())
	var showing sync.WaitGroup
	showing.Go(func() { p.show(ctx, interval) })
	p.end = sync.OnceFunc(func() {
		cancel()
		showing.Wait()
		p.finish()
	})
	return env, p
}

// onTerminal reports whether standard error is a terminal that can show a bar.
func onTerminal(env cli.Env) bool {
	f := cli.FileOf(env.Stderr)
	return f != nil && term.IsTerminal(int(f.Fd())) && env.Getenv("TERM") != "dumb"
}

// Set says how much is done, of how much; 0: that is not known.
func (p *Progress) Set(done, total int64) {
	p.done.Store(done)
	p.total.Store(total)
}

// Add says that more is done.
func (p *Progress) Add(n int64) { p.done.Add(n) }

// Stop removes the bar. Later calls do nothing.
func (p *Progress) Stop() {
	if p.end != nil {
		p.end()
	}
}

func (p *Progress) show(ctx context.Context, interval time.Duration) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			p.report()
		}
	}
}

// report draws the bar, or prints a line. Nobody minds if that fails.
func (p *Progress) report() {
	s := p.state(time.Since(p.began))
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil {
		_, _ = p.out.Write(p.bar.draw(&s))
	} else if line, err := receiver.AppendJSONLine(nil, s); err == nil {
		_, _ = p.out.Write(line)
	}
}

func (p *Progress) finish() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil {
		_, _ = p.out.Write(p.bar.wipe())
	}
}

// aside writes beside the bar.
type aside struct{ *Progress }

func (a aside) Write(b []byte) (int, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	_, _ = a.out.Write(a.bar.wipe())
	return a.out.Write(b)
}
