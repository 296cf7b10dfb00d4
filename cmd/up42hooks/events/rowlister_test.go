package events

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/tui/theme"
)

// moving is a log whose rows change between two pages.
type moving struct {
	receiver.Reader
	rows   map[string]int64 // the sequence number of each row
	change func(page int)
	page   int
}

func (m *moving) Rows(_ context.Context, q receiver.RowQuery) ([]receiver.Row, error) {
	m.page++
	m.change(m.page)
	var out []receiver.Row
	for id, seq := range m.rows {
		if seq > q.After && (q.Before == 0 || seq < q.Before) {
			out = append(out, receiver.Row{Key: receiver.Key{Kind: q.Kind, ID: id}, Seq: seq})
		}
	}
	slices.SortFunc(out, func(a, b receiver.Row) int { return cmp.Compare(b.Seq, a.Seq) })
	return out[:min(len(out), q.Limit)], nil
}

func TestRowsThatChangeWhileListed(t *testing.T) {
	const rows = 2*rowPageSize + 50
	for name, limit := range map[string]int{"all": 0, "some": rowPageSize + 7, "one": 1, "more than there are": 10 * rows} {
		t.Run(name, func(t *testing.T) {
			m := &moving{rows: map[string]int64{}}
			for i := range rows {
				m.rows[fmt.Sprint(i)] = int64(i + 1)
			}
			m.change = func(page int) {
				if page == 2 { // the oldest, and one that was printed
					m.rows["0"], m.rows[fmt.Sprint(rows-1)] = rows+1, rows+2
				}
			}
			var printed []string
			l := rowLister{log: m, query: receiver.RowQuery{Kind: receiver.Job}, limit: limit, print: func(page []receiver.Row) error {
				for _, r := range page {
					printed = append(printed, r.ID)
				}
				return nil
			}}
			require.NoError(t, l.run(t.Context()))
			want := rows
			if limit > 0 {
				want = min(limit, rows)
			}
			assert.Len(t, printed, want)
			assert.Equal(t, fmt.Sprint(rows-1), printed[0])
			slices.Sort(printed)
			assert.Len(t, slices.Compact(printed), want, "each once")
		})
	}
}

func TestTheLiveAndTheTestRowOfAnIDAreListed(t *testing.T) {
	log := receivertest.NewLog(receivertest.Order("o1", "FULFILLED", receivertest.Test), receivertest.Order("o1", "PLACED"))
	var printed []receiver.Row
	l := rowLister{log: log, query: receiver.RowQuery{Kind: receiver.Order}, print: func(page []receiver.Row) error {
		printed = append(printed, page...)
		return nil
	}}
	require.NoError(t, l.run(t.Context()))
	require.Len(t, printed, 2)
	assert.Equal(t, receiver.Status("PLACED"), printed[0].Status)
	assert.True(t, printed[1].Test)
}

// At 80 cells, the status of an order is more important than its age.
func TestRowsOnANarrowTerminal(t *testing.T) {
	var out strings.Builder
	w := cli.Env{Stdout: &out, Now: func() time.Time { return time.Unix(1e9, 0) }}
	look := theme.New(theme.Options{Profile: termenv.Ascii})
	l := cli.NewListing(w, look, rowColumns(look, receiver.Order, w.Now()))
	l.Cells = 80
	require.NoError(t, l.Print([]receiver.Row{{Key: receiver.Key{Kind: receiver.Order, ID: strings.Repeat("x", 36)}, Status: "PLACED", Events: 1}}))
	titles, _, _ := strings.Cut(out.String(), "\n")
	assert.Equal(t, []string{"STATUS", "CLASS", "ORDER", "IN", "STATE", "JOURNEY"}, strings.Fields(titles))
}
