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
	var o cli.Form
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
				return (&exporting{env, &o, c.Store, fileOf(args)}).export(ctx)
			})
		},
	}
	config.AddFlags(cmd.Flags(), "config", "store")
	o.AddFlags(cmd.Flags(), "print JSON: what is in FILE; what is exported is JSON without it")
	return cmd
}

// exporting is an export of a store to a file, or to standard output if file is "".
type exporting struct {
	env         cli.Env
	form        *cli.Form
	store, file string
}

func (x *exporting) export(ctx context.Context) error {
	if x.file == "" && !x.form.ForPeople() && !x.form.JSON() {
		return cli.UsageError(errors.New("an export is JSON lines; up42hooks events --csv --limit 0 lists the events as CSV"))
	}
	err := x.sound(ctx)
	if !isDamage(err) {
		return err
	}
	x.env.Say("%v", err)
	if err := mustExist(x.store); err != nil {
		return err
	}
	return x.damaged(ctx)
}

// start begins to show the progress.
func (x *exporting) start(doing, unit string) *progress.Progress {
	_, p := progress.Start(x.env, progress.Options{Doing: doing, Unit: unit, Records: x.file == "", JSON: x.form.JSON()})
	return p
}

// damaged exports what can be read of a damaged store.
func (x *exporting) damaged(ctx context.Context) error {
	var read sqlite.Salvaged
	p := x.start("export", "lines")
	defer p.Stop()
	err := writeOut(ctx, x.env, x.file, func(out io.Writer) (err error) {
		read, err = sqlite.Salvage(ctx, x.store, counting{out, p})
		return err
	})
	p.Stop()
	if err != nil {
		return interruptedExport(ctx, x.file, err)
	}
	sayLoss(x.env, &read)
	return errors.Join(
		x.print(exportRecord{x.file, read.Events, read.Rejected, lossOf(&read)}, func() error { return nil }),
		cli.Failed(fmt.Sprintf("exported what could be read: %s and %s rejected", cli.Count(int(read.Events), "event"), number.Format(read.Rejected))),
	)
}

// print prints what is in the file, if there is one: with words, or as JSON.
func (x *exporting) print(r exportRecord, words func() error) error {
	if x.file == "" {
		return nil
	}
	return cli.Print(x.env, x.form, words, r)
}

// sound exports a store that is not damaged. If it is, nothing is written.
func (x *exporting) sound(ctx context.Context) (err error) {
	log, err := OpenReader(ctx, x.env, x.store)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	counts, err := log.Counts(ctx)
	if err != nil {
		return err
	}
	var kinds kindsOfLines
	write := func(doing string, out io.Writer) error {
		p := x.start(doing, "events")
		defer p.Stop()
		p.Set(0, counts.Events())
		kinds = kindsOfLines{}
		return log.Export(ctx, counting{io.MultiWriter(out, &kinds), p})
	}
	if x.file == "" {
		// What is written to standard output can't be taken back.
		if err := write("check", io.Discard); err != nil {
			return interruptedExport(ctx, x.file, err)
		}
	}
	err = writeOut(ctx, x.env, x.file, func(out io.Writer) error { return write("export", out) })
	if err != nil {
		return interruptedExport(ctx, x.file, err)
	}
	return x.print(exportRecord{x.file, kinds.events, kinds.rejected, lossOf(&sqlite.Salvaged{})}, func() error {
		x.env.Say("%s has %s and %s rejected", x.file, cli.Count(int(kinds.events), "event"), number.Format(kinds.rejected))
		return nil
	})
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

// kindsOfLines counts the lines of an export that have events and rejected deliveries.
type kindsOfLines struct {
	events, rejected int64
	head             []byte // the first bytes of the line that is being written
}

func (k *kindsOfLines) Write(p []byte) (int, error) {
	const enough = len(`{"rejected"`)
	for rest := p; len(rest) > 0; {
		k.head = append(k.head, rest[:min(len(rest), enough-min(enough, len(k.head)))]...)
		end := bytes.IndexByte(rest, '\n')
		if end < 0 {
			break
		}
		switch {
		case bytes.HasPrefix(k.head, []byte(`{"event"`)):
			k.events++
		case bytes.HasPrefix(k.head, []byte(`{"rejected"`)):
			k.rejected++
		}
		k.head, rest = k.head[:0], rest[end+1:]
	}
	return len(p), nil
}
