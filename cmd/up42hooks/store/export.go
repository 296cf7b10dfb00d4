package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/progress"
	"github.com/up42/up42-webhooks/receiver/outfile"
	"github.com/up42/up42-webhooks/receiver/sqlite"
	"github.com/up42/up42-webhooks/tui/number"
)

func newExportCommand(env cli.Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "export [FILE]",
		Short: "Write the whole store as JSON lines",
		Long: `Write everything in the store as JSON lines to FILE, or to standard output: each event
with its body (base64), headers, verdict and number, the rejected deliveries, and the
checkpoints of the readers. "store import" makes the same store from it, bit for bit: the
events are in the order of their numbers, and an admitted one has the time of its arrival.

An existing FILE is replaced when the export is complete, not before; it keeps its
permissions. A link stays, and what it leads to is replaced. A device or a pipe is written
into.

Of a damaged store it writes all that can be read, says on standard error which events are
missing, and ends with exit code 1. The export can be imported.`,
		Example: `  up42hooks store export backup.jsonl
  up42hooks store export | gzip > backup.jsonl.gz
  up42hooks store export | jq -r '.event.body // empty | @base64d'`,
		Args: fileArg,
		RunE: func(cmd *cobra.Command, args []string) error {
			return withConfig(env, cmd, func(ctx context.Context, c *config.Config) error {
				return export(ctx, env, c.Store, fileOf(args))
			})
		},
	}
	config.AddFlags(cmd.Flags(), "config", "store")
	return cmd
}

// export exports a store to a file, or to standard output if it is "".
func export(ctx context.Context, env cli.Env, store, file string) error {
	err := exportSound(ctx, env, store, file)
	if !isDamage(err) {
		return err
	}
	env.Say("%v", err)
	if err := mustExist(store); err != nil {
		return err
	}
	var read sqlite.Salvaged
	_, p := progress.Start(env, progress.Options{Doing: "export", Unit: "lines", Records: file == ""})
	defer p.Stop()
	err = writeOut(ctx, env, file, func(out io.Writer) (err error) {
		read, err = sqlite.Salvage(ctx, store, counting{out, p})
		return err
	})
	p.Stop()
	if err != nil {
		return interruptedExport(ctx, file, err)
	}
	sayLoss(env, &read)
	return cli.Failed(fmt.Sprintf("exported what could be read: %s and %s rejected", cli.Count(int(read.Events), "event"), number.Format(read.Rejected)))
}

// exportSound exports a store that is not damaged. If it is, nothing is written.
func exportSound(ctx context.Context, env cli.Env, store, file string) (err error) {
	log, err := OpenReader(ctx, env, store)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	counts, err := log.Counts(ctx)
	if err != nil {
		return err
	}
	write := func(doing string, out io.Writer) error {
		_, p := progress.Start(env, progress.Options{Doing: doing, Unit: "events", Records: file == ""})
		defer p.Stop()
		p.Set(0, counts.Events())
		return log.Export(ctx, counting{out, p})
	}
	if file == "" {
		// What is written to standard output can't be taken back.
		if err := write("check", io.Discard); err != nil {
			return interruptedExport(ctx, file, err)
		}
	}
	return interruptedExport(ctx, file, writeOut(ctx, env, file, func(out io.Writer) error { return write("export", out) }))
}

// interruptedExport says what became of an export, if its error is that of an interruption.
func interruptedExport(ctx context.Context, file string, err error) error {
	switch {
	case err == nil || ctx.Err() == nil || !errors.Is(err, context.Canceled):
		return err
	case file == "":
		return cli.Failed("interrupted: what was printed, if anything, is only a part of the export")
	default:
		return cli.Failed(fmt.Sprintf("interrupted: %s is as it was", file))
	}
}

// counting counts the lines that are written.
type counting struct {
	io.Writer
	progress *progress.Progress
}

func (c counting) Write(p []byte) (int, error) {
	c.progress.Add(int64(bytes.Count(p, []byte{'\n'})))
	return c.Writer.Write(p)
}

// writeOut writes to a file, or to standard output if it is "". An error of the output is
// told from one of the store.
func writeOut(ctx context.Context, env cli.Env, file string, write func(io.Writer) error) error {
	if file == "" {
		return writeTo(env.Stdout, write)
	}
	return outfile.Write(ctx, file, func(out io.Writer) error { return writeTo(out, write) })
}

// writeTo calls write, and returns the error of the output rather than what write makes of it.
func writeTo(out io.Writer, write func(io.Writer) error) error {
	o := &output{Writer: out}
	if err := write(o); o.err == nil {
		return err
	}
	return o.err
}

// output keeps its first error.
type output struct {
	io.Writer
	err error
}

func (o *output) Write(p []byte) (int, error) {
	n, err := o.Writer.Write(p)
	if o.err == nil {
		o.err = err
	}
	return n, err
}
