package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

func newExportCommand(env cli.Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "export [FILE]",
		Short: "Write the whole store as JSON lines",
		Long: `Write everything in the store as JSON lines to FILE, or to standard output: each event
with its body (base64), headers, verdict and number, the rejected deliveries, and the
checkpoints of the readers. "store import" makes the same store from it, bit for bit.

An existing FILE is replaced when the export is complete, not before.`,
		Example: `  up42hooks store export backup.jsonl
  up42hooks store export | gzip > backup.jsonl.gz
  up42hooks store export | jq -r '.event.body // empty | @base64d'`,
		Args: fileArg,
		RunE: func(cmd *cobra.Command, args []string) error {
			return withReader(env, cmd, func(ctx context.Context, _ *config.Config, log *sqlite.Log) error {
				if file := fileOf(args); file != "" {
					return writeWhole(file, func(out io.Writer) error { return log.Export(ctx, out) })
				}
				return log.Export(ctx, env.Stdout)
			})
		},
	}
	config.AddFlags(cmd.Flags(), "config", "store")
	return cmd
}

// writeWhole writes a file that only its owner can read. The file gets its name when
// all of it is on the disk.
func writeWhole(file string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".part-*") // 0600
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
