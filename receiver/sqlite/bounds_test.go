package sqlite_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// A page ends when it has the bytes that it may have, in both directions, and nothing is
// left out.
func TestPagesAreBoundedInBytes(t *testing.T) {
	const n, pageBytes = 13, 64 << 10
	l := newLog(t, sqlite.Options{}.WithPageBytes(pageBytes))
	pad := strings.Repeat("x", pageBytes/8)
	var all []*receiver.Event
	var seqs []int64
	for i := range int64(n) {
		all = append(all, delivery(t, fmt.Sprintf(`{"event":"x","messageId":"m%d","pad":%q}`, i, pad), receiver.Verified))
		seqs = append(seqs, i+1)
	}
	_, err := l.AppendAll(t.Context(), all)
	require.NoError(t, err)
	require.NoError(t, l.Close())
	l = open(t, l.File(), sqlite.Options{}.WithPageBytes(pageBytes)) // it has no events in memory
	bounded := func(page []*receiver.Event, err error) {
		t.Helper()
		require.NoError(t, err)
		size := 0
		for _, e := range page[:len(page)-1] {
			size += e.Size()
		}
		assert.Less(t, size, pageBytes)
		assert.Less(t, len(page), 10)
	}
	bounded(l.Next(t.Context(), 0, n))
	bounded(l.Next(t.Context(), 2, n))
	for _, oldest := range []bool{true, false} {
		bounded(l.Events(t.Context(), receiver.EventQuery{Limit: n, Oldest: oldest}))
		for _, limit := range []int{0, 11} {
			var found []int64
			for page, err := range receiver.Pages(t.Context(), l, receiver.EventQuery{Limit: limit, Oldest: oldest}) {
				bounded(page, err)
				if oldest {
					found = append(found, seqsOf(page)...)
				} else {
					found = append(seqsOf(page), found...)
				}
			}
			want := seqs
			if limit > 0 && oldest {
				want = seqs[:limit]
			} else if limit > 0 {
				want = seqs[n-limit:]
			}
			assert.Equal(t, want, found)
		}
	}
}

// A page of a log without other settings ends at PageBytes.
func TestAPageHasPageBytes(t *testing.T) {
	l := newLog(t, sqlite.Options{})
	const size, n = receiver.PageBytes / 5, 6
	var all []*receiver.Event
	for i := range n {
		all = append(all, delivery(t, fmt.Sprintf(`{"event":"x","messageId":"m%d","pad":%q}`, i, strings.Repeat("x", size)), receiver.Verified))
	}
	_, err := l.AppendAll(t.Context(), all)
	require.NoError(t, err)
	page, err := l.Next(t.Context(), 0, n)
	require.NoError(t, err)
	assert.Len(t, page, 5)
}

// Rows with many long tasks are large. Pages of both kinds leave nothing out.
func TestPagesOfRowsAreBoundedInBytes(t *testing.T) {
	l := newLog(t, sqlite.Options{}.WithPageBytes(64<<10))
	const n = 6
	text := strings.Repeat("x", 240)
	var want []string
	for i := range n {
		events := []*receiver.Event{delivery(t, fmt.Sprintf(`{"event":"order.status","messageId":"o%d","body":{"orderId":"o%d","status":"PLACED"}}`, i, i), receiver.Verified)}
		for task := range receiver.MaxTasks {
			body := fmt.Sprintf(`{"event":"job.status","messageId":"%d %d","body":{"jobId":"j%d","jobTaskId":"%d%s","status":"%s","taskName":"%s"}}`, i, task, i, task, text, text, text)
			events = append(events, delivery(t, body, receiver.Verified))
		}
		_, err := l.AppendAll(t.Context(), events)
		require.NoError(t, err)
		want = append(want, fmt.Sprint("o", i), fmt.Sprint("j", i))
	}
	slices.Reverse(want)
	for _, updates := range []bool{false, true} {
		var found []string
		pages, q := 0, receiver.RowQuery{Limit: 10 * n, Updates: updates}
		for {
			page, err := l.Rows(t.Context(), q)
			require.NoError(t, err)
			if len(page) == 0 {
				break
			}
			for _, r := range page {
				found = append(found, r.ID)
			}
			pages, q.Before = pages+1, page[len(page)-1].Seq
		}
		assert.Equal(t, want, found)
		assert.Greater(t, pages, 1)
	}
}
