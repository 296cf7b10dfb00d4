package daemon

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/events"
	"github.com/up42/up42-webhooks/receiver"
)

// printer prints events as JSON lines, from a place in the log on. It reads at
// its own pace: a slow output holds up no delivery.
type printer struct {
	log    receiver.Reader
	logger *slog.Logger
	print  func([]*receiver.Event) error
	// keep chooses what is printed; nil: all.
	keep func(*receiver.Event) bool
	// after is the place of the last event printed, or left out.
	after atomic.Int64
}

func newPrinter(log receiver.Reader, out io.Writer, after int64, logger *slog.Logger) *printer {
	p := &printer{log: log, logger: logger, print: events.JSONLines(out)}
	p.after.Store(after)
	return p
}

// readAgain is the wait after a failure of the store.
const readAgain = time.Second

// run prints what comes in until ctx ends, then what is still unprinted. An
// output that nobody reads any more is no error, just the end; a store that
// can't be read is tried again.
func (p *printer) run(ctx context.Context) error {
	for ctx.Err() == nil {
		page, err := p.log.Next(ctx, p.after.Load(), events.StreamPage)
		if ctx.Err() != nil {
			break
		}
		if err != nil {
			p.logger.Error("can't read the store", "error", err)
			cli.Pause(ctx, readAgain)
			continue
		}
		if err := p.write(page); err != nil {
			return ignoreBroken(err)
		}
	}
	after := p.after.Load()
	rest := events.Stream{Log: p.log, Print: p.write}
	return ignoreBroken(rest.Pages(context.WithoutCancel(ctx), &after, 0))
}

func (p *printer) write(page []*receiver.Event) error {
	wanted := page
	if p.keep != nil {
		wanted = slices.DeleteFunc(slices.Clone(page), func(e *receiver.Event) bool { return !p.keep(e) })
	}
	if len(wanted) > 0 {
		if err := p.print(wanted); err != nil {
			return err
		}
	}
	p.after.Store(page[len(page)-1].Seq)
	return nil
}

// ignoreBroken makes nothing of an output that is gone: a broken pipe, or a
// terminal that was closed.
func ignoreBroken(err error) error {
	if errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.EIO) {
		return nil
	}
	return err
}

// await waits for the end of run, whose result is in done. A write that nobody
// reads can't be called off, so it is given up after the grace period; what was
// not printed is stored nevertheless.
func (p *printer) await(done <-chan error, grace time.Duration) error {
	t := time.NewTimer(grace)
	defer t.Stop()
	select {
	case err := <-done:
		return err
	case <-t.C:
		return fmt.Errorf("the output is not read: events after %d are stored, but not printed", p.after.Load())
	}
}
