package feed

import (
	"time"
	"unique"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/text"
)

const maxWord = 40

// Entry is what a line of the feed needs of a delivery. Bodies and headers
// stay in the store. It is not changed once made. Its words are clean; the id
// is as it came.
type Entry struct {
	// Seq is the delivery's place among the events, or among the rejected ones.
	Seq     int64
	Verdict receiver.Verdict
	Kind    receiver.Kind

	name, id, status, reason unique.Handle[string]
	webhook                  unique.Handle[webhook]
	about                    unique.Handle[about]
	at                       int64 // microseconds of Unix time
	class                    receiver.Class
	final, live              bool
}

// about is what a filter can ask for and no column shows, clean.
type about struct {
	name, typ, host string
	secret          receiver.SecretRef
}

func aboutOf(e *receiver.Event) about {
	return about{
		name: text.Clean(e.DisplayName, maxName), typ: text.Clean(e.Type, maxWord), host: text.Clean(e.Host, maxWord), secret: e.Secret,
	}
}

// EntryOf makes an Entry. It keeps nothing else of e.
func EntryOf(e *receiver.Event) *Entry {
	return &Entry{
		Seq: e.Seq, Verdict: e.Verdict, Kind: e.Kind,
		name: word(e.Name, maxWord), id: unique.Make(e.ID), status: word(string(e.Status), maxWord),
		reason: unique.Make(string(e.Reason)), webhook: unique.Make(webhook{id: e.Webhook}), about: unique.Make(aboutOf(e)), at: e.ReceivedAt.UnixMicro(),
		class: e.Class(), final: e.Final, live: e.LiveMode,
	}
}

func word(s string, max int) unique.Handle[string] { return unique.Make(text.Clean(s, max)) }

// Rejected says that the delivery was not let in.
func (e *Entry) Rejected() bool { return e.Verdict == receiver.Rejected }

// Key names the delivery among all of the feed: rejected ones, which have a
// sequence of their own, are negative.
func (e *Entry) Key() int64 {
	if e.Rejected() {
		return -e.Seq
	}
	return e.Seq
}

// At is when the delivery came.
func (e *Entry) At() time.Time { return time.UnixMicro(e.at) }

// ID is the id of the order or job that the delivery is about, as it came; "":
// it names none.
func (e *Entry) ID() string { return e.id.Value() }
