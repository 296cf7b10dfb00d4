package filter_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
)

// The place is where the bar is.
func TestWhatIsTypedAtAPlace(t *testing.T) {
	for expr, want := range map[string]struct {
		key    filter.Key
		typed  string
		taken  string // with the proposal X
		listed []string
		others string
	}{
		"|":                      {taken: "X:|"},
		"st|":                    {typed: "st", taken: "X:|"},
		"-st|":                   {typed: "st", taken: "-X:|"},
		"st| kiruna":             {typed: "st", taken: "X:| kiruna", others: "kiruna"},
		"kiruna |":               {taken: "kiruna X:|", others: "kiruna "},
		"sta|tus:FAILED":         {typed: "sta", taken: "X:|FAILED"},
		"status:|":               {key: filter.Status, taken: "status:X|"},
		"is:live status:F| x":    {key: filter.Status, typed: "F", taken: "is:live status:X| x", others: "is:live  x"},
		"STATUS:F|":              {key: filter.Status, typed: "F", taken: "STATUS:X|"},
		"status:A,F|,C":          {key: filter.Status, typed: "F", taken: "status:A,X|,C", listed: []string{"A", "C"}},
		"status:A,|":             {key: filter.Status, taken: "status:A,X|", listed: []string{"A"}},
		`name:"my or|der" is:ok`: {key: filter.Name, typed: "my or", taken: "name:X| is:ok", others: "is:ok"},
		`name:"my |`:             {key: filter.Name, typed: "my ", taken: "name:X|"},
	} {
		at := strings.IndexByte(expr, '|')
		plain := expr[:at] + expr[at+1:]
		p, ok := filter.PlaceAt(plain, at)
		assert.True(t, ok, expr)
		got, end := p.Take(plain, "X")
		assert.Equal(t, want.taken, got[:end]+"|"+got[end:], expr)
		assert.Equal(t, []any{want.key, want.typed, want.listed, want.others}, []any{p.Key, p.Typed, p.Listed, p.Others}, expr)
	}
	for _, expr := range []string{`"two wo`, "stats:FAIL"} {
		_, ok := filter.PlaceAt(expr, len(expr))
		assert.False(t, ok, expr)
	}
}

func TestAValueGetsItsQuotes(t *testing.T) {
	p, _ := filter.PlaceAt("name:a", len("name:a"))
	expr, at := p.Take("name:a", `a, "b"`)
	assert.Equal(t, `name:"a, \"b\""`, expr)
	assert.Len(t, expr, at)
	_, err := filter.Parse(expr)
	assert.NoError(t, err)
}

// Whoever takes a value that a delivery or a row has finds that delivery or row.
func TestEachValueFindsItsSubject(t *testing.T) {
	row := receiver.Row{Key: receiver.Key{Kind: receiver.Order, ID: "x"}, Name: `two, words`, Type: "ARCHIVE", Host: "oneatlas", Status: "PLACED", SubStatus: "BEING_X", Trust: receiver.FullTrust}
	event := receiver.Event{Message: receiver.Message{Kind: receiver.Job, Status: "FAILED", Final: true, LiveMode: true, Name: "job.status"}, Verdict: receiver.Rejected, Reason: "stale", Webhook: "w1", Secret: "0"}
	var keys []filter.Key
	try := func(passes func(f *filter.Filter) bool) func(k filter.Key, value string) {
		return func(k filter.Key, value string) {
			start := string(k) + ":"
			p, ok := filter.PlaceAt(start, len(start))
			assert.True(t, ok)
			expr, _ := p.Take(start, value)
			f, err := filter.Parse(expr)
			assert.NoError(t, err)
			assert.True(t, passes(f), expr)
			keys = append(keys, k)
		}
	}
	filter.RowValues(&row, try(func(f *filter.Filter) bool { return f.Row(&row, row.LastChange) }))
	filter.EventValues(&event, "mine", try(func(f *filter.Filter) bool { return f.EventThrough(&event, "mine", event.ReceivedAt) }))
	filter.EventValues(&event, "", try(func(f *filter.Filter) bool { return f.Event(&event, event.ReceivedAt) }))
	for _, k := range filter.Keys() {
		listed := !slices.Contains([]filter.Key{filter.ID, filter.Task, filter.Seq, filter.Since, filter.Until}, k)
		assert.Equal(t, listed, slices.Contains(keys, k), k)
	}
}
