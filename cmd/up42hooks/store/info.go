package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// storeInfo is what `store info --json` prints.
type storeInfo struct {
	File       string      `json:"file"`
	Size       int64       `json:"size"`
	Free       int64       `json:"free"`
	Schema     int         `json:"schema"`
	Events     int64       `json:"events"`
	Deleted    int64       `json:"deleted"`
	Rejected   int64       `json:"rejected"`
	Kept       int64       `json:"rejectedKept"`
	Duplicates int64       `json:"duplicates"`
	Orders     int64       `json:"orders"`
	Jobs       int64       `json:"jobs"`
	First      *storePlace `json:"first"`
	Last       *storePlace `json:"last"`
	Readers    []readerAt  `json:"readers"`
}

type storePlace struct {
	Seq        int64     `json:"seq"`
	ReceivedAt time.Time `json:"receivedAt"`
}

type readerAt struct {
	Name     string `json:"name"`
	Cursor   int64  `json:"cursor"`
	Ahead    int    `json:"ahead"`
	Behind   int64  `json:"behind"`
	Failures int64  `json:"failures"`
}

func newStoreInfoCommand(w cli.Env) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "info",
		Short: "Say what is in the store and how large it is",
		Long: `Say what is in the store, how large it is, and how far its readers (--forward-to,
--exec) got. Sizes are in bytes with --json.`,
		Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return readStore(w, cmd, func(ctx context.Context, c *config.Config, log *sqlite.Log) error {
				i, err := log.Info(ctx)
				if err != nil {
					return err
				}
				if asJSON {
					return cli.PrintJSON(w, storeInfoOf(&i))
				}
				return printStoreInfo(w, c, &i)
			})
		},
	}
	config.AddFlags(cmd.Flags(), "store")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func storeInfoOf(i *sqlite.Info) storeInfo {
	out := storeInfo{
		File: i.File, Size: i.Size, Free: i.Free, Schema: i.Schema, Events: i.Events(), Deleted: i.Deleted,
		Rejected: i.Rejected, Kept: i.Kept, Duplicates: i.Duplicates, Orders: i.Rows.Of(receiver.Order), Jobs: i.Rows.Of(receiver.Job),
		First: storePlaceOf(i.First), Last: storePlaceOf(i.Last), Readers: []readerAt{},
	}
	for _, r := range i.Readers {
		ahead := len(r.Done)
		out.Readers = append(out.Readers, readerAt{r.Name, r.Cursor, ahead, max(0, i.LastSeq-r.Cursor-int64(ahead)), r.Failures})
	}
	return out
}

func storePlaceOf(m sqlite.Position) *storePlace {
	if m.Seq == 0 {
		return nil
	}
	return &storePlace{m.Seq, m.At}
}

// fact is a line of `store info`.
type fact struct{ name, text string }

func printStoreInfo(w cli.Env, c *config.Config, i *sqlite.Info) error {
	facts := []fact{
		{"file", i.File},
		{"size", fmt.Sprintf("%s, of which %s are free for new events", humanize.IBytes(uint64(i.Size)), humanize.IBytes(uint64(i.Free)))},
		{"layout", "version " + strconv.Itoa(i.Schema)},
		{"events", fmt.Sprintf("%s, from %s to %s", humanize.Comma(i.Events()), momentText(i.First), momentText(i.Last))},
		{"deleted", humanize.Comma(i.Deleted) + ", by --keep or --keep-events"},
		{"rejected", fmt.Sprintf("%s, of which %s are kept", humanize.Comma(i.Rejected), humanize.Comma(i.Kept))},
		{"duplicates", humanize.Comma(i.Duplicates)},
		{"orders", humanize.Comma(i.Rows.Of(receiver.Order))},
		{"jobs", humanize.Comma(i.Rows.Of(receiver.Job))},
	}
	for _, r := range storeInfoOf(i).Readers {
		text := fmt.Sprintf("%s is done up to event %d, %s behind", r.Name, r.Cursor, humanize.Comma(r.Behind))
		if r.Failures > 0 {
			text += ", gave up " + humanize.Comma(r.Failures)
		}
		facts = append(facts, fact{"reader", text})
	}
	l := cli.NewListing(w, cli.NewTheme(w, c.Theme, c.HighContrast), []cli.Column[fact]{
		{Title: "STORE", Cell: func(f fact) string { return strings.ToUpper(f.name[:1]) + f.name[1:] }},
		{Title: "", Least: 16, Cell: func(f fact) string { return f.text }},
	})
	return l.Print(facts)
}

func momentText(m sqlite.Position) string {
	if m.Seq == 0 {
		return "none"
	}
	return fmt.Sprintf("%d (%s)", m.Seq, m.At.Format(time.RFC3339))
}
