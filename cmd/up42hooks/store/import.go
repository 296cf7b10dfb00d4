package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/progress"
	"github.com/up42/up42-webhooks/receiver/outfile"
	"github.com/up42/up42-webhooks/receiver/sqlite"
	"github.com/up42/up42-webhooks/tui/number"
)

func newImportCommand(env cli.Env) *cobra.Command {
	var o cli.Form
	cmd := &cobra.Command{
		Use:   "import [FILE]",
		Short: "Read an export into the store",
		Long: `Read what "store export" wrote from FILE, or from standard input.

If the store does not exist, or is empty, it becomes the exported store, bit for bit,
when the import is complete. Any other store gets the events that it does not have,
after its own. Rejected deliveries and checkpoints of readers are then left out.`,
		Example: `  up42hooks store import --store copy.db backup.jsonl
  gunzip -c backup.jsonl.gz | up42hooks store import`,
		Args: fileArg,
		RunE: func(cmd *cobra.Command, args []string) error {
			in, err := openInput(env, fileOf(args))
			if err != nil {
				return cli.UsageError(err)
			}
			defer in.Close()
			return withConfig(env, cmd, func(ctx context.Context, c *config.Config) error {
				return locked(ctx, c, func(ctx context.Context, c *config.Config) error { return importFrom(ctx, env, c.Store, in, &o) })
			})
		},
	}
	config.AddFlags(cmd.Flags(), "config", "store")
	o.AddFlags(cmd.Flags(), "print JSON")
	return cmd
}

func importFrom(ctx context.Context, env cli.Env, store string, in input, o *cli.Form) error {
	_, p := progress.Start(env, progress.Options{Doing: "import", Unit: progress.Bytes, JSON: o.JSON()})
	p.Set(0, in.size())
	result, err := sqlite.Import(ctx, store, &untilDone{ctx: ctx, in: in, read: p.Add})
	p.Stop()
	switch {
	case err == nil:
		return cli.Print(env, o, func() error {
			sayImported(env, result)
			return nil
		}, importRecord{store, result.Events, result.Duplicates, result.Rejected, result.Skipped})
	case ctx.Err() == nil:
		return err
	case result == sqlite.ImportResult{}:
		return cli.Failed("interrupted: nothing was imported")
	default:
		return cli.Failed(fmt.Sprintf("interrupted: imported %s; the same command imports the others", cli.Count(int(result.Events), "event")))
	}
}

// input is what is imported. Close closes it, unless it is standard input.
type input struct {
	io.Reader
	close func() error
}

func (i input) Close() error { return i.close() }

func openInput(env cli.Env, file string) (input, error) {
	if file == "" {
		return input{env.Stdin, func() error { return nil }}, nil
	}
	f, err := os.Open(file)
	if err != nil {
		return input{}, outfile.Explain(file, err)
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return input{}, errors.Join(outfile.Explain(file, syscall.EISDIR), f.Close())
	}
	return input{f, f.Close}, nil
}

// size returns how much there is to read, 0 if that is not known. Standard input may be a
// file, too, of which a part was read before.
func (i input) size() int64 {
	f := cli.FileOf(i.Reader)
	if f == nil {
		return 0
	}
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return 0
	}
	read, err := f.Seek(0, io.SeekCurrent)
	if err != nil {
		return 0
	}
	return max(0, info.Size()-read)
}

// untilDone reads until its context ends: a read of a terminal or a pipe can't be cancelled.
type untilDone struct {
	ctx  context.Context
	in   io.Reader
	read func(n int64) // is told how much was read
	buf  []byte        // what is read, also after the end
}

func (r *untilDone) Read(p []byte) (n int, err error) {
	if r.buf == nil {
		r.buf = make([]byte, 64<<10)
	}
	own := r.buf[:min(len(p), len(r.buf))]
	done := make(chan struct{})
	go func() {
		defer close(done)
		n, err = r.in.Read(own)
	}()
	select {
	case <-done:
		r.read(int64(n))
		return copy(p, own[:n]), err
	case <-r.ctx.Done():
		return 0, r.ctx.Err()
	}
}

func sayImported(env cli.Env, r sqlite.ImportResult) {
	text := cli.Count(int(r.Events), "event")
	if r.Rejected > 0 {
		text += fmt.Sprintf(" and %s rejected", number.Format(r.Rejected))
	}
	if r.Duplicates > 0 {
		text += "; already there: " + number.Format(r.Duplicates)
	}
	if r.Skipped > 0 {
		text += fmt.Sprintf("; %s left out, since the store was not empty", cli.Count(int(r.Skipped), "other line"))
	}
	env.Say("imported %s", text)
}
