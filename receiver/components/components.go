// Package components knows which lists of components genuine deliveries were signed over,
// so that the owner can pin one.
//
// While no list is pinned, whoever captured one signed request can divide its signed bytes
// among headers of his own choice. Such a delivery is at most partial. A pinned list
// rejects it.
package components

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/up42/up42-webhooks/receiver"
)

// Enough is how many verified deliveries must agree before their list is proposed.
const Enough = 3

const (
	// newest is how many verified deliveries are looked at, the newest ones.
	newest = 20
	// page is how many events are read at a time, with their bodies, and pages how
	// often.
	page, pages = 20, 5
)

// List is a list of components, and how many verified deliveries were signed over it.
type List struct {
	Components []string
	Deliveries int
}

// Seen are the lists of the newest verified deliveries of a log, that of the most
// deliveries first.
type Seen []List

// Read reads which lists the newest verified deliveries of a log have.
func Read(ctx context.Context, log receiver.Reader) (s Seen, err error) {
	q, found := receiver.EventQuery{Limit: page}, 0
	for range pages {
		events, err := log.Events(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("read what verified deliveries are signed over: %w", err)
		}
		for _, e := range slices.Backward(events) {
			if e.Verdict == receiver.Verified && len(e.Proof.Components) > 0 && found < newest {
				s.add(e.Proof.Components)
				found++
			}
		}
		if found == newest || len(events) == 0 || events[0].Seq <= 1 {
			break
		}
		q.Before = events[0].Seq
	}
	slices.SortStableFunc(s, func(a, b List) int { return b.Deliveries - a.Deliveries })
	return s, nil
}

func (s *Seen) add(list []string) {
	i := slices.IndexFunc(*s, func(l List) bool { return slices.Equal(l.Components, list) })
	if i < 0 {
		i = len(*s)
		*s = append(*s, List{Components: slices.Clone(list)})
	}
	(*s)[i].Deliveries++
}

// Proposed returns the list to pin: the only one, if enough deliveries have it.
func (s Seen) Proposed() (list []string, ok bool) {
	if len(s) != 1 || s[0].Deliveries < Enough {
		return nil, false
	}
	return s[0].Components, true
}

// Deliveries returns how many deliveries were looked at.
func (s Seen) Deliveries() (n int) {
	for _, l := range s {
		n += l.Deliveries
	}
	return n
}

// Differ reports whether there is more than one list.
func (s Seen) Differ() bool { return len(s) > 1 }

// String lists the lists with their numbers. The names come from outside, but a verified
// signature has no other than plain ones.
func (s Seen) String() string {
	words := make([]string, len(s))
	for i, l := range s {
		words[i] = strings.Join(l.Components, ", ") + " (" + strconv.Itoa(l.Deliveries) + ")"
	}
	return strings.Join(words, "; ")
}

// Lacks says what a list does not prove if it is pinned, "" if nothing is missing.
func Lacks(list []string) string {
	digest := slices.Contains(list, "digest") || slices.Contains(list, "content-digest")
	switch date := slices.Contains(list, "date"); {
	case digest && date:
		return ""
	case digest:
		return "it has no date: a captured delivery can be sent again until its body's timestamp is too old"
	case date:
		return "it has no digest: it does not prove the body, so everything stays partial"
	default:
		return "it has no digest and no date: it proves neither the body nor the age, so everything stays partial"
	}
}
