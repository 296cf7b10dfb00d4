package status_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/tui/detail"
	"github.com/up42/up42-webhooks/tui/status"
)

// folded makes a row of events.
func folded(events ...*receiver.Event) *status.Row {
	for i, e := range events {
		e.Seq = int64(i + 1)
	}
	r := receivertest.Row(events...)
	return status.RowOf(&r)
}

func before(ago time.Duration) receivertest.Change { return receivertest.At(noon.Add(-ago)) }

func TestNotes(t *testing.T) {
	task := func(id string, s receiver.Status) *receiver.Event {
		return receivertest.Job("j", s, receivertest.Task(id, ""), before(time.Minute))
	}
	for name, tc := range map[string]struct {
		events      []*receiver.Event
		wide, small string // what a row shows at 240 and at 70 cells
	}{
		"well":    {[]*receiver.Event{receivertest.Order("a", "PLACED")}, `◐ PLACED .*◐ +$`, `◐ PLACED`},
		"trouble": {[]*receiver.Event{receivertest.Order("a", "PLACEMENT_FAILED")}, `▲ PLACEMENT_FAILED .* ▲ +in trouble`, `▲ .* in trouble`},
		"waiting": {
			[]*receiver.Event{receivertest.Order("a", "CREATED", receivertest.Sub("QUOTATION_WAITING_RESPONSE"))},
			`◆ QUOTATION_WAITING_RESPONSE .* ◆ +needs you`, `◆ QUOTATIO…_RESPONSE .* needs you`,
		},
		"a sub-status that says less": {
			[]*receiver.Event{receivertest.Order("a", "PLACED", receivertest.Sub("QUOTATION_ACCEPTED"))},
			`◐ PLACED .* ◐ +QUOTATION_ACCEPTED`, `◐ PLACED .*QUOTATION_…`,
		},
		"a sub-status that is over": {
			[]*receiver.Event{receivertest.Order("a", "FULFILLED", receivertest.Sub("QUOTATION_ACCEPTED"))}, `● FULFILLED .* ● +$`, `● FULFILLED .* ● +\n`,
		},
		"a test": {[]*receiver.Event{receivertest.Order("a", "PLACED", receivertest.Test)}, `◐ PLACED .* TEST`, `TEST`},
		"a test without a signature": {
			[]*receiver.Event{receivertest.Order("a", "PLACEMENT_FAILED", receivertest.Test, receivertest.As(receiver.Unsigned))},
			`▲ .* TEST \? unsigned in trouble`, `▲ .* TEST \? `,
		},
		"tasks": {[]*receiver.Event{task("t", "SUCCEEDED"), task("u", "RUNNING")}, `◐ — .* 1/2 tasks`, `1/2 tasks`},
		"a failed task": {
			[]*receiver.Event{receivertest.Job("j", "RUNNING", before(time.Minute)), task("t", "FAILED")}, `◐ RUNNING .* 1/1 task, 1 failed`, `1/1 task `,
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := page()
			p.SetSize(240, 20)
			p.Upsert(folded(tc.events...))
			assert.Regexp(t, "(?m)"+tc.wide, p.View())
			p.SetSize(70, 20)
			assert.Regexp(t, tc.small, p.View())
		})
	}
}

func TestATestHasARowOfItsOwn(t *testing.T) {
	p := page()
	live := receiver.Key{Kind: receiver.Order, ID: "a"}
	test := receiver.Key{Kind: receiver.Order, ID: "a", Test: true}
	p.Upsert(folded(receivertest.Order("a", "PLACED")), folded(receivertest.Order("a", "FULFILLED", receivertest.Test)))
	n, _ := p.Len()
	require.Equal(t, 2, n)
	for k, want := range map[receiver.Key]string{live: "PLACED", test: "FULFILLED"} {
		r, ok := p.Row(k)
		require.True(t, ok)
		assert.Equal(t, want, r.Status())
		assert.Equal(t, "a", r.ID())
		require.True(t, p.Select(status.ID(k)))
		s, _ := p.Subject()
		assert.Equal(t, k, s.Key)
	}
	// UP42 lists the live one.
	p.List([]detail.Listing{listing("a", "CANCELED", 0)}, nil, status.Newest{})
	r, _ := p.Row(live)
	assert.Equal(t, "PLACED", r.Status(), "the delivery of %s is newer", receivertest.Start)
	r, _ = p.Row(test)
	assert.Equal(t, "FULFILLED", r.Status())
}

func TestRowsThatNeedTheUserAreCounted(t *testing.T) {
	p := page()
	waiting := receivertest.Sub("QUOTATION_WAITING_RESPONSE")
	p.Upsert(
		folded(receivertest.Order("a", "CREATED", waiting)), folded(receivertest.Order("b", "CREATED", waiting)),
		folded(receivertest.Order("c", "PLACEMENT_FAILED")), folded(receivertest.Order("a", "CREATED", waiting, receivertest.Test)),
	)
	assert.Equal(t, 2, p.Waiting(), "not the test")
	p.Upsert(folded(receivertest.Order("a", "CREATED", waiting), receivertest.Order("a", "PLACED")))
	assert.Equal(t, 1, p.Waiting())
	l := listing("d", "CREATED", 0)
	l.SubStatus = "FEASIBILITY_WAITING_RESPONSE"
	p.List([]detail.Listing{l}, nil, status.Newest{})
	assert.Equal(t, 2, p.Waiting(), "also what only UP42 knows")
}

func TestAnOrderOnlyOfUP42sListHasTheClassOfItsFinalStatus(t *testing.T) {
	p := page()
	p.SetSize(240, 20)
	l := listing("a", "CANCELED", time.Second)
	l.SubStatus = "QUOTATION_REJECTED"
	p.List([]detail.Listing{l}, nil, status.Newest{})
	assert.Regexp(t, `(?m)○ CANCELED .* ╌○ +API`, p.View())
}

func TestASubStatusFromUP42(t *testing.T) {
	for name, tc := range map[string]struct {
		delivered []*receiver.Event
		status    receiver.Status
		sub       receiver.Status
		ago       time.Duration // of the list; the delivery is a minute old
		want      string
	}{
		"newer, and it matters": {
			[]*receiver.Event{receivertest.Order("a", "CREATED", before(time.Minute))},
			"CREATED", "FEASIBILITY_WAITING_RESPONSE", time.Second, `◆ FEASIBILITY_WAITING_RESPONSE .* ●╌◆ +needs you API`,
		},
		"older, for a status that has none": {
			[]*receiver.Event{receivertest.Order("a", "CREATED", before(time.Minute))},
			"CREATED", "FEASIBILITY_WAITING_RESPONSE", time.Hour, `◆ FEASIBILITY_WAITING_RESPONSE .* ◐ +needs you`,
		},
		"newer than that of the deliveries": {
			[]*receiver.Event{receivertest.Order("a", "CREATED", receivertest.Sub("FEASIBILITY_WAITING_RESPONSE"), before(time.Minute))},
			"CREATED", "QUOTATION_WAITING_UPLOAD", time.Second, `◐ QUOTATION_WAITING_UPLOAD .* ◆╌◐ +API`,
		},
		"older than that of the deliveries": {
			[]*receiver.Event{receivertest.Order("a", "CREATED", receivertest.Sub("QUOTATION_WAITING_UPLOAD"), before(time.Minute))},
			"CREATED", "FEASIBILITY_WAITING_RESPONSE", time.Hour, `◐ QUOTATION_WAITING_UPLOAD .* ◐ +$`,
		},
		"newer, but it says no more": {
			[]*receiver.Event{receivertest.Order("a", "BEING_FULFILLED", before(time.Minute))},
			"BEING_FULFILLED", "QUOTATION_ACCEPTED", time.Second, `◐ BEING_FULFILLED .* ◐ +QUOTATION_ACCEPTED`,
		},
		"of a final status": {
			[]*receiver.Event{receivertest.Order("a", "FULFILLED", before(time.Minute))},
			"FULFILLED", "QUOTATION_WAITING_RESPONSE", time.Second, `● FULFILLED .* ● +$`,
		},
		"of a final status that no delivery told": {
			[]*receiver.Event{receivertest.Order("a", "CREATED", before(time.Minute))},
			"CANCELED", "QUOTATION_REJECTED", time.Second, `○ CANCELED .* ●╌○ +API`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := page()
			p.SetSize(240, 20)
			p.Upsert(folded(tc.delivered...))
			l := listing("a", tc.status, tc.ago)
			l.SubStatus = tc.sub
			for range 2 { // the same list again
				p.List([]detail.Listing{l}, nil, status.Newest{})
				assert.Regexp(t, "(?m)"+tc.want, p.View())
			}
		})
	}
}
