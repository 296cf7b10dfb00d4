package status_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/detail"
	"github.com/up42/up42-webhooks/tui/status"
)

func TestFilters(t *testing.T) {
	p := page()
	row := receiver.Row{
		Key: receiver.Key{Kind: receiver.Order, ID: "aaaa-1", Test: true}, Name: "Kiruna mine", Type: "TASKING", Host: "head-aero", Status: "FAILED PERMANENTLY",
		Final: true, Trust: receiver.PartialTrust, Seq: 70, FirstSeen: noon.Add(-time.Hour), LastChange: noon.Add(-30 * time.Minute),
	}
	p.Upsert(status.RowOf(&row), delivered("bbbb-2", 80, "PLACED", time.Minute))
	p.List([]detail.Listing{
		{ID: "cccc-3", Name: "Stockholm", Status: "BEING_PLACED", SubStatus: "QUOTATION_ACCEPTED", Updated: noon.Add(-2 * time.Hour)},
	}, nil, status.Newest{})
	for expr, want := range map[string]string{
		"":                          "abc",
		"kiruna":                    "a",
		`"kiruna mine"`:             "a",
		"name:mine":                 "a",
		"name:stock":                "c",
		"type:TASK host:aero":       "a",
		"status:FAILED_PERMANENTLY": "a",
		"status:*placed":            "bc",
		"is:failed":                 "a",
		"-is:failed":                "bc",
		"class:progress":            "bc",
		"is:test":                   "a",
		"test":                      "a",
		"is:live":                   "bc",
		"final":                     "a",
		"kind:order":                "abc",
		"kind:job":                  "",
		"verdict:partial":           "a",
		"partial":                   "a",
		"verdict:verified":          "b",
		"id:BBBB":                   "b",
		"api":                       "c",
		"quotation":                 "c",
		"seq:>75":                   "b",
		"since:10m":                 "b",
		"until:10m":                 "ac",
		"since:90m until:10m":       "a",
	} {
		assert.Nil(t, p.SetFilter(expr))
		assert.Nil(t, p.Check(expr), expr)
		n, _ := p.Len()
		assert.Equal(t, len(want), n, expr)
		for _, id := range []string{"aaaa-1", "bbbb-2", "cccc-3"} {
			p.Home()
			k := receiver.Key{Kind: receiver.Order, ID: id, Test: id == row.ID}
			assert.Equal(t, contains(want, id[:1]), p.Select(status.ID(k)), "%s: %s", expr, id)
		}
	}
	for _, expr := range []string{"reason:stale", "event:order.status", "webhook:a", "secret:0"} {
		assert.NotNil(t, p.Check(expr), expr)
	}
}

func contains(set, letter string) bool {
	for _, l := range set {
		if string(l) == letter {
			return true
		}
	}
	return false
}

// BenchmarkFilter measures a letter typed in a filter: the time without drawing, and
// the allocations.
func BenchmarkFilter(b *testing.B) {
	p := page()
	rows := make([]*status.Row, status.Limit)
	for i := range rows {
		rows[i] = delivered(fmt.Sprintf("%08x-3c2e-4d7b-9a1f-000000000000", i*7919), int64(i+1), "BEING_FULFILLED", time.Minute)
	}
	p.Upsert(rows...)
	for _, expr := range []string{"kiruna", "status:*FULF* since:10m", "is:failed", "-verdict:verified 3c2e ffff"} {
		b.Run(expr, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p.Update(p.TypeFilter(expr)())
				b.StopTimer()
				p.Update(p.TypeFilter("")())
				b.StartTimer()
			}
		})
	}
}
