package suggest

import (
	"context"

	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/tui/text"
)

const (
	// mostValues is how many values of a key are told apart.
	mostValues = 2000
	// longestValue is how much is kept of a value, in bytes.
	longestValue = 256
)

// Tally counts how many deliveries or rows have each value of each key. Its zero value is
// empty. It takes a bounded amount of memory.
type Tally struct {
	values map[filter.Key]map[string]int
	// cut are the keys of which there are more values.
	cut map[filter.Key]bool
}

// Add counts a value.
func (t *Tally) Add(k filter.Key, value string) { t.add(k, value, 1) }

func (t *Tally) add(k filter.Key, value string, n int) {
	counts := t.values[k]
	if counts == nil {
		if t.values == nil {
			t.values, t.cut = map[filter.Key]map[string]int{}, map[filter.Key]bool{}
		}
		counts = map[string]int{}
		t.values[k] = counts
	}
	value = text.Head(value, longestValue)
	switch was, known := counts[value]; {
	case known:
		counts[value] = was + n
	case len(counts) < mostValues:
		counts[text.Own(value, longestValue)] = n
	default:
		t.cut[k] = true
	}
}

// join counts what another tally has counted.
func (t *Tally) join(o *Tally) {
	for k, counts := range o.values {
		for value, n := range counts {
			t.add(k, value, n)
		}
		if o.cut[k] {
			t.cut[k] = true
		}
	}
}

// Part is the answer of a [Step].
type Part struct {
	Tally Tally
	// Counted is how many of All deliveries or rows are counted so far.
	Counted, All int
	// Done says that there are no more parts.
	Done bool
	// Err is why nothing was counted. The next step tries again.
	Err error
}

// Step counts a part of a list, for a few hundredths of a second, outside of Update. It is
// called again for the next part, after the answer for the one before.
type Step func(ctx context.Context) Part

// Source is a list whose values are proposed.
type Source interface {
	// Counting returns the first step of a count of all that passes a filter.
	Counting(f *filter.Filter) Step
	// Documented returns the values of a key that the list may have, in the order in which
	// they are listed. It is empty if the key takes any text.
	Documented(k filter.Key) []string
	// FilterKeys returns the keys that the list can be filtered by.
	FilterKeys() []filter.Key
}
