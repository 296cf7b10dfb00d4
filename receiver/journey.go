package receiver

import (
	"cmp"
	"slices"
	"time"
)

// StatusUpdate is what one event says about the status of a row.
type StatusUpdate struct {
	Status, SubStatus Status
	Final             bool
	Trust             Trust
	At                time.Time
	// Seq is the event's place in the log.
	Seq int64
}

// Class returns the class of the update's status, if it is about a thing of kind k.
func (u *StatusUpdate) Class(k Kind) Class { return k.Class(u.Status, u.SubStatus, u.Final) }

// repeats says whether an update has the status and sub-status of v.
func (u *StatusUpdate) repeats(v *StatusUpdate) bool {
	return u.Status.Is(v.Status) && u.SubStatus.Is(v.SubStatus)
}

// before orders updates by time. At the same time a final status comes last, so that only a
// later event replaces it; before that, the one that is later in the usual course. The order of
// arrival decides only between updates that say the same: all members of a team have the same rows.
func (u StatusUpdate) before(v StatusUpdate) bool {
	switch {
	case !u.At.Equal(v.At):
		return u.At.Before(v.At)
	case u.Final != v.Final:
		return v.Final
	}
	return cmp.Or(
		cmp.Compare(placeOf(u.Status), placeOf(v.Status)), cmp.Compare(u.Status, v.Status),
		cmp.Compare(u.SubStatus, v.SubStatus), cmp.Compare(u.Trust, v.Trust), cmp.Compare(u.Seq, v.Seq),
	) < 0
}

// placeOf is the place of a status in the usual course, -1 if it is not known.
func placeOf(s Status) int {
	for _, k := range kinds {
		if i := slices.IndexFunc(k.statuses, func(known KnownStatus) bool { return s.Is(known.Name) }); i >= 0 {
			return i
		}
	}
	return -1
}

// changes returns the updates without those that repeat the status and sub-status before
// them. It
// compares each update with the one before of the same trust.
func changes(updates []StatusUpdate) []StatusUpdate {
	out := make([]StatusUpdate, 0, len(updates))
	var last [FullTrust + 1]*StatusUpdate
	for i := range updates {
		u := &updates[i]
		if before := last[u.Trust]; before != nil && u.repeats(before) {
			continue
		}
		last[u.Trust] = u
		out = append(out, *u)
	}
	return out
}

// ShortJourney is a journey for one cell of a table: a [Step] for each of the newest
// changes, oldest first. The store keeps it.
type ShortJourney string

// Step is one change in a ShortJourney.
type Step byte

const (
	maxSteps  = 12
	lowerStep = 0x10 // flag of a step whose event has less trust than its row
	stepBase  = '0'  // makes a step a visible character in the store
)

// Class returns the class of the step's status.
func (s Step) Class() Class { return Class((byte(s) - stepBase) &^ lowerStep) }

// Lower says whether the step's event has less trust than its row.
func (s Step) Lower() bool { return (byte(s)-stepBase)&lowerStep != 0 }

// Steps returns the steps, oldest first.
func (j ShortJourney) Steps() []Step { return []Step(j) }

func shortJourneyOf(k Kind, journey []StatusUpdate) ShortJourney {
	top := NoTrust
	for _, u := range journey {
		top = max(top, u.Trust)
	}
	if over := len(journey) - maxSteps; over > 0 {
		journey = journey[over:]
	}
	b := make([]byte, len(journey))
	for i := range journey {
		u := &journey[i]
		b[i] = stepBase + byte(u.Class(k))
		if u.Trust < top {
			b[i] += lowerStep
		}
	}
	return ShortJourney(b)
}
