package conn_test

import (
	"database/sql"
	"database/sql/driver"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
)

// BenchmarkStatement compares the ways to insert and to find rows of 200 bytes: one
// statement for many rows (bulk), one for each row (conn), and one for each row through
// database/sql. All of them work in a transaction that is not committed.
func BenchmarkStatement(b *testing.B) {
	const table = "CREATE TABLE things (n INTEGER PRIMARY KEY, b BLOB); BEGIN"
	const insert, find = "INSERT INTO things (n, b) VALUES (?, ?)", "SELECT n, b FROM things WHERE n = ?"
	blob := make([]byte, 200)
	source := func(b *testing.B) string {
		file := filepath.Join(b.TempDir(), "bench.db")
		require.NoError(b, os.WriteFile(file, nil, 0o600))
		return conn.Source(file, conn.ReadWrite, time.Second)
	}
	connect := func(b *testing.B) *conn.Conn {
		c, err := conn.Open(b.Context(), source(b))
		require.NoError(b, err)
		b.Cleanup(func() { require.NoError(b, c.Close()) })
		require.NoError(b, c.Exec(b.Context(), table))
		return c
	}
	ignore := func([]driver.Value) error { return nil }

	b.Run("bulk", func(b *testing.B) {
		b.ReportAllocs()
		c := connect(b)
		inserts, finds := conn.NewBulk("INSERT INTO things (n, b) VALUES ", "(?, ?)", ""), conn.NewBulk("SELECT n, b FROM things WHERE n IN (", "?", ")")
		n := int64(0)
		for b.Loop() {
			inserts.Add(n, blob)
			finds.Add(n)
			if n++; n%conn.MaxRows == 0 {
				require.NoError(b, inserts.Run(c))
				require.NoError(b, finds.Each(c, ignore))
			}
		}
	})
	b.Run("conn", func(b *testing.B) {
		b.ReportAllocs()
		c := connect(b)
		n := int64(0)
		for b.Loop() {
			require.NoError(b, c.Change(insert, n, blob))
			require.NoError(b, c.Each(b.Context(), find, ignore, n))
			n++
		}
	})
	b.Run("database-sql", func(b *testing.B) {
		b.ReportAllocs()
		db, err := sql.Open("sqlite", source(b))
		require.NoError(b, err)
		b.Cleanup(func() { require.NoError(b, db.Close()) })
		c, err := db.Conn(b.Context())
		require.NoError(b, err)
		defer c.Close()
		_, err = c.ExecContext(b.Context(), table)
		require.NoError(b, err)
		inserts, err := c.PrepareContext(b.Context(), insert)
		require.NoError(b, err)
		finds, err := c.PrepareContext(b.Context(), find)
		require.NoError(b, err)
		n := int64(0)
		for b.Loop() {
			_, err := inserts.Exec(n, blob)
			require.NoError(b, err)
			rows, err := finds.Query(n)
			require.NoError(b, err)
			for rows.Next() {
				var got sql.RawBytes
				require.NoError(b, rows.Scan(&n, &got))
			}
			require.NoError(b, rows.Err())
			require.NoError(b, rows.Close())
			n++
		}
	})
}
