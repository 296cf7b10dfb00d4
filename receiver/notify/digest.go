package notify

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

const (
	// maxThings is how many orders and jobs a digest tells apart.
	maxThings = 200
	// maxWord is the longest word, in cells.
	maxWord = 80
	// maxKey is how much of an event's name tells it from others, in bytes.
	maxKey = 256
	// maxListed is how many statuses, and other words, a message lists.
	maxListed = 4
)

// digest gathers deliveries until there is time for a message.
type digest struct {
	things []*thing
	index  map[thingKey]*thing
	beyond int // deliveries of things that are not told apart

	count   int
	tests   int
	weak    [receiver.FullTrust]int // by trust
	seq     int64
	arrived time.Time
}

// thingKey names an order or job, an event without one, or a reason to reject.
type thingKey struct{ category, id string }

// The categories that are no kinds.
const (
	otherEvent = "event"
	rejection  = "rejected"
)

// thing is what the newest delivery of it said, in clean words.
type thing struct {
	thingKey
	n  int // deliveries
	at time.Time

	kind, id, event, status, name, typ, host, verdict, reason, webhook string
	final, live                                                        bool
}

func keyOf(e *receiver.Event) thingKey {
	if e.Verdict == receiver.Rejected {
		return thingKey{rejection, string(e.Reason)}
	}
	if k, ok := e.Key(); ok {
		return thingKey{string(k.Kind), k.ID}
	}
	return thingKey{otherEvent, strings.Clone(e.Name[:min(len(e.Name), maxKey)])}
}

func (d *digest) add(e *receiver.Event, clean func(string, int) string) {
	d.count++
	d.seq, d.arrived = e.Seq, e.ReceivedAt
	if t := e.Verdict.Trust(); t != receiver.NoTrust {
		if t < receiver.FullTrust {
			d.weak[t]++
		}
		if !e.LiveMode {
			d.tests++
		}
	}
	k := keyOf(e)
	t := d.index[k]
	if t == nil && len(d.things) == maxThings {
		d.beyond++
		return
	}
	if t == nil {
		t = &thing{thingKey: k}
		if d.index == nil {
			d.index = map[thingKey]*thing{}
		}
		d.index[k] = t
		d.things = append(d.things, t)
	}
	t.n++
	if !e.At().Before(t.at) {
		t.describe(e, clean)
	}
}

func (t *thing) describe(e *receiver.Event, clean func(string, int) string) {
	t.at, t.final, t.live = e.At(), e.Final, e.LiveMode
	for _, w := range []struct {
		to   *string
		from string
	}{
		{&t.kind, string(e.Kind)},
		{&t.id, e.ID},
		{&t.event, e.Name},
		{&t.status, string(e.Status)},
		{&t.name, e.DisplayName},
		{&t.typ, e.Type},
		{&t.host, e.Host},
		{&t.verdict, string(e.Verdict)},
		{&t.reason, string(e.Reason)},
		{&t.webhook, e.Webhook},
	} {
		*w.to = clean(w.from, maxWord)
	}
}

// text says all of it in one line.
func (d *digest) text() string {
	var parts []string
	if len(d.things) == 1 && d.beyond == 0 && d.things[0].category != rejection {
		parts = append(parts, d.things[0].text())
	} else {
		for _, c := range []struct{ category, one, many string }{
			{string(receiver.Order), "order changed", "orders changed"},
			{string(receiver.Job), "job changed", "jobs changed"},
			{otherEvent, "event", "events"},
			{rejection, "delivery rejected", "deliveries rejected"},
		} {
			if s := d.sum(c.category, c.one, c.many); s != "" {
				parts = append(parts, s)
			}
		}
	}
	if d.beyond > 0 {
		parts = append(parts, counted(d.beyond, "more event", "more events"))
	}
	return strings.Join(parts, "; ") + d.marks()
}

// sum says how many there are of a category, and what became of them.
func (d *digest) sum(category, one, many string) string {
	var words tally
	n := 0
	for _, t := range d.things {
		if t.category != category {
			continue
		}
		switch category {
		case otherEvent:
			words.add(t.event, t.n)
			n += t.n
		case rejection:
			words.add(t.reason, t.n)
			n += t.n
		default:
			words.add(t.status, 1)
			n++
		}
	}
	if n == 0 {
		return ""
	}
	return counted(n, one, many) + ": " + words.String()
}

// marks says what is not to be taken for the real thing.
func (d *digest) marks() string {
	var marks []string
	mark := func(n int, word string) {
		switch n {
		case 0:
		case d.count:
			marks = append(marks, word)
		default:
			marks = append(marks, strconv.Itoa(n)+" "+word)
		}
	}
	mark(d.tests, "test")
	mark(d.weak[receiver.PartialTrust], receiver.PartialTrust.String())
	mark(d.weak[receiver.UnsignedTrust], receiver.UnsignedTrust.String())
	if len(marks) == 0 {
		return ""
	}
	return " (" + strings.Join(marks, ", ") + ")"
}

func (t *thing) text() string {
	if t.category == otherEvent {
		return strings.Join(slices.DeleteFunc([]string{t.event, t.id, t.status}, func(s string) bool { return s == "" }), " ")
	}
	what := t.kind + " " + t.id
	if t.name != "" {
		what = t.kind + " " + t.name + " (" + t.id + ")"
	}
	return what + " is " + t.status
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// tally counts words.
type tally []wordCount

type wordCount struct {
	word string
	n    int
}

func (t *tally) add(word string, n int) {
	for i := range *t {
		if (*t)[i].word == word {
			(*t)[i].n += n
			return
		}
	}
	*t = append(*t, wordCount{word, n})
}

// String lists the words, the most frequent ones first.
func (t tally) String() string {
	if len(t) == 1 {
		if t[0].n == 1 {
			return t[0].word
		}
		return "all " + t[0].word
	}
	slices.SortStableFunc(t, func(a, b wordCount) int { return cmp.Compare(b.n, a.n) })
	var out []string
	others := 0
	for i, w := range t {
		if i < maxListed {
			out = append(out, fmt.Sprintf("%d %s", w.n, w.word))
		} else {
			others += w.n
		}
	}
	if others > 0 {
		out = append(out, counted(others, "other", "others"))
	}
	return strings.Join(out, ", ")
}
