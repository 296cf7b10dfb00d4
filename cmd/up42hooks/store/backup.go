package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/progress"
	"github.com/up42/up42-webhooks/receiver/outfile"
	"github.com/up42/up42-webhooks/receiver/sqlite"
	"github.com/up42/up42-webhooks/receiver/sqlite/vacuum"
)

func newBackupCommand(env cli.Env) *cobra.Command {
	var o cli.Form
	var replace bool
	cmd := &cobra.Command{
		Use:   "backup FILE",
		Short: "Copy the store into one file, also while a receiver runs",
		Long: `Write a copy of the store to FILE, as it is when the command starts, also while a receiver
writes to it. FILE is a store: every command reads it with --store FILE, and a receiver can
go on with it. It is for its owner only, and has nothing of deleted events.

FILE gets its name when the copy is whole and on disk. An existing FILE is an error; with
--replace an older backup is replaced, and nothing else. If the command is interrupted,
FILE is as it was.

"doctor --backup FILE" checks a backup: whether it can be read, how old it is, and how many
events it lacks.`,
		Example: `  up42hooks store backup /mnt/backup/events.db
  up42hooks store backup --replace /mnt/backup/events.db`,
		Args: oneFile,
		RunE: func(cmd *cobra.Command, args []string) error {
			return withReader(env, cmd, func(ctx context.Context, _ *config.Config, log *sqlite.Log) error {
				return (&backingUp{env, &o, log, args[0], replace}).run(ctx)
			})
		},
	}
	config.AddFlags(cmd.Flags(), "config", "store")
	o.AddFlags(cmd.Flags(), "print JSON")
	cmd.Flags().BoolVar(&replace, "replace", false, "replace an older backup")
	return cmd
}

// backingUp is a backup of a store into a file.
type backingUp struct {
	env     cli.Env
	form    *cli.Form
	log     *sqlite.Log
	file    string
	replace bool
}

func (b *backingUp) run(ctx context.Context) error {
	if b.isTheStore() {
		return &outfile.Error{Name: b.file, Problem: "is the store itself", Advice: "name another file"}
	}
	var record backupRecord
	err := outfile.Make(b.file, b.replace, func(temp string) (err error) {
		if err := b.mayReplace(ctx); err != nil {
			return err
		}
		if err := b.copy(ctx, temp); err != nil {
			return err
		}
		record, err = b.look(ctx, temp)
		return err
	})
	switch {
	case err != nil && ctx.Err() != nil:
		return cli.Failed(fmt.Sprintf("interrupted: %s is as it was", b.file))
	case errors.Is(err, fs.ErrExist):
		return fmt.Errorf("%w, or replace it with --replace", err)
	case err != nil:
		return err
	}
	return cli.Print(b.env, b.form, func() error {
		b.env.Say("%s has %s and %s rejected, in %s", b.file, cli.Count(int(record.Events), "event"), humanize.Comma(record.Rejected), humanize.IBytes(uint64(record.Bytes)))
		return nil
	}, record)
}

func (b *backingUp) copy(ctx context.Context, temp string) error {
	shown, p := progress.Start(b.env, progress.Options{Doing: "backup", Unit: progress.Bytes, JSON: b.form.JSON()})
	defer p.Stop()
	err := b.log.Backup(ctx, temp, vacuum.Options{
		Begin: func(needed, free int64) {
			shown.Say("the copy needs up to %s of the disk, %s are free", humanize.IBytes(uint64(needed)), humanize.IBytes(uint64(free)))
		},
		Report: p.Set,
	})
	return b.named(err, temp)
}

// named gives an error of the copy the name that the user knows: that of the backup. What is damaged
// there was copied from the store.
func (b *backingUp) named(err error, temp string) error {
	var failed *sqlite.Error
	if errors.As(err, &failed) && failed.File == temp {
		failed.File = b.file
		if failed.Failure == sqlite.ErrDamaged {
			failed.File = b.log.File()
		}
	}
	return err
}

// look opens the copy as a store, and returns what it has.
func (b *backingUp) look(ctx context.Context, temp string) (_ backupRecord, err error) {
	defer func() { err = b.named(err, temp) }()
	log, err := OpenReader(ctx, b.env, temp)
	if err != nil {
		return backupRecord{}, err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	info, err := log.Info(ctx)
	return backupRecord{b.file, info.Size, info.Events(), info.Kept, info.LastSeq}, err
}

func (b *backingUp) isTheStore() bool {
	store, err := os.Stat(b.log.File())
	if err != nil {
		return false
	}
	there, err := os.Stat(b.file)
	return err == nil && os.SameFile(store, there)
}

// mayReplace refuses to replace what is no backup of this program, or is in use.
func (b *backingUp) mayReplace(ctx context.Context) error {
	if _, err := os.Stat(b.file); err != nil || !b.replace {
		return nil //nolint:nilerr // there is nothing to replace
	}
	if holder, err := HeldBy(b.file); err != nil || holder != nil {
		return errors.Join(err, &outfile.Error{Name: b.file, Problem: "is a store that a receiver uses", Advice: "name another file"})
	}
	if info, err := os.Stat(b.file + "-wal"); err == nil && info.Size() > 0 {
		return &outfile.Error{Name: b.file, Problem: "is a store with a write-ahead log, not a backup", Advice: "name another file"}
	}
	old, err := OpenReader(ctx, b.env, b.file)
	switch {
	case err == nil:
		return old.Close()
	case errors.Is(err, sqlite.ErrOlder):
		return nil
	}
	return &outfile.Error{Name: b.file, Problem: "is no backup that can be read", Advice: "delete it, or name another file", Cause: err}
}
