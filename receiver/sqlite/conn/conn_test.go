package conn_test

import (
	"database/sql/driver"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
)

func open(t *testing.T) *conn.Conn {
	t.Helper()
	name := "a?b=c#d%41.db" // any characters
	if runtime.GOOS == "windows" {
		name = "a&b=c#d%41.db" // it has no names with a question mark
	}
	file := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	c, err := conn.Open(t.Context(), conn.Source(file, conn.ReadWrite, time.Second))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	require.NoError(t, c.Exec(t.Context(), "CREATE TABLE things (n INTEGER PRIMARY KEY, b BLOB)"))
	return c
}

func TestOpenDoesNotMakeAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "none.db")
	_, err := conn.Open(t.Context(), conn.Source(file, conn.ReadWrite, 0))
	require.Error(t, err)
	_, err = os.Stat(file)
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestQueries(t *testing.T) {
	c := open(t)
	for i := range 3 {
		n, err := c.Run("INSERT INTO things VALUES (?, ?)", int64(i), []byte{byte(i)})
		require.NoError(t, err)
		assert.EqualValues(t, 1, n)
	}
	var got [][]byte
	err := c.Each(t.Context(), "SELECT b FROM things WHERE n > ? ORDER BY n", func(v []driver.Value) error {
		got = append(got, conn.Blob(v[0]))
		return nil
	}, int64(0))
	require.NoError(t, err)
	assert.Equal(t, [][]byte{{1}, {2}}, got)

	sum, err := c.Int(t.Context(), "SELECT sum(n) FROM things")
	require.NoError(t, err)
	assert.EqualValues(t, 3, sum)
	_, err = c.Int(t.Context(), "SELECT 'x'")
	require.Error(t, err)
	text, err := c.Text(t.Context(), "SELECT 'x'")
	require.NoError(t, err)
	assert.Equal(t, "x", text)
	for n, want := range map[int64]bool{2: true, 7: false} {
		has, err := c.Has(t.Context(), "SELECT 1 FROM things WHERE n = ?", n)
		require.NoError(t, err)
		assert.Equal(t, want, has)
	}
	stop := errors.New("stop")
	require.ErrorIs(t, c.Each(t.Context(), "SELECT n FROM things", func([]driver.Value) error { return stop }), stop)
	require.Error(t, c.Each(t.Context(), "SELECT nothing", nil))
}

func TestChangeMustChangeOneRow(t *testing.T) {
	c := open(t)
	require.NoError(t, c.Change("INSERT INTO things VALUES (1, NULL)"))
	require.NoError(t, c.Change("UPDATE things SET b = ? WHERE n = ?", []byte("x"), int64(1)))
	require.Error(t, c.Change("UPDATE things SET b = ? WHERE n = ?", []byte("x"), int64(2)))
	require.Error(t, c.Change("UPDATE nothing SET a = 1"))
}

func TestBulkTakesAnyNumberOfRows(t *testing.T) {
	c := open(t)
	insert := conn.NewBulk("INSERT INTO things (n, b) VALUES ", "(?, ?)", "")
	find := conn.NewBulk("SELECT n FROM things WHERE n IN (", "?", ")")
	require.NoError(t, insert.Run(c), "no row, no statement")
	total := 0
	for _, rows := range []int{1, conn.MaxRows - 1, conn.MaxRows, conn.MaxRows + 1, 3*conn.MaxRows + 7} {
		for range rows {
			total++
			insert.Add(int64(total), []byte("b"))
		}
		require.NoError(t, insert.Run(c))
		n, err := c.Int(t.Context(), "SELECT count(*) FROM things")
		require.NoError(t, err)
		assert.EqualValues(t, total, n)
	}
	for i := range 2 * total {
		find.Add(int64(i + 1))
	}
	found := 0
	require.NoError(t, find.Each(c, func([]driver.Value) error { found++; return nil }))
	assert.Equal(t, total, found)
}

func TestBulkFailsIfARowIsNotChanged(t *testing.T) {
	c := open(t)
	require.NoError(t, c.Change("INSERT INTO things VALUES (1, NULL)"))
	remove := conn.NewBulk("DELETE FROM things WHERE n IN (", "?", ")")
	remove.Add(int64(1))
	remove.Add(int64(2))
	require.Error(t, remove.Run(c))
	remove.Add(int64(9))
	remove.Clear()
	require.NoError(t, remove.Run(c), "what was cleared is not run")
}

func TestValues(t *testing.T) {
	assert.Zero(t, conn.Int(nil))
	assert.EqualValues(t, 7, conn.Int(int64(7)))
	assert.Nil(t, conn.Blob(nil))
	assert.Equal(t, []byte("x"), conn.Blob([]byte("x")))
	assert.Equal(t, []byte{}, conn.NotNull(nil))
	assert.Equal(t, []byte("x"), conn.NotNull([]byte("x")))
}
