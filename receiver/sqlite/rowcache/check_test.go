package rowcache_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite/rowcache"
	"github.com/up42/up42-webhooks/receiver/sqlite/sqlitetest"
)

// Rows whose events come between those of many other rows are right, in whatever form they
// wait.
func TestCheckOfRowsThatLast(t *testing.T) {
	c := sqlitetest.Connect(t)
	const orders = 20
	var events []*receiver.Event
	for _, status := range []receiver.Status{"PLACED", "BEING_FULFILLED", "FULFILLED"} {
		for i := range orders {
			events = append(events, order(i, status, int64(len(events)+1)))
		}
	}
	apply(t, c, cache(t, c, 100), events...)
	for _, limit := range []int{1, 7, orders + 1} {
		var problems []string
		x := rowcache.NewCheckerOf(limit, c, func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) })
		for _, e := range events {
			require.NoError(t, x.Add(t.Context(), e))
		}
		require.NoError(t, x.Flush(t.Context()))
		assert.Empty(t, problems)
		assert.EqualValues(t, orders, x.Rows)
	}
}
