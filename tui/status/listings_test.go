package status_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/tui/detail"
	"github.com/up42/up42-webhooks/tui/status"
	"github.com/up42/up42-webhooks/tui/theme"
)

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

func page() *status.Page { return pageOf(theme.Options{Profile: termenv.Ascii}) }

func pageOf(look theme.Options) *status.Page {
	p := status.New(status.Options{
		Kind: receiver.Order, Named: true, Theme: theme.New(look),
		Now: func() time.Time { return noon }, Empty: func() []string { return nil },
	})
	p.SetSize(200, 20)
	return p
}

// delivered makes a row from deliveries that changed some time before noon.
func delivered(id string, seq int64, s receiver.Status, ago time.Duration) *status.Row {
	return status.RowOf(&receiver.Row{
		Key: receiver.Key{Kind: receiver.Order, ID: id}, Status: s, Seq: seq, Events: 1, Trust: receiver.FullTrust,
		FirstSeen: noon.Add(-ago), LastChange: noon.Add(-ago),
	})
}

func listing(id string, s receiver.Status, ago time.Duration) detail.Listing {
	return detail.Listing{ID: id, Status: s, Created: noon.Add(-time.Hour), Updated: noon.Add(-ago)}
}

func TestTheNewerStatusCounts(t *testing.T) {
	for name, tc := range map[string]struct {
		delivered, listed receiver.Status
		ago               time.Duration // of the list; the delivery is a minute old
		want              string
	}{
		"the later one":                           {"PLACED", "FULFILLED", time.Second, "FULFILLED"},
		"not an earlier one":                      {"FULFILLED", "PLACED", time.Hour, "FULFILLED"},
		"the delivery at the same time":           {"FULFILLED", "PLACED", time.Minute, "FULFILLED"},
		"the delivery, spelled its way":           {"FAILED PERMANENTLY", "FAILED_PERMANENTLY", time.Second, "FAILED PERMANENTLY"},
		"the delivery, if the list has no status": {"PLACED", "", time.Second, "PLACED"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, listFirst := range []bool{true, false} {
				p := page()
				row, all := delivered("a", 1, tc.delivered, time.Minute), []detail.Listing{listing("a", tc.listed, tc.ago)}
				if listFirst {
					p.List(all, nil, status.Newest{})
					p.Upsert(row)
				} else {
					p.Upsert(row)
					p.List(all, nil, status.Newest{})
				}
				got, ok := p.Get("a")
				require.True(t, ok)
				assert.Equal(t, tc.want, got.Status())
				assert.Zero(t, p.OnlyListed())
			}
		})
	}
}

func TestListedRowsAreSortedByTheirLastChange(t *testing.T) {
	p := page()
	p.Upsert(delivered("old", 1, "PLACED", time.Hour), delivered("new", 2, "PLACED", time.Minute))
	newest := status.Newest{Seq: 2, At: noon.Add(-time.Minute).UnixMicro()}
	p.List([]detail.Listing{listing("later", "PLACED", time.Second), listing("earlier", "PLACED", 2*time.Minute), listing("old", "FULFILLED", 2*time.Second)}, nil, newest)
	assert.Equal(t, []string{"later", "old", "new", "earlier"}, ids(p))
	p.Upsert(delivered("newer", 3, "PLACED", 0))
	assert.Equal(t, []string{"newer", "later", "old", "new", "earlier"}, ids(p))

	// The same list again moves no row, whatever has come since.
	p.List([]detail.Listing{listing("later", "PLACED", time.Second)}, nil, status.Newest{Seq: 3, At: noon.UnixMicro()})
	assert.Equal(t, []string{"newer", "later", "old", "new", "earlier"}, ids(p))
}

func ids(p *status.Page) (out []string) {
	n, _ := p.Len()
	for p.Home(); len(out) < n; p.Move(1) {
		r, _ := p.Selected()
		out = append(out, r.ID())
	}
	return out
}

func TestListTakesTheRowsOfTheLog(t *testing.T) {
	p := page()
	p.Upsert(delivered("a", 9, "FULFILLED", time.Minute))
	p.List(
		[]detail.Listing{listing("a", "PLACED", time.Hour), listing("b", "PLACED", time.Hour), listing("c", "PLACED", time.Hour), {}},
		[]*status.Row{delivered("a", 5, "PLACED", time.Hour), delivered("b", 4, "CREATED", time.Minute)}, status.Newest{},
	)
	for id, want := range map[string]string{"a": "FULFILLED", "b": "CREATED", "c": "PLACED"} {
		r, ok := p.Get(id)
		require.True(t, ok, id)
		assert.Equal(t, want, r.Status(), id)
	}
	assert.Equal(t, 1, p.OnlyListed(), "only c; a listing without an id is ignored")
	_, total := p.Len()
	assert.Equal(t, 3, total)
}

func TestTextFromTheAPIIsClean(t *testing.T) {
	p := page()
	l := listing("\x1b[2Jid", "PLA\x07CED", time.Second)
	l.Name, l.Type, l.SubStatus = "na\u202eme", "ty\x00pe", "su\x1bb"
	p.List([]detail.Listing{l}, nil, status.Newest{})
	for _, r := range p.View() {
		if r != '\n' && r < ' ' || r == '\u202e' {
			t.Fatalf("%q reached the screen", r)
		}
	}
	assert.Contains(t, p.View(), `na\u202eme`)
}

func TestAListWithoutTimes(t *testing.T) {
	p := page()
	p.List([]detail.Listing{{ID: "a", Status: "PLACED"}}, nil, status.Newest{})
	assert.Regexp(t, `PLACED +a +- +.*0 +╌◐ +API`, p.View())
}

func TestAJourneyEndsWithTheStatusFromTheAPI(t *testing.T) {
	for name, tc := range map[string]struct {
		ascii  bool
		listed receiver.Status
		ago    time.Duration
		want   string
	}{
		"later":    {false, "FULFILLED", time.Second, `●─●╌● +API`},
		"in ASCII": {true, "FULFILLED", time.Second, `\*-\*\.\* +API`},
		"failed":   {false, "FAILED", time.Second, `●─●╌✕ +API`},
		"the same": {false, "PLACED", time.Second, `●─◐ `},
		"earlier":  {false, "CREATED", time.Hour, `●─◐ `},
	} {
		t.Run(name, func(t *testing.T) {
			p := pageOf(theme.Options{Profile: termenv.Ascii, ASCII: tc.ascii})
			row := receiver.Row{Key: receiver.Key{Kind: receiver.Order, ID: "a"}}
			for i, s := range []receiver.Status{"CREATED", "PLACED"} {
				e := receiver.Event{Seq: int64(i + 1), Verdict: receiver.Verified, ReceivedAt: noon.Add(time.Duration(i-2) * time.Minute)}
				e.Kind, e.ID, e.Status, e.LiveMode = receiver.Order, "a", s, true
				row.Apply(&e)
			}
			p.Upsert(status.RowOf(&row))
			for range 2 { // the same list again
				p.List([]detail.Listing{listing("a", tc.listed, tc.ago)}, nil, status.Newest{})
				assert.Regexp(t, tc.want, p.View())
			}
		})
	}
}

func TestAFinalStatusHasNoSubStatus(t *testing.T) {
	p := page()
	l := listing("a", "BEING_FULFILLED", time.Second)
	l.SubStatus = "QUOTATION_ACCEPTED"
	p.List([]detail.Listing{l}, nil, status.Newest{})
	r, _ := p.Get("a")
	assert.Equal(t, "QUOTATION_ACCEPTED", r.SubStatus())
	l.Status, l.Updated = "FULFILLED", noon
	p.List([]detail.Listing{l}, nil, status.Newest{})
	r, _ = p.Get("a")
	assert.Empty(t, r.SubStatus())
	assert.NotContains(t, p.View(), "QUOTATION")
}

func TestALongRunRemovesEntriesButKeepsNames(t *testing.T) {
	p := page()
	for i := range 3000 {
		id := fmt.Sprint("order ", i)
		l := listing(id, "PLACED", time.Hour)
		l.Name = "name " + id
		p.List([]detail.Listing{l}, []*status.Row{delivered(id, int64(i+1), "PLACED", time.Hour)}, status.Newest{})
	}
	remembered, first := 0, -1
	for i := range 3000 {
		if _, ok := p.Listing(fmt.Sprint("order ", i)); ok {
			remembered++
		} else if first < 0 {
			first = i
		}
	}
	assert.Equal(t, 1000, remembered)
	id := fmt.Sprint("order ", first)
	p.Upsert(delivered(id, 5000, "FULFILLED", 0))
	p.Home()
	assert.Contains(t, p.View(), "name "+id)
	assert.Zero(t, p.OnlyListed())
}

// On a narrow page names of orders come before hosts, types before names.
func TestANameIsShownBeforeAHost(t *testing.T) {
	p := page()
	p.Upsert(delivered("a", 1, "PLACED", time.Hour))
	for width, want := range map[int][]string{78: {"TYPE"}, 94: {"TYPE", "NAME"}, 120: {"TYPE", "NAME", "HOST", "AGE"}, 200: {"TYPE", "NAME", "HOST", "AGE", "EVENTS"}} {
		p.SetSize(width, 5)
		titles, _, _ := strings.Cut(p.View(), "\n")
		for _, title := range []string{"TYPE", "NAME", "HOST", "AGE", "EVENTS"} {
			assert.Equal(t, slices.Contains(want, title), strings.Contains(titles, title), "%s at %d", title, width)
		}
	}
}

// Without an account only events say how orders are called, and most don't.
func TestOrdersHaveNamesIfTheirEventsHave(t *testing.T) {
	p := status.New(status.Options{
		Kind: receiver.Order, Theme: theme.New(theme.Options{Profile: termenv.Ascii}),
		Now: func() time.Time { return noon }, Empty: func() []string { return nil },
	})
	p.SetSize(160, 5)
	p.Upsert(folded(receivertest.Order("a", "PLACED")))
	assert.NotContains(t, p.View(), "NAME")
	p.Upsert(folded(receivertest.Order("b", "PLACED", receivertest.Named("Fields of Ohlsdorf"))))
	assert.Contains(t, p.View(), "NAME")
	assert.Contains(t, p.View(), "Fields of Ohlsdorf")
}
