package main

import (
	"database/sql"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite" // the driver

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

// The examples of SQL in the README work while a receiver runs, with the program sqlite3 too
// if it is there.
func TestReadmeExamplesOfSQL(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	block := regexp.MustCompile("(?s)```sql\n(.*?)```").FindSubmatch(text)
	require.NotNil(t, block)
	queries := strings.Split(strings.TrimSuffix(strings.TrimSpace(string(block[1])), ";"), ";")
	require.Len(t, queries, 4)

	env := clitest.WithSecret(clitest.Home(t))
	r := clitest.Receive(t, env, nil)
	c := clitest.HTTPClient(t)
	for _, d := range []struct{ id, order, status, secret string }{
		{"m1", "o1", "PLACED", clitest.Secret}, {"m2", "o1", "FULFILLED", clitest.Secret}, {"m3", "o2", "PLACED", clitest.Secret}, {"m4", "o3", "PLACED", "another-secret"},
	} {
		_, _, err := clitest.Deliver(c, r.URL, d.secret, clitest.Delivery(d.id, d.order, d.status))
		require.NoError(t, err)
	}
	db, err := sql.Open("sqlite", "file:"+clitest.StoreOf(env)+"?mode=ro")
	require.NoError(t, err)
	defer db.Close()
	require.Eventually(t, func() bool { return len(query(t, db, "SELECT seq FROM rejected")) == 1 }, time.Minute, 10*time.Millisecond)
	wants := []string{"PLACED|1", "|order.status|3", "r1|", "o1|FULFILLED|20"}
	for i, q := range queries {
		lines := query(t, db, q)
		require.NotEmpty(t, lines, q)
		assert.Contains(t, strings.Join(lines, "\n"), wants[i], q)
		if program, err := exec.LookPath("sqlite3"); err == nil {
			out, err := exec.Command(program, "-readonly", clitest.StoreOf(env), q).CombinedOutput()
			require.NoError(t, err, "%s: %s", q, out)
			assert.ElementsMatch(t, lines, strings.Split(strings.TrimSpace(string(out)), "\n"), q)
		}
	}
}

// query returns the rows of a query, as the program sqlite3 prints them.
func query(t *testing.T, db *sql.DB, q string) (lines []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), q)
	require.NoError(t, err, q)
	defer rows.Close()
	names, err := rows.Columns()
	require.NoError(t, err)
	for rows.Next() {
		values, to := make([]sql.NullString, len(names)), make([]any, len(names))
		for i := range values {
			to[i] = &values[i]
		}
		require.NoError(t, rows.Scan(to...))
		line := make([]string, len(names))
		for i, v := range values {
			line[i] = v.String
		}
		lines = append(lines, strings.Join(line, "|"))
	}
	require.NoError(t, rows.Err())
	return lines
}
