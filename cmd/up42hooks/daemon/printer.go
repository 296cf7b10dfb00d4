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

	"github.com/up42/up42-webhooks/cmd/up42hooks/events"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/retry"
)

// printer prints events as JSON lines, in the order of the store. It reads the
// store at its own speed: a slow output delays no delivery.
type printer struct {
	log    receiver.Reader
	logger *slog.Logger
	print  func([]*receiver.Event) error
	// keep selects what is printed; nil prints all.
	keep func(*receiver.Event) bool
	// after is the number of the last event that was printed or left out.
	after atomic.Int64
}

func newPrinter(log receiver.Reader, out io.Writer, after int64, logger *slog.Logger) *printer {
	p := &printer{log: log, logger: logger, print: events.JSONLines(out)}
	p.after.Store(after)
	return p
}

// retryStore is the wait after the store could not be read.
const retryStore = time.Second

// run prints what comes in until ctx ends, then what is still unprinted. If
// nobody reads the output any more it ends without an error. If the store can't
// be read it tries again.
func (p *printer) run(ctx context.Context) error {
	for ctx.Err() == nil {
		page, err := p.log.Next(ctx, p.after.Load(), events.PageSize)
		if ctx.Err() != nil {
			break
		}
		if err != nil {
			p.logger.Error("can't read the store", "error", err)
			retry.Sleep(ctx, retryStore)
			continue
		}
		if err := p.write(page); err != nil {
			return ignoreClosed(err)
		}
	}
	after := p.after.Load()
	rest := events.Stream{Log: p.log, Print: p.write}
	return ignoreClosed(rest.Pages(context.WithoutCancel(ctx), &after, 0))
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

// ignoreClosed drops the error of an output that is gone: a broken pipe, or a
// closed terminal.
func ignoreClosed(err error) error {
	if errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.EIO) {
		return nil
	}
	return err
}

// await waits for the result of run, which comes through done. A write to an
// output that nobody reads can't be cancelled, so await gives up after the grace
// period. What was not printed is stored nevertheless.
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
