package receiver

import (
	"slices"
	"sort"
	"strings"
	"time"
)

// Key names a row.
type Key struct {
	Kind Kind
	ID   string
}

// maxID is the longest id, in bytes, that gets a row of its own. UP42's are
// UUIDs of 36; a longer one is still an event.
const maxID = 1024

func (k Key) usable() bool { return k.Kind != "" && k.ID != "" && len(k.ID) <= maxID }

// Row says where one order or job stands.
type Row struct {
	Key
	// Name, Type and Host are what events of the row's trust said of it.
	Name, Type, Host string
	// Status is the current status, Final whether it is the last one.
	Status Status
	Final  bool
	// Trust is the highest trust of the row's events, which alone decide
	// its status.
	Trust Trust
	// Live is false where only test events were seen.
	Live bool
	// FirstSeen is the time of the row's earliest event, LastChange when the
	// current status began; both by UP42's clock where its events tell it.
	FirstSeen, LastChange time.Time
	// Events counts the row's events of any trust.
	Events int64
	// Seq is the place of the row's newest event, in the order of arrival.
	Seq int64
	// ShortJourney is the journey in its shortest form, for one cell of a table.
	ShortJourney ShortJourney
	// Updates are the row's events in the order of their time, at most
	// MaxPoints; nil where they were not asked for.
	Updates []StatusUpdate
}

// StatusUpdate is one event in a row's life.
type StatusUpdate struct {
	Status Status
	Final  bool
	Trust  Trust
	At     time.Time
	// Seq is the event's place in the log.
	Seq int64
}

// MaxUpdates bounds Row.Points: beyond it, points that changed nothing are
// forgotten first, then the oldest of less trust than the row's, which decide
// nothing, then the oldest but the first.
const MaxUpdates = 100

// maxText is how much of a status, name, type or host a row keeps, in bytes.
// UP42's have some twenty; the event has all of it.
const maxText = 256

// Apply folds an event into the row. The result does not depend on the order
// in which events come, as long as there are no more than MaxPoints.
//
// Events find their place by time; at the same time a final status comes
// later, so that only a newer event leaves it. The caller has seen to it that
// e.Key is the row's; a row starts as its zero value with its Key.
func (r *Row) Apply(e *Event) {
	p := StatusUpdate{Status: Status(clip(string(e.Status))), Final: e.Final, Trust: e.Verdict.Trust(), At: e.At(), Seq: e.Seq}
	newest := r.describe(e, p)
	i := sort.Search(len(r.Updates), func(i int) bool { return p.before(r.Updates[i]) })
	r.Updates = append(r.Updates, StatusUpdate{})
	copy(r.Updates[i+1:], r.Updates[i:])
	r.Updates[i] = p
	if r.Events == 0 || p.At.Before(r.FirstSeen) {
		r.FirstSeen = p.At
	}
	r.Events++
	r.Seq = max(r.Seq, e.Seq)
	if newest || p.Trust == r.Trust {
		r.settle()
	}
	r.compact()
	r.ShortJourney = trailOf(r.Kind, r.Journey())
}

// describe takes over what e says of the row, and forgets what events of less
// trust said. It reports whether e raised the row's trust.
func (r *Row) describe(e *Event, p StatusUpdate) (raised bool) {
	if p.Trust < r.Trust {
		return false
	}
	raised = p.Trust > r.Trust
	if raised {
		r.Trust, r.Name, r.Type, r.Host, r.Live = p.Trust, "", "", "", false
	}
	late := !raised && len(r.Updates) > 0 && p.before(r.Updates[len(r.Updates)-1])
	for _, f := range []struct {
		to   *string
		from string
	}{{&r.Name, e.DisplayName}, {&r.Type, e.Type}, {&r.Host, e.Host}} {
		if f.from != "" && (*f.to == "" || !late) {
			*f.to = clip(f.from)
		}
	}
	r.Live = r.Live || e.LiveMode
	return raised
}

// settle reads status and last change off the points of the row's trust.
func (r *Row) settle() {
	last := -1
	for i := len(r.Updates) - 1; i >= 0; i-- {
		p := &r.Updates[i]
		if p.Trust != r.Trust {
			continue
		}
		if last < 0 {
			last, r.Status, r.Final = i, p.Status, p.Final
		} else if !p.Status.Is(r.Status) {
			return
		}
		r.LastChange = p.At
	}
}

func (p StatusUpdate) before(q StatusUpdate) bool {
	switch {
	case !p.At.Equal(q.At):
		return p.At.Before(q.At)
	case p.Final != q.Final:
		return q.Final
	default:
		return p.Seq < q.Seq
	}
}

func (r *Row) compact() {
	if len(r.Updates) <= MaxUpdates {
		return
	}
	r.Updates = changes(r.Updates)
	over := len(r.Updates) - MaxUpdates
	r.Updates = slices.DeleteFunc(r.Updates, func(p StatusUpdate) bool {
		if over <= 0 || p.Trust >= r.Trust {
			return false
		}
		over--
		return true
	})
	if over > 0 {
		r.Updates = slices.Delete(r.Updates, 1, 1+over)
	}
}

// clip cuts a text that is longer than what a row keeps of it. It copies then: a
// short text must not keep a long one in memory.
func clip(s string) string {
	if len(s) <= maxText {
		return s
	}
	return strings.ToValidUTF8(strings.Clone(s[:maxText]), "")
}

// Journey is each change of status and when it came: the points without those
// that repeat the status before them. A point of less trust than the row's is
// in it, for the screen to mark, though it changed nothing.
func (r *Row) Journey() []StatusUpdate { return changes(r.Updates) }

func changes(points []StatusUpdate) []StatusUpdate {
	out := make([]StatusUpdate, 0, len(points))
	var last [FullTrust + 1]Status
	for _, p := range points {
		if last[p.Trust] != "" && last[p.Trust].Is(p.Status) {
			continue
		}
		last[p.Trust] = p.Status
		out = append(out, p)
	}
	return out
}

// Class returns the class of the row's status. A final status that is not known has
// the class Ended.
func (r *Row) Class() Class { return r.Status.Class(r.Kind).orEnded(r.Final) }

// Class returns the class of the update's status, if it is one of a thing of kind k.
func (p *StatusUpdate) Class(k Kind) Class { return p.Status.Class(k).orEnded(p.Final) }

type changeJSON struct {
	Status  Status    `json:"status"`
	At      time.Time `json:"at"`
	Verdict string    `json:"verdict,omitempty"`
}

type rowJSON struct {
	Kind       Kind         `json:"kind"`
	ID         string       `json:"id"`
	Name       string       `json:"name"`
	Type       string       `json:"type"`
	Host       string       `json:"host"`
	Status     Status       `json:"status"`
	Final      bool         `json:"final"`
	LiveMode   bool         `json:"liveMode"`
	Trust      string       `json:"trust"`
	FirstSeen  time.Time    `json:"firstSeen"`
	LastChange time.Time    `json:"lastChange"`
	Events     int64        `json:"events"`
	Journey    []changeJSON `json:"journey"`
}

// MarshalJSON writes the row under the names of design.md §3. A change that
// came with less trust than the row's carries its verdict.
func (r Row) MarshalJSON() ([]byte, error) {
	out := rowJSON{
		Kind: r.Kind, ID: r.ID, Name: r.Name, Type: r.Type, Host: r.Host, Status: r.Status, Final: r.Final,
		LiveMode: r.Live, Trust: r.Trust.String(), FirstSeen: r.FirstSeen.UTC(), LastChange: r.LastChange.UTC(),
		Events: r.Events, Journey: []changeJSON{},
	}
	for _, p := range r.Journey() {
		c := changeJSON{Status: p.Status, At: p.At.UTC()}
		if p.Trust < r.Trust {
			c.Verdict = p.Trust.String()
		}
		out.Journey = append(out.Journey, c)
	}
	return marshal(out)
}
