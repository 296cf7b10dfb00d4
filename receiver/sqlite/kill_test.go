package sqlite_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite"
	"github.com/up42/up42-webhooks/receiver/sqlite/guard"
)

// childFile is the environment variable that makes the test binary append to a store, or do
// what childDoes names.
const (
	childFile = "UP42_TEST_STORE"
	childDoes = "UP42_TEST_DOES"
)

// runChild appends deliveries until it is killed, and prints the seq and the message id of each
// when it is acknowledged. Or it does once what childDoes names, and prints "done".
func runChild(file string) int {
	does := os.Getenv(childDoes)
	var err error
	switch {
	case rewritings[does] != nil:
		err = rewritings[does](context.Background(), file)
	case does == failingSyncs:
		err = appendDespiteFailures(file)
	case does == marking:
		err = guard.MarkDamaged(file, "a test")
	case does == "":
		// So few that something of each index is always half built.
		err = appendAlways(file, sqlite.Options{}.WithRecent(4))
	default:
		err = appendBusily(file, does == lessSync)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println("done")
	return 0
}

func appendAlways(file string, o sqlite.Options) error {
	l, err := sqlite.Open(context.Background(), file, o)
	if err != nil {
		return err
	}
	failed := make(chan error)
	for range 4 {
		go func() { failed <- appendTo(l, func(int64) error { return nil }) }()
	}
	return <-failed
}

// appendTo appends deliveries until something fails. It calls then after each.
func appendTo(l *sqlite.Log, then func(seq int64) error) error {
	t := &testing.T{}
	for {
		for _, e := range orderEvents(t) {
			r, err := l.Append(context.Background(), e)
			if err != nil {
				return err
			}
			// One write a line: each line that the parent reads is complete.
			fmt.Fprintf(os.Stdout, "%d %s\n", r.Seq, e.MessageID)
			if err := then(r.Seq); err != nil {
				return err
			}
		}
	}
}

func TestNothingAcknowledgedIsLostToAKill(t *testing.T) {
	t.Parallel()
	const rounds = 3
	file := filepath.Join(t.TempDir(), "events.db")
	acknowledged := map[int64]string{}
	for round := range rounds {
		killAfter(t, file, 30+40*round, acknowledged)
		l := open(t, file, sqlite.Options{})
		checkStore(t, l, acknowledged)
		checkIndexes(t, l)
		require.NoError(t, l.Close())
	}
	t.Logf("%d acknowledged in %d rounds", len(acknowledged), rounds)
}

// killAfter kills a child when it has acknowledged n deliveries, and adds all that it has
// acknowledged.
func killAfter(t *testing.T, file string, n int, acknowledged map[int64]string) {
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childFile+"="+file)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	lines := bufio.NewScanner(out)
	for i := 0; lines.Scan(); i++ {
		var seq int64
		var id string
		if _, err := fmt.Sscanf(lines.Text(), "%d %s", &seq, &id); err != nil || len(id) != len(uuid.Nil.String()) {
			continue // the kill has cut the line
		}
		require.NotContains(t, acknowledged, seq, "a seq is used once")
		acknowledged[seq] = id
		if i == n {
			require.NoError(t, cmd.Process.Kill())
		}
	}
	require.NoError(t, lines.Err())
	assert.Error(t, cmd.Wait())
	killed := "signal: killed"
	if runtime.GOOS == "windows" {
		killed = "exit status 1" // which Go asks for
	}
	assert.True(t, strings.HasPrefix(cmd.ProcessState.String(), killed), cmd.ProcessState)
}

// checkStore checks that each acknowledged event is there once, that the seqs have no gaps,
// and that the rows are what the events make.
func checkStore(t *testing.T, l *sqlite.Log, acknowledged map[int64]string) {
	t.Helper()
	ids := map[string]int64{}
	rowSet := receiver.NewRowSet()
	events := allEvents(t, l)
	for i, e := range events {
		require.EqualValues(t, i+1, e.Seq)
		require.NotContains(t, ids, e.MessageID)
		ids[e.MessageID] = e.Seq
		rowSet.Apply(e)
	}
	for seq, id := range acknowledged {
		require.Equal(t, seq, ids[id])
	}
	checkRows(t, l, rowSet)
	counts, err := l.Counts(t.Context())
	require.NoError(t, err)
	assert.EqualValues(t, len(events), counts.Events())
	assert.EqualValues(t, len(events), counts.LastSeq)
}

// checkIndexes checks that a store is sound, and that each of its messages is found again.
func checkIndexes(t *testing.T, l *sqlite.Log) {
	t.Helper()
	require.Empty(t, verified(t, l).Problems)
	requireDuplicates(t, l, 1, allEvents(t, l))
}

func allEvents(t testing.TB, l *sqlite.Log) (all []*receiver.Event) {
	t.Helper()
	for {
		var after int64
		if n := len(all); n > 0 {
			after = all[n-1].Seq
		}
		page, err := l.Events(t.Context(), receiver.EventQuery{After: after, Limit: 500, Oldest: true})
		require.NoError(t, err)
		if len(page) == 0 {
			return all
		}
		all = append(all, page...)
	}
}

// checkRows checks that the log's rows are those of a set.
func checkRows(t testing.TB, l *sqlite.Log, rowSet *receiver.RowSet) {
	t.Helper()
	rows, err := l.Rows(t.Context(), receiver.RowQuery{Limit: 1 << 20, Updates: true})
	require.NoError(t, err)
	require.Len(t, rows, rowSet.Len())
	for i, r := range rows {
		require.Equal(t, *rowSet.Row(r.Key), r)
		if i%16 != 0 {
			continue
		}
		one, ok, err := l.Row(t.Context(), r.Key)
		require.NoError(t, err)
		require.True(t, ok)
		require.Equal(t, r, one)
	}
}
