package status

import (
	"unique"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/detail"
)

// listed is what UP42's API adds to a row.
type listed struct {
	// place is where the row stands among those that deliveries changed.
	place int64
	sub   unique.Handle[string]
	// rules: the row's status is the API's, not that of a delivery.
	rules bool
}

// Newest is the newest event of the log at a time: what UP42 lists as changed
// since then stands above it.
type Newest struct {
	Seq int64
	// At is the event's arrival in microseconds of Unix time; 0: there is none.
	At int64
}

// entry is what the page knows of a row that UP42 lists.
type entry struct {
	listing detail.Listing
	place   int64
	row     *Row // as deliveries made it; nil: none has come
}

// merge makes the row of an entry: from deliveries where there are any, with
// what they don't tell from the API; the API's status only where it is newer.
func (e *entry) merge(k receiver.Kind) *Row {
	l := &e.listing
	if e.row == nil {
		return e.alone(k)
	}
	r := *e.row
	r.name, r.typ = filled(r.name, l.Name, maxName), filled(r.typ, l.Type, maxWord)
	r.listed = &listed{place: r.Seq}
	if e.rules() {
		r.listed.rules, r.listed.place = true, max(r.Seq, e.place)
		r.setStatus(k, l)
		r.trail = unique.Make(r.trail.Value() + stepOf(k, l))
	}
	r.refine(l)
	return &r
}

// rules says whether the API has a later word than the deliveries.
func (e *entry) rules() bool {
	return e.listing.Overrules(receiver.Status(e.row.status.Value()), timeOf(e.row.changed))
}

// alone is the row of which no delivery has come.
func (e *entry) alone(k receiver.Kind) *Row {
	l := &e.listing
	r := &Row{
		ID: l.ID, name: word(l.Name, maxName), typ: word(l.Type, maxWord), host: word("", 0), trail: unique.Make(stepOf(k, l)),
		first: micro(l.Created), trust: receiver.FullTrust, live: true,
		listed: &listed{place: e.place, rules: true},
	}
	if r.first == 0 {
		r.first = micro(l.Updated)
	}
	r.setStatus(k, l)
	r.refine(l)
	return r
}

func (r *Row) setStatus(k receiver.Kind, l *detail.Listing) {
	r.status, r.class = word(string(l.Status), maxWord), l.Status.Class(k)
	r.final, r.changed = r.class != receiver.InProgress, micro(l.Since())
}

// stepOf is the journey that a listing tells of: its status.
func stepOf(k receiver.Kind, l *detail.Listing) receiver.ShortJourney {
	r := receiver.Row{Key: receiver.Key{Kind: k, ID: l.ID}}
	r.Apply(&receiver.Event{Verdict: receiver.Verified, Message: receiver.Message{Status: l.Status}})
	return r.ShortJourney
}

// refine adds the sub-status, which says something only about its own status,
// and nothing any more once that is final.
func (r *Row) refine(l *detail.Listing) {
	r.listed.sub = word("", 0)
	if !r.final && l.Status.Is(receiver.Status(r.status.Value())) {
		r.listed.sub = word(l.SubStatus, maxWord)
	}
}

func filled(have unique.Handle[string], from string, max int) unique.Handle[string] {
	if have.Value() != "" {
		return have
	}
	return word(from, max)
}

// place is where the row stands in the order of what changed last.
func (r *Row) place() int64 {
	if r.listed != nil {
		return r.listed.place
	}
	return r.Seq
}

// fromAPI says that the row's status is the API's.
func (r *Row) fromAPI() bool { return r.listed != nil && r.listed.rules }

// Outdates says whether deliveries have a later word than a listing that says
// something else.
func (r *Row) Outdates(l *detail.Listing) bool {
	s := receiver.Status(r.status.Value())
	return !r.fromAPI() && !l.Status.Is(s) && !l.Overrules(s, timeOf(r.changed))
}

// Final says whether the row's status is the last one.
func (r *Row) Final() bool { return r.final }

// Status is the row's status, clean.
func (r *Row) Status() string { return r.status.Value() }

// SubStatus is what refines the status, clean; "": nothing does.
func (r *Row) SubStatus() string {
	if r.listed == nil {
		return ""
	}
	return r.listed.sub.Value()
}
