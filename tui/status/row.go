package status

import (
	"time"
	"unique"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/text"
)

// The longest texts, in cells, that a row keeps of what came from outside. The
// details show all of it.
const (
	maxWord = 40
	maxName = 80
)

// Row is what a line of the table needs of a receiver.Row: about 140 bytes, as
// a hundred thousand of them are held. It is not changed once made. Its words
// are clean; ID is as it came.
type Row struct {
	ID string
	// Seq is the place of the event that changed the row last; 0: none has
	// come, the row is from UP42's list.
	Seq int64

	name, typ, host, status unique.Handle[string]
	trail                   unique.Handle[receiver.ShortJourney]
	first, changed          int64 // microseconds of Unix time; 0: not known
	events                  int32
	class                   receiver.Class
	trust                   receiver.Trust
	final, live             bool
	listed                  *listed // nil: UP42's API said nothing of it
}

// RowOf makes a Row. It keeps nothing else of r.
func RowOf(r *receiver.Row) *Row {
	return &Row{
		ID: r.ID, Seq: r.Seq,
		name: word(r.Name, maxName), typ: word(r.Type, maxWord), host: word(r.Host, maxWord),
		status: word(string(r.Status), maxWord), trail: unique.Make(r.ShortJourney),
		first: micro(r.FirstSeen), changed: micro(r.LastChange),
		events: int32(min(r.Events, 1<<31-1)), class: r.Class(), trust: r.Trust,
		final: r.Final, live: r.Live,
	}
}

func word(s string, max int) unique.Handle[string] { return unique.Make(text.Clean(s, max)) }

func micro(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// since is how long ago a moment of the row was; ok is false where it is not
// known.
func since(now time.Time, micros int64) (d time.Duration, ok bool) {
	return now.Sub(time.UnixMicro(micros)), micros != 0
}
