package daemon

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/events"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/errno"
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

// run prints what comes in until ctx ends, then what is still unprinted. If the output
// can't be written, it ends with an error. If the store can't be read it tries again.
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
			return err
		}
	}
	after := p.after.Load()
	rest := events.Stream{Log: p.log, Print: p.write}
	return rest.Pages(context.WithoutCancel(ctx), &after, 0)
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

// isNull reports whether an output is the null device, whatever its name is.
func isNull(out io.Writer) bool {
	f := cli.FileOf(out)
	if f == nil {
		return false
	}
	is, err := f.Stat()
	if err != nil {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err == nil && sameDevice(is, null)
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
		return cli.ErrUnread
	}
}

// errClosed means that whoever read the output has ended.
var errClosed = errors.New("the output is closed: the program or terminal that read it has ended")

// OutputFailure is the error of an output that takes no more events.
type OutputFailure struct {
	// Missed is how many events are stored that the output did not get. From is when the
	// first of them came.
	Missed int64
	From   time.Time
	// Cause says what is wrong with the output.
	Cause error
}

func (f *OutputFailure) Error() string {
	switch {
	case f.Missed < 0:
		return fmt.Sprintf("%v; receiving has ended; what was received is in the store", f.Cause)
	case f.Missed == 0:
		return fmt.Sprintf("%v; receiving has ended; it got all events that are stored: start up42hooks listen again to go on", f.Cause)
	default:
		return fmt.Sprintf("%v; receiving has ended; the store has %s that it did not get: print them with: up42hooks events --json --limit 0 --since %s; then start up42hooks listen again",
			f.Cause, cli.Count(int(f.Missed), "event"), f.From.UTC().Format(time.RFC3339Nano))
	}
}

// Closed reports whether whoever read the output has ended.
func (f *OutputFailure) Closed() bool { return errors.Is(f.Cause, errClosed) }

// Unwrap returns the cause.
func (f *OutputFailure) Unwrap() error { return f.Cause }

// explain returns the error of an output as an *OutputFailure, with what it has missed.
func (p *printer) explain(err error) error {
	switch {
	case err == nil:
		return nil
	case errno.Is(err, syscall.EPIPE), errno.Is(err, syscall.EIO):
		err = errClosed
	}
	ctx, cancel := context.WithTimeout(context.Background(), countTimeout)
	defer cancel()
	f := &OutputFailure{Cause: err, Missed: -1}
	counts, failed := p.log.Counts(ctx)
	if failed != nil {
		return f
	}
	after := p.after.Load()
	f.Missed = counts.LastSeq - after
	if f.Missed > 0 {
		first, failed := p.log.Next(ctx, after, 1)
		if failed != nil || len(first) == 0 {
			f.Missed = -1
			return f
		}
		f.From = first[0].ReceivedAt
	}
	return f
}
