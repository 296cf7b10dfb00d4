package notify

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// maxSubjects is how many orders, jobs and tasks a summary distinguishes.
const maxSubjects = 200

// summary is what is kept of deliveries until a message is sent.
type summary struct {
	subjects []*subject
	byKey    map[subjectKey]*subject
	beyond   int // the deliveries of subjects beyond maxSubjects

	count     int
	tests     int
	conflicts int
	weak      [receiver.FullTrust]int // deliveries by trust, without those of full trust

	// seq and arrived are those of the newest delivery.
	seq     int64
	arrived time.Time
}

func (s *summary) add(e *receiver.Event, clean func(string, int) string) {
	s.count++
	s.seq, s.arrived = e.Seq, e.ReceivedAt
	if t := e.Verdict.Trust(); t != receiver.NoTrust {
		if t < receiver.FullTrust {
			s.weak[t]++
		}
		if !e.LiveMode {
			s.tests++
		}
		if e.ConflictsWith != 0 {
			s.conflicts++
		}
	}
	if about := s.subject(keyOf(e)); about != nil {
		about.add(e, clean)
	} else {
		s.beyond++
	}
}

// subject returns the subject of a key, nil if there are too many already.
func (s *summary) subject(k subjectKey) *subject {
	about := s.byKey[k]
	if about != nil || len(s.subjects) == maxSubjects {
		return about
	}
	about = &subject{subjectKey: k}
	if s.byKey == nil {
		s.byKey = map[subjectKey]*subject{}
	}
	s.byKey[k] = about
	s.subjects = append(s.subjects, about)
	return about
}

// text returns the whole summary in one line.
func (s *summary) text() string {
	var parts []string
	if len(s.subjects) == 1 && s.beyond == 0 && s.subjects[0].category != rejection {
		parts = append(parts, s.subjects[0].text())
	} else {
		for _, c := range categories() {
			if text := s.category(c); text != "" {
				parts = append(parts, text)
			}
		}
	}
	if s.beyond > 0 {
		parts = append(parts, counted(s.beyond, "more event", "more events"))
	}
	return strings.Join(parts, "; ") + s.marks()
}

// category has the words for the subjects of a category.
type category struct{ name, one, many string }

func categories() (all []category) {
	for _, k := range receiver.Kinds() {
		all = append(all, category{string(k), string(k) + " changed", k.Plural() + " changed"})
	}
	return append(
		all,
		category{taskOfJob, "task changed", "tasks changed"},
		category{otherEvent, "event", "events"},
		category{rejection, "delivery rejected", "deliveries rejected"},
	)
}

// category says how many subjects of a category there are, and what became of them. It is
// empty if the category has no subjects.
func (s *summary) category(c category) string {
	var words wordCounts
	total := 0
	for _, about := range s.subjects {
		if about.category != c.name {
			continue
		}
		word, n := about.word(), 1
		switch c.name {
		case otherEvent:
			word, n = about.event, about.n
		case rejection:
			word, n = about.reason, about.n
		}
		words.add(word, n)
		total += n
	}
	if total == 0 {
		return ""
	}
	return counted(total, c.one, c.many) + ": " + words.String()
}

// marks warns of test events and of deliveries that are not fully trusted.
func (s *summary) marks() string {
	var marks []string
	mark := func(n int, word string) {
		switch n {
		case 0:
		case s.count:
			marks = append(marks, word)
		default:
			marks = append(marks, strconv.Itoa(n)+" "+word)
		}
	}
	mark(s.tests, "test")
	mark(s.conflicts, "conflict")
	mark(s.weak[receiver.PartialTrust], receiver.PartialTrust.String())
	mark(s.weak[receiver.UnsignedTrust], receiver.UnsignedTrust.String())
	if len(marks) == 0 {
		return ""
	}
	return " (" + strings.Join(marks, ", ") + ")"
}

// list returns the different words of the subjects, as far as there is room.
func (s *summary) list(word func(*subject) string) string {
	var words []string
	for _, about := range s.subjects {
		if w := word(about); w != "" && !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	return listed(words)
}
