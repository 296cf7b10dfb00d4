package receiver

import (
	"slices"
	"sort"
	"time"
)

// Row is the current state of one order or job, folded from its events.
type Row struct {
	Key
	// Name, Type and Host are what events of the row's trust say about it.
	Name, Type, Host string
	// Status is the current status, and SubStatus what refines it. Both are "" if only
	// events of tasks came. Final says whether the status is the last one.
	Status, SubStatus Status
	Final             bool
	// Trust is the highest trust of the row's events, without those of tasks if there
	// are others. Only events of this trust decide on the status.
	Trust Trust
	// FirstSeen is the time of the earliest event, LastChange when the current status
	// began; without a status it is FirstSeen. Both are UP42's times; without one, the
	// time of arrival.
	FirstSeen, LastChange time.Time
	// Events counts the row's events of any trust, also those of tasks.
	Events int64
	// Seq is the place in the log of the newest event, by arrival.
	Seq int64
	// ShortJourney is the journey for one cell of a table.
	ShortJourney ShortJourney
	// Tasks are the tasks of a job, in the order of their first events, at most MaxTasks.
	// They never change the status of the row.
	Tasks []Task
	// Updates are what the row's events say, in the order of their times, at most
	// MaxUpdates. They are nil if the query did not ask for them.
	Updates []StatusUpdate
}

// MaxUpdates is the largest length of Row.Updates. Beyond it, the row first drops
// updates that changed nothing, then the oldest ones of less trust than the row's, then
// the oldest ones except the first.
const MaxUpdates = 100

// Apply folds an event into the row. The caller makes sure that e.Key is the row's key;
// a new row has only its Key.
//
// The result does not depend on the order in which events arrive, unless there are more
// than MaxUpdates or MaxTasks, or the events give several names, types or hosts. Events
// are ordered by their times; at the same time, a final status comes last.
func (r *Row) Apply(e *Event) {
	at := e.At()
	if r.Events == 0 || at.Before(r.FirstSeen) {
		r.FirstSeen = at
	}
	r.Events++
	r.Seq = max(r.Seq, e.Seq)
	if e.TaskID != "" {
		r.Tasks = addTask(r.Tasks, taskOf(e))
	} else {
		r.addUpdate(e, at)
	}
	if len(r.Updates) == 0 {
		r.LastChange, r.Trust = r.FirstSeen, max(r.Trust, e.Verdict.Trust())
	}
}

// addUpdate folds an event that is not about a task into the row.
func (r *Row) addUpdate(e *Event, at time.Time) {
	u := StatusUpdate{
		Status: Status(clip(string(e.Status))), SubStatus: Status(clip(string(e.SubStatus))),
		Final: e.Final, Trust: e.Verdict.Trust(), At: at, Seq: e.Seq,
	}
	if len(r.Updates) == 0 {
		r.Trust = NoTrust // the trust of tasks does not count any more
	}
	raised := r.describe(e, u)
	i := sort.Search(len(r.Updates), func(i int) bool { return u.before(r.Updates[i]) })
	r.Updates = slices.Insert(r.Updates, i, u)
	if raised || u.Trust == r.Trust {
		r.setStatus()
	}
	r.compact()
	r.ShortJourney = shortJourneyOf(r.Kind, r.Journey())
}

// Journey returns each change of status with its time. It includes changes by events of
// less trust than the row's, which did not change the row: a screen marks them.
func (r *Row) Journey() []StatusUpdate { return changes(r.Updates) }

// Class returns the class of the row: that of its status or, if that is not final and the
// sub-status says more, that of its sub-status.
func (r *Row) Class() Class { return r.Kind.Class(r.Status, r.SubStatus, r.Final) }

// describe sets name, type and host from an event, unless it has less trust than the
// row. An event of more trust replaces what earlier ones said; raised reports that.
func (r *Row) describe(e *Event, u StatusUpdate) (raised bool) {
	if u.Trust < r.Trust {
		return false
	}
	raised = u.Trust > r.Trust
	if raised {
		r.Trust, r.Name, r.Type, r.Host = u.Trust, "", "", ""
	}
	late := !raised && len(r.Updates) > 0 && u.before(r.Updates[len(r.Updates)-1])
	set := func(to *string, from string) {
		if from != "" && (*to == "" || !late) {
			*to = clip(from)
		}
	}
	set(&r.Name, e.DisplayName)
	set(&r.Type, e.Type)
	set(&r.Host, e.Host)
	return raised
}

// setStatus takes the status from the last update of the row's trust, and its beginning
// from the first of the updates before it that have the same status and sub-status.
func (r *Row) setStatus() {
	var last *StatusUpdate
	for i := len(r.Updates) - 1; i >= 0; i-- {
		u := &r.Updates[i]
		if u.Trust != r.Trust {
			continue
		}
		if last == nil {
			last, r.Status, r.SubStatus, r.Final = u, u.Status, u.SubStatus, u.Final
		} else if !u.repeats(last) {
			return
		}
		r.LastChange = u.At
	}
}

// compact drops updates beyond MaxUpdates.
func (r *Row) compact() {
	if len(r.Updates) <= MaxUpdates {
		return
	}
	r.Updates = changes(r.Updates)
	over := len(r.Updates) - MaxUpdates
	r.Updates = slices.DeleteFunc(r.Updates, func(u StatusUpdate) bool {
		if over <= 0 || u.Trust >= r.Trust {
			return false
		}
		over--
		return true
	})
	if over > 0 {
		r.Updates = slices.Delete(r.Updates, 1, 1+over)
	}
}

// rowJSON fixes the names and the order of the fields of a row in JSON.
type rowJSON struct {
	Kind       Kind         `json:"kind" jsonschema:"order or job"`
	ID         string       `json:"id"`
	Name       string       `json:"name" jsonschema:"display name"`
	Type       string       `json:"type" jsonschema:"type of the order, or process of the job"`
	Host       string       `json:"host" jsonschema:"data host"`
	Status     Status       `json:"status" jsonschema:"current status"`
	SubStatus  Status       `json:"subStatus,omitempty" jsonschema:"what refines the status"`
	Class      string       `json:"class" jsonschema:"progress, trouble, waiting, succeeded, failed, cancelled or ended"`
	Final      bool         `json:"final" jsonschema:"the status is the last one"`
	LiveMode   bool         `json:"liveMode" jsonschema:"false if it is made of test events"`
	Trust      string       `json:"trust" jsonschema:"full, partial or unsigned: trust of the events that decide on the status"`
	FirstSeen  time.Time    `json:"firstSeen" jsonschema:"time of the earliest event"`
	LastChange time.Time    `json:"lastChange" jsonschema:"when the current status began"`
	Events     int64        `json:"events" jsonschema:"number of its events"`
	Journey    []changeJSON `json:"journey" jsonschema:"changes of the status, oldest first"`
	Tasks      []taskJSON   `json:"tasks,omitempty" jsonschema:"tasks of a job"`
}

type changeJSON struct {
	Status    Status    `json:"status"`
	SubStatus Status    `json:"subStatus,omitempty"`
	At        time.Time `json:"at"`
	Verdict   string    `json:"verdict,omitempty" jsonschema:"verdict of an event of less trust, which did not count"`
}

type taskJSON struct {
	ID     string    `json:"id"`
	Name   string    `json:"name"`
	Status Status    `json:"status"`
	Class  string    `json:"class"`
	Final  bool      `json:"final"`
	At     time.Time `json:"at"`
}

// JSONShape implements Shaped.
func (Row) JSONShape() any { return rowJSON{} }

// MarshalJSON encodes the row as `jobs --json` and `orders --json` print it. A change
// by an event of less trust than the row's has the verdict of that event.
func (r Row) MarshalJSON() ([]byte, error) {
	out := rowJSON{
		Kind: r.Kind, ID: r.ID, Name: r.Name, Type: r.Type, Host: r.Host,
		Status: r.Status, SubStatus: r.SubStatus, Class: r.Class().Word(), Final: r.Final,
		LiveMode: !r.Test, Trust: r.Trust.String(), FirstSeen: r.FirstSeen.UTC(), LastChange: r.LastChange.UTC(),
		Events: r.Events, Journey: []changeJSON{},
	}
	for _, u := range r.Journey() {
		c := changeJSON{Status: u.Status, SubStatus: u.SubStatus, At: u.At.UTC()}
		if u.Trust < r.Trust {
			c.Verdict = u.Trust.String()
		}
		out.Journey = append(out.Journey, c)
	}
	for i := range r.Tasks {
		t := &r.Tasks[i]
		out.Tasks = append(out.Tasks, taskJSON{t.ID, t.Name, t.Status, t.Class(r.Kind).Word(), t.Final, t.At.UTC()})
	}
	return marshal(out)
}

// RowSet folds events into rows, in memory. It is not safe for concurrent use. A [Log]
// keeps the same rows on disk; both use [Row.Apply].
type RowSet struct {
	rows map[Key]*Row
}

// NewRowSet makes an empty set.
func NewRowSet() *RowSet { return &RowSet{rows: map[Key]*Row{}} }

// Apply folds an event in and returns its row, nil if the event has no row. The row
// stays the set's: later events change it.
func (s *RowSet) Apply(e *Event) *Row {
	k, ok := e.Key()
	if !ok {
		return nil
	}
	r := s.rows[k]
	if r == nil {
		r = &Row{Key: k}
		s.rows[k] = r
	}
	r.Apply(e)
	return r
}

// Row returns a row, nil if it is not in the set. The row stays the set's.
func (s *RowSet) Row(k Key) *Row { return s.rows[k] }

// Len returns the number of rows.
func (s *RowSet) Len() int { return len(s.rows) }
