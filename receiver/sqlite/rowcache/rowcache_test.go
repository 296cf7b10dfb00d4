package rowcache_test

import (
	"database/sql/driver"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/sqlite/codec"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
	"github.com/up42/up42-webhooks/receiver/sqlite/rowcache"
	"github.com/up42/up42-webhooks/receiver/sqlite/sqlitetest"
)

func cache(t *testing.T, c *conn.Conn, limit int) *rowcache.Cache {
	t.Helper()
	r := rowcache.New(limit)
	require.NoError(t, r.Load(c))
	return r
}

// apply folds events as a batch does. It returns the number of new rows.
func apply(t *testing.T, c *conn.Conn, r *rowcache.Cache, events ...*receiver.Event) (added int) {
	t.Helper()
	for _, e := range events {
		r.Want(e)
	}
	require.NoError(t, r.Read(c))
	for _, e := range events {
		if _, isNew := r.Apply(e); isNew {
			added++
		}
	}
	require.NoError(t, r.Save(c))
	r.Age()
	return added
}

func order(i int, s receiver.Status, seq int64) *receiver.Event {
	e := receivertest.Order(fmt.Sprint("o", i), s)
	e.Seq = seq
	return e
}

func numberOf(t *testing.T, c *conn.Conn, k receiver.Key) (number int64) {
	t.Helper()
	code, _ := k.Kind.Code()
	require.NoError(t, c.Each(t.Context(), rowcache.SelectNumber, func(v []driver.Value) error {
		number = conn.Int(v[0])
		return nil
	}, code, codec.TestCode(k), []byte(k.ID)))
	return number
}

func TestRowsAreFoundWhereverTheyAre(t *testing.T) {
	for _, limit := range []int{1, 7, 1000} {
		t.Run(fmt.Sprint(limit), func(t *testing.T) {
			c := sqlitetest.Connect(t)
			r := cache(t, c, limit)
			const n = 50
			for i := range n {
				assert.Equal(t, 1, apply(t, c, r, order(i, "PLACED", int64(i+1))))
				assert.EqualValues(t, i+1, numberOf(t, c, receiver.Key{Kind: receiver.Order, ID: fmt.Sprint("o", i)}))
			}
			for round, r := range []*rowcache.Cache{r, cache(t, c, limit)} { // from memory, and from the store
				for i := range n {
					assert.Zero(t, apply(t, c, r, order(i, "FULFILLED", int64(1000*round+i+n))))
				}
			}
			rows, err := c.Int(t.Context(), "SELECT count(*) FROM rows")
			require.NoError(t, err)
			assert.EqualValues(t, n, rows)
		})
	}
}

// A row that is not in the tree of ids yet is searched for among the newest rows only.
func TestALookupDoesNotReadAllRows(t *testing.T) {
	var plan []string
	require.NoError(t, sqlitetest.Connect(t).Each(t.Context(), "EXPLAIN QUERY PLAN "+rowcache.SelectNumber, func(v []driver.Value) error {
		plan = append(plan, fmt.Sprint(v[3]))
		return nil
	}, int64(1), int64(0), []byte("o1")))
	assert.Contains(t, plan, "SEARCH row_index USING PRIMARY KEY (kind=? AND test=? AND id=?)")
	assert.Contains(t, plan, "SEARCH rows USING INTEGER PRIMARY KEY (rowid>?)")
}

func TestAnEventWithoutARowIsIgnored(t *testing.T) {
	c := sqlitetest.Connect(t)
	assert.Zero(t, apply(t, c, cache(t, c, 1), receivertest.Event("something.else", "x", "PLACED"), receivertest.Order("", "PLACED")))
}

func TestADeletedRowIsMadeAgain(t *testing.T) {
	for _, limit := range []int{1, 1000} {
		c := sqlitetest.Connect(t)
		r := cache(t, c, limit)
		apply(t, c, r, order(1, "FULFILLED", 1), order(2, "FULFILLED", 2))
		k := receiver.Key{Kind: receiver.Order, ID: "o1"}
		require.NoError(t, r.Delete(c, k, 1))
		assert.Zero(t, numberOf(t, c, k))
		assert.Equal(t, 1, apply(t, c, r, order(1, "FULFILLED", 3)))
		assert.EqualValues(t, 3, numberOf(t, c, k), "a number is given once")
	}
}

func TestRestore(t *testing.T) {
	c := sqlitetest.Connect(t)
	r := cache(t, c, 1)
	apply(t, c, r, order(1, "PLACED", 1))
	require.NoError(t, r.DeleteAll(c))
	row := receivertest.Row(order(2, "PLACED", 9))
	good := rowcache.Exported{Key: row.Key, Number: 5, Seq: row.Seq, State: codec.AppendState(nil, &row), Updates: codec.AppendUpdates(nil, row.Updates)}
	for _, damage := range []func(*rowcache.Exported){
		func(x *rowcache.Exported) { x.Kind = "parcel" },
		func(x *rowcache.Exported) { x.State = nil },
		func(x *rowcache.Exported) { x.Updates = []byte{9} },
	} {
		bad := good
		damage(&bad)
		require.ErrorIs(t, r.Restore(c, bad), codec.ErrInvalid)
	}
	require.NoError(t, r.Restore(c, good))
	assert.EqualValues(t, 5, numberOf(t, c, row.Key))
	assert.Zero(t, numberOf(t, c, receiver.Key{Kind: receiver.Order, ID: "o1"}))
}
