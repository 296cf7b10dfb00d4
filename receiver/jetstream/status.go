package jetstream

import (
	"cmp"
	"log/slog"
	"maps"
	"sync"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// warnEvery is the least time between two warnings about the same thing.
const warnEvery = time.Minute

// Status is the state of a member of a team.
type Status struct {
	// Server is the server that the member is connected to, "" if it is not connected.
	Server string
	// Failing is since when the member can't use the stream, zero if it can. Err says why.
	Failing time.Time
	Err     string
	// Cursor is the Seq up to which the stream has all events of the store.
	Cursor int64
	// Published counts the events that the stream took since the start, Known those that it
	// had already, GivenUp those that it will never take.
	Published, Known, GivenUp int64
	// Place is the last message of the stream that is stored or skipped, Behind how many come
	// after it.
	Place, Behind uint64
	// Applied counts the events that came from others since the start, Skipped the messages that
	// other programs wrote, Missed those that were gone before they were read.
	Applied, Skipped, Missed int64
	// LastPublished is when the stream last took an event, zero if it took no event.
	LastPublished time.Time
}

// activity is something that a member does.
type activity int

const (
	connecting activity = iota
	publishing
	following
	sharing
)

// subjects begins the subjects of the requests of an activity.
func (a activity) subjects() string {
	switch a {
	case publishing:
		return "up42."
	case sharing:
		return bucketSubject
	default:
		return apiSubject
	}
}

// failure is the line of the log about an activity that fails.
func (a activity) failure() string {
	switch a {
	case publishing:
		return "the team's stream takes no events; they wait in the store"
	case following:
		return "the team's stream can't be read; it goes on with what is in the store"
	case sharing:
		return "this member can't forward for the team; events wait in the stream"
	default:
		return "the team's stream can't be used; events wait in the store"
	}
}

// statusKeeper keeps the status and logs its changes. It is safe for concurrent use.
type statusKeeper struct {
	log *slog.Logger

	mu       sync.Mutex
	status   Status
	problems [4]string            // of each activity
	warned   map[string]time.Time // when each problem was logged last
	unsaved  bool                 // the checkpoint could not be saved
	reads    bool                 // the stream is followed since the connection was made
}

func (k *statusKeeper) get() Status {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.status
}

func (k *statusKeeper) change(how func(*Status)) {
	k.mu.Lock()
	defer k.mu.Unlock()
	how(&k.status)
}

// connected notes a connection whose stream is as it should be.
func (k *statusKeeper) connected(server string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.status.Server = server
	k.solve(connecting)
	k.log.Info("connected to the team's stream", "server", server)
}

// due reports whether it is time to log a problem: the same one is logged once a minute. The caller
// has the mutex.
func (k *statusKeeper) due(problem string) bool {
	now := time.Now()
	if at, ok := k.warned[problem]; ok && now.Sub(at) < warnEvery {
		return false
	}
	maps.DeleteFunc(k.warned, func(_ string, at time.Time) bool { return now.Sub(at) >= warnEvery })
	if k.warned == nil {
		k.warned = map[string]time.Time{}
	}
	k.warned[problem] = now
	return true
}

// failed notes what can't be done. It logs an error once a minute, and a new one at once.
func (k *statusKeeper) failed(what activity, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	text := err.Error()
	if k.status.Failing.IsZero() {
		k.status.Failing = time.Now()
	}
	k.problems[what] = text
	k.status.Err = cmp.Or(k.problems[:]...)
	if k.due(text) {
		k.log.Warn(what.failure(), "error", text)
	}
}

// solve notes that something works.
func (k *statusKeeper) solve(what activity) {
	k.problems[what] = ""
	if k.status.Err = cmp.Or(k.problems[:]...); k.status.Err == "" {
		k.status.Failing = time.Time{}
	}
}

// works notes that something works.
func (k *statusKeeper) works(what activity) { k.change(func(*Status) { k.solve(what) }) }

// disconnected notes the end of a connection.
func (k *statusKeeper) disconnected() {
	k.change(func(s *Status) {
		s.Server = ""
		k.reads = false
	})
}

// caughtUp reports whether the stream is followed, and almost all of it is in the store.
func (k *statusKeeper) caughtUp() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.reads && k.problems[following] == "" && k.status.Behind < followed
}

// publishes notes that all events up to one are in the stream.
func (k *statusKeeper) publishes(cursor int64) {
	k.change(func(s *Status) {
		s.Cursor = cursor
		k.solve(publishing)
	})
}

// published notes an answer. known says that the stream had the event already.
func (k *statusKeeper) published(known bool) {
	k.change(func(s *Status) {
		if known {
			s.Known++
			return
		}
		s.Published++
		s.LastPublished = time.Now()
	})
}

func (k *statusKeeper) gaveUp(seq int64, why error) {
	k.change(func(s *Status) { s.GivenUp++ })
	k.log.Error("the team's stream will never take an event", "seq", seq, "error", why)
}

// follows notes how far the stream is followed. works says that it could be read up to there.
func (k *statusKeeper) follows(place, behind uint64, works bool) {
	k.change(func(s *Status) {
		s.Place, s.Behind = place, behind
		k.reads = true
		if works {
			k.solve(following)
		}
	})
}

// applied notes events that came from others.
func (k *statusKeeper) applied(receipts []receiver.Receipt) {
	k.change(func(s *Status) {
		for i := range receipts {
			if !receipts[i].Duplicate {
				s.Applied++
			}
		}
	})
}

// skipped notes a message that another program wrote. Only the first one is logged.
func (k *statusKeeper) skipped(place uint64, why error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.status.Skipped++; k.status.Skipped == 1 {
		k.log.Warn("skipped a message of the team's stream, more are only counted; let only receivers publish on "+subjects, "message", place, "reason", brief(why))
	}
}

// missed notes messages that were gone from the stream before they were read. A new member has
// missed nothing that it knew of.
func (k *statusKeeper) missed(n uint64, isNew bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.status.Missed += int64(n)
	switch {
	case isNew:
		k.log.Info("the team's stream has no longer its oldest events", "messages", n)
	case k.due("missed"):
		k.log.Warn("events are gone from the team's stream that this member has not read; it goes on with those that are there", "messages", n)
	}
}

// unforwarded notes messages that were gone from the stream before they were read to be forwarded.
func (k *statusKeeper) unforwarded(n uint64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.due("unforwarded") {
		k.log.Warn("events are gone from the team's stream that may not have been forwarded; the stores of the members have them", "messages", n)
	}
}

// saved notes whether the checkpoint could be saved.
func (k *statusKeeper) saved(err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if failed := err != nil; failed != k.unsaved {
		k.unsaved = failed
		if failed {
			k.log.Error("can't save how far the team's stream is", "error", err)
		}
	}
}

// clock notes how far the clock of this machine is ahead of that of a server.
func (k *statusKeeper) clock(ahead time.Duration) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if ahead.Abs() >= ClocksDiffer && k.due("clock") {
		k.log.Warn("the clock of this machine differs from that of the team's server: set both by NTP", "by", ahead.Round(time.Second))
	}
}

// slow notes how long the stream took for its answers.
func (k *statusKeeper) slow(took time.Duration) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.due("slow") {
		k.log.Warn("the team's servers answer slowly: look at them, and at the network", "after", took.Round(100*time.Millisecond))
	}
}

// namesake notes a message that another member published under the name of this one.
func (k *statusKeeper) namesake(name string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.due("namesake") {
		k.log.Warn("another member of the team has the name of this one: give each its own by --stream-member", "member", name)
	}
}

// returned notes events that a member of this name received and that this store did not have.
func (k *statusKeeper) returned(name string, n int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.due("returned") {
		k.log.Warn("events of a member of this name were missing here, as after the restore of a backup; they are back. "+
			"If nothing was restored, give each member its own --stream-member", "member", name, "messages", n)
	}
}
