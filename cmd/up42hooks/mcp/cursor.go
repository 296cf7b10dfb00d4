package mcp

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/up42/up42-webhooks/receiver"
)

// cursor is a place in the store, between two deliveries: after the one with a number. As text
// it is that number, such as 12 or r7, and a hash of that delivery, if the store has it. So a
// cursor of another store is noticed.
type cursor struct {
	receiver.Number
	hash string
}

func (c cursor) String() string {
	if c.hash == "" {
		return c.Number.String()
	}
	return c.Number.String() + "-" + c.hash
}

// parseCursor reads a cursor among events, or among rejected deliveries.
func parseCursor(text string, rejected bool) (cursor, error) {
	number, hash, _ := strings.Cut(text, "-")
	n, ok := receiver.ParseNumber(number)
	if number == "0" || number == "r0" {
		n, ok = receiver.Number{Rejected: number == "r0"}, true
	}
	switch {
	case !ok:
		return cursor{}, fmt.Errorf("cursor: %q is not a cursor: give one that a tool has returned, or none", text)
	case n.Rejected != rejected:
		return cursor{}, fmt.Errorf("cursor: %q is a cursor among %s: it does not fit here", text, deliveries(n.Rejected))
	}
	return cursor{n, hash}, nil
}

func deliveries(rejected bool) string {
	if rejected {
		return "rejected deliveries"
	}
	return "events"
}

// cursorAt returns the cursor after a delivery.
func cursorAt(ctx context.Context, log receiver.Reader, n receiver.Number) (cursor, error) {
	e, err := receiver.EventAt(ctx, log, n.Seq, n.Rejected)
	if err != nil || e == nil {
		return cursor{Number: n}, err
	}
	return cursor{n, hashOf(e)}, nil
}

// hashOf identifies a delivery.
func hashOf(e *receiver.Event) string {
	body := e.BodySHA256()
	sum := sha256.Sum256(binary.BigEndian.AppendUint64(body[:], uint64(e.ReceivedAt.UnixNano())))
	return hex.EncodeToString(sum[:4])
}

// check returns an error if the cursor is not of this store. Its newest delivery has the
// number last.
func (c cursor) check(ctx context.Context, log receiver.Reader, last int64) error {
	there, err := cursorAt(ctx, log, c.Number)
	if err != nil {
		return err
	}
	if c.Seq > last && c.hash == "" {
		return fmt.Errorf("cursor: %q is not a cursor of this store: give one that a tool has returned, or none", c)
	}
	if c.Seq > last || c.hash != "" && there.hash != "" && c.hash != there.hash {
		return fmt.Errorf("the store was replaced since cursor %v: all in it is new, so begin again without a cursor", c)
	}
	return nil
}

// newest returns the cursor after the newest delivery of a store.
func newest(ctx context.Context, log receiver.Reader, rejected bool) (cursor, error) {
	counts, err := log.Counts(ctx)
	if err != nil {
		return cursor{}, err
	}
	n := receiver.Number{Seq: counts.LastSeq, Rejected: rejected}
	if rejected {
		n.Seq = counts.LastRejected
	}
	return cursorAt(ctx, log, n)
}
