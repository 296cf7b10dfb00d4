package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

func NewCommand(w cli.Env) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "store",
		Short: "Look after the store: what is in it, make it small, copy it, check it",
		Long: `Look after the store. Info, export and verify read it, also while a receiver writes it;
compact, import and forget want it for themselves: stop the receiver first.`,
		Example: `  up42hooks store info
  up42hooks store export backup.jsonl
  up42hooks store import --store copy.db backup.jsonl
  up42hooks store verify && up42hooks store compact`,
		Args: cli.KnownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		newStoreInfoCommand(w), newStoreCompactCommand(w), newStoreExportCommand(w), newStoreImportCommand(w),
		newStoreVerifyCommand(w), newStoreForgetCommand(w),
	)
	return cmd
}

// interrupted is a context that ends with the command's and when the user ends
// the program.
func interrupted(cmd *cobra.Command) (context.Context, context.CancelFunc) {
	return signal.NotifyContext(cmd.Context(), syscall.SIGINT, syscall.SIGTERM)
}

// readStore runs a command that looks at the store named by its flags.
func readStore(w cli.Env, cmd *cobra.Command, do func(context.Context, *config.Config, *sqlite.Log) error) (err error) {
	c, _, err := config.Load(cmd.Flags(), w.Getenv)
	if err != nil {
		return cli.UsageError(err)
	}
	ctx, stop := interrupted(cmd)
	defer stop()
	log, err := OpenReader(ctx, w, c.Store)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	return do(ctx, c, log)
}

// ownStore runs a command that has the store named by its flags for itself. Its
// file need not be there, its folder is.
func ownStore(w cli.Env, cmd *cobra.Command, do func(context.Context, *config.Config) error) (err error) {
	c, _, err := config.Load(cmd.Flags(), w.Getenv)
	if err != nil {
		return cli.UsageError(err)
	}
	ctx, stop := interrupted(cmd)
	defer stop()
	lock, err := TakeLock(ctx, c.Store)
	if held := (*Holder)(nil); errors.As(err, &held) {
		return fmt.Errorf("%w: stop it first", held)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	return do(ctx, c)
}

// oneFile is for the commands that take one file, or standard input or output.
func oneFile(cmd *cobra.Command, args []string) error {
	if len(args) > 1 {
		return cli.UsageError(fmt.Errorf("%s takes one FILE, but got %d; see %s --help", cmd.CommandPath(), len(args), cmd.CommandPath()))
	}
	return nil
}

// fileOf is the file that was named, "" for standard input or output.
func fileOf(args []string) string {
	if len(args) == 0 || args[0] == "-" {
		return ""
	}
	return args[0]
}

// missingStore is the error of a store that is not there.
func missingStore(file string) error {
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return &sqlite.Error{File: file, Failure: sqlite.ErrMissing}
	}
	return nil
}
