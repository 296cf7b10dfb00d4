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
	"github.com/up42/up42-webhooks/receiver/safe"
	"github.com/up42/up42-webhooks/receiver/sqlite"
	"github.com/up42/up42-webhooks/tui/number"
)

// InfoRecord is what `store info --json` prints.
type InfoRecord struct {
	File       string          `json:"file"`
	Size       int64           `json:"bytes"`
	Free       int64           `json:"free"`
	Schema     int             `json:"layout"`
	Events     int64           `json:"events"`
	Deleted    int64           `json:"deleted"`
	Rejected   int64           `json:"rejected"`
	Kept       int64           `json:"rejectedKept"`
	Duplicates int64           `json:"duplicates"`
	Conflicts  int64           `json:"conflicts"`
	Unmatched  int64           `json:"unmatched"`
	Orders     int64           `json:"orders"`
	Jobs       int64           `json:"jobs"`
	First      *positionRecord `json:"first"`
	Last       *positionRecord `json:"last"`
	Readers    []readerRecord  `json:"readers"`
	Streams    []streamRecord  `json:"streams"`
}

type streamRecord struct {
	Name   string    `json:"name"`
	Read   uint64    `json:"read"`
	Joined time.Time `json:"joined"`
}

type positionRecord struct {
	Seq        int64     `json:"seq"`
	ReceivedAt time.Time `json:"receivedAt"`
}

type readerRecord struct {
	Name     string `json:"name"`
	Cursor   int64  `json:"cursor"`
	Ahead    int64  `json:"ahead"`
	Behind   int64  `json:"behind"`
	Failures int64  `json:"failures"`
}

func newInfoCommand(env cli.Env) *cobra.Command {
	var o cli.Form
	cmd := &cobra.Command{
		Use:   "info",
		Short: "Show what is in the store and how large it is",
		Long: `Show what is in the store, how large it is, the checkpoints of its readers
(--forward-to, --exec, --stream), and how far it has read a team's stream. With --json sizes are in bytes.`,
		Args: cli.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withReader(env, cmd, func(ctx context.Context, c *config.Config, log *sqlite.Log) error {
				info, err := log.Info(ctx)
				if err != nil {
					return err
				}
				return cli.Print(env, &o, func() error { return printInfo(env, c, &info) }, NewInfoRecord(&info))
			})
		},
	}
	config.AddFlags(cmd.Flags(), "config", "store", "color")
	o.AddFlags(cmd.Flags(), "print JSON")
	return cmd
}

// NewInfoRecord returns what `store info --json` prints.
func NewInfoRecord(i *sqlite.Info) InfoRecord {
	return InfoRecord{
		File: i.File, Size: i.Size, Free: i.Free, Schema: i.Schema, Events: i.Events(), Deleted: i.Deleted,
		Rejected: i.Rejected, Kept: i.Kept, Duplicates: i.Duplicates, Conflicts: i.Conflicts, Unmatched: i.Unmatched, Orders: i.Rows.Of(receiver.Order), Jobs: i.Rows.Of(receiver.Job),
		First: newPositionRecord(i.First), Last: newPositionRecord(i.Last), Readers: newReaderRecords(i), Streams: newStreamRecords(i),
	}
}

func newStreamRecords(i *sqlite.Info) []streamRecord {
	out := []streamRecord{}
	for _, s := range i.Streams {
		out = append(out, streamRecord{s.Name, s.Place, s.Joined})
	}
	return out
}

func newPositionRecord(p sqlite.Position) *positionRecord {
	if p.Seq == 0 {
		return nil
	}
	return &positionRecord{p.Seq, p.At}
}

func newReaderRecords(i *sqlite.Info) []readerRecord {
	out := []readerRecord{}
	for _, r := range i.Readers {
		ahead := r.Ahead()
		out = append(out, readerRecord{safe.Name(r.Name), r.Cursor, ahead, max(0, i.LastSeq-r.Cursor-ahead), r.Failures})
	}
	return out
}

// infoLine is a line of `store info`.
type infoLine struct{ name, text string }

func printInfo(env cli.Env, c *config.Config, i *sqlite.Info) error {
	lines := []infoLine{
		{"file", i.File},
		{"size", fmt.Sprintf("%s, of which %s are free for new events", humanize.IBytes(uint64(i.Size)), humanize.IBytes(uint64(i.Free)))},
		{"layout", "version " + strconv.Itoa(i.Schema)},
		{"events", fmt.Sprintf("%s, from %s to %s", number.Format(i.Events()), positionText(i.First), positionText(i.Last))},
		{"deleted", number.Format(i.Deleted) + ", by --keep or --keep-events, or lost with a damaged page"},
		{"rejected", fmt.Sprintf("%s, of which %s are kept", number.Format(i.Rejected), number.Format(i.Kept))},
		{"duplicates", number.Format(i.Duplicates)},
		{"conflicts", number.Format(i.Conflicts)},
		{"unmatched", number.Of(i.Unmatched, "request that was no delivery", "requests that were no deliveries")},
	}
	for _, k := range receiver.Kinds() {
		lines = append(lines, infoLine{k.Plural(), number.Format(i.Rows.Of(k))})
	}
	for _, r := range newReaderRecords(i) {
		text := fmt.Sprintf("%s is done up to event %d, %s behind", r.Name, r.Cursor, number.Format(r.Behind))
		if r.Failures > 0 {
			text += ", gave up " + number.Format(r.Failures)
		}
		lines = append(lines, infoLine{"reader", text})
	}
	for _, s := range i.Streams {
		text := fmt.Sprintf("%s is read up to message %d, since %s", s.Name, s.Place, s.Joined.Format(time.RFC3339))
		lines = append(lines, infoLine{"stream", text})
	}
	l := cli.NewListing(env, config.NewTheme(env, c), []cli.Column[infoLine]{
		{Title: "STORE", Cell: func(l infoLine) string { return strings.ToUpper(l.name[:1]) + l.name[1:] }},
		{Title: "", Least: 16, Cell: func(l infoLine) string { return l.text }},
	})
	return l.Print(lines)
}

func positionText(p sqlite.Position) string {
	if p.Seq == 0 {
		return "none"
	}
	return fmt.Sprintf("%d (%s)", p.Seq, p.At.Format(time.RFC3339))
}
