package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

func newStoreExportCommand(w cli.Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "export [FILE]",
		Short: "Write all of the store as lines of JSON",
		Long: `Write all that the store holds as lines of JSON to FILE, or to standard output: every
event with its body (base64), headers, verdict and place, the rejected deliveries,
and how far readers got. "store import" makes the same store of them, bit for bit.

An existing FILE is replaced, and only once the export is whole.`,
		Example: `  up42hooks store export backup.jsonl
  up42hooks store export | gzip > backup.jsonl.gz
  up42hooks store export | jq -r '.event.body // empty | @base64d'`,
		Args: oneFile,
		RunE: func(cmd *cobra.Command, args []string) error {
			return readStore(w, cmd, func(ctx context.Context, _ *config.Config, log *sqlite.Log) error {
				if file := fileOf(args); file != "" {
					return whole(file, func(out io.Writer) error { return log.Export(ctx, out) })
				}
				return log.Export(ctx, w.Stdout)
			})
		},
	}
	config.AddFlags(cmd.Flags(), "store")
	return cmd
}

// whole writes a file, for its owner only, that has its name once all of it is
// on disk.
func whole(file string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".part-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	if err = errors.Join(write(f), f.Sync()); err == nil {
		err = errors.Join(f.Close(), os.Rename(f.Name(), file))
	} else {
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

func newStoreImportCommand(w cli.Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "import [FILE]",
		Short: "Take in what export wrote",
		Long: `Take in what "store export" wrote, from FILE or from standard input.

Where there is no store yet, or an empty one, it becomes what was exported, bit for
bit, once all of it is there. Into any other store go the events that it does not
have, after its own; rejected deliveries and readers' progress are left out.`,
		Example: `  up42hooks store import --store copy.db backup.jsonl
  gunzip -c backup.jsonl.gz | up42hooks store import`,
		Args: oneFile,
		RunE: func(cmd *cobra.Command, args []string) error {
			in, err := openInput(w, fileOf(args))
			if err != nil {
				return cli.UsageError(err)
			}
			defer in.Close()
			return ownStore(w, cmd, func(ctx context.Context, c *config.Config) error {
				done, err := sqlite.Import(ctx, c.Store, in)
				if err == nil {
					sayImported(w, done)
				}
				return err
			})
		},
	}
	config.AddFlags(cmd.Flags(), "store")
	return cmd
}

func openInput(w cli.Env, file string) (io.ReadCloser, error) {
	if file == "" {
		return io.NopCloser(w.Stdin), nil
	}
	return os.Open(file)
}

func sayImported(w cli.Env, i sqlite.ImportResult) {
	text := cli.Count(int(i.Events), "event")
	if i.Rejected > 0 {
		text += fmt.Sprintf(" and %s rejected", humanize.Comma(i.Rejected))
	}
	if i.Duplicates > 0 {
		text += fmt.Sprintf(", %s were there already", humanize.Comma(i.Duplicates))
	}
	if i.Skipped > 0 {
		text += fmt.Sprintf("; %s left out, since the store was not empty", cli.Count(int(i.Skipped), "other line"))
	}
	w.Say("imported %s", text)
}
