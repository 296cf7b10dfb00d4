package store

import (
	"bufio"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite"
	"github.com/up42/up42-webhooks/receiver/sqlite/guard"
)

const events = 400

// sandboxWithStore is a sandbox, and a store in it with events.
func sandboxWithStore(t *testing.T) (s *clitest.Sandbox, file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "events.db")
	log, err := sqlite.Open(t.Context(), file, sqlite.Options{})
	require.NoError(t, err)
	var all []*receiver.Event
	for i := range events {
		body := clitest.Delivery(fmt.Sprint("m", i), fmt.Sprint("o", i), "PLACED")
		m, err := receiver.Decode(body)
		require.NoError(t, err)
		all = append(all, &receiver.Event{Message: m, Raw: body, Verdict: receiver.Verified, ReceivedAt: time.Unix(1790000000, 0)})
	}
	_, err = log.AppendAll(t.Context(), all)
	require.NoError(t, err)
	require.NoError(t, log.Close())
	s = clitest.NewSandbox(t, NewCommand)
	s.Env["UP42_STORE"] = file
	return s, file
}

// damage overwrites the page that has an event. Pages before it may have older copies.
func damage(t *testing.T, file string, event int) {
	t.Helper()
	content, err := os.ReadFile(file)
	require.NoError(t, err)
	at := strings.LastIndex(string(content), fmt.Sprintf(`"messageId":"m%d"`, event-1))
	require.Positive(t, at)
	const pageSize = 8 << 10
	copy(content[at/pageSize*pageSize:], strings.Repeat("nothing ", pageSize/8))
	require.NoError(t, os.WriteFile(file, content, 0o600))
}

// exportedEvents are the numbers of the events in an export.
func exportedEvents(t *testing.T, lines string) map[int64]bool {
	t.Helper()
	all := map[int64]bool{}
	in := bufio.NewScanner(strings.NewReader(lines))
	for in.Scan() {
		var line struct{ Event *struct{ Seq int64 } }
		require.NoError(t, json.Unmarshal(in.Bytes(), &line))
		if line.Event != nil {
			all[line.Event.Seq] = true
		}
	}
	return all
}

func TestExportReadsPastDamage(t *testing.T) {
	s, file := sandboxWithStore(t)
	damage(t, file, 30)
	damage(t, file, 300)
	code, stdout, stderr := s.Run(t.Context(), "store", "export")
	assert.Equal(t, 1, code)
	fromOutput := exportedEvents(t, stdout)
	assert.Greater(t, len(fromOutput), events-80)
	assert.False(t, fromOutput[30] || fromOutput[300])
	assert.Regexp(t, fmt.Sprintf(`(?m)^up42hooks: %d events are missing: \d+-\d+, \d+-\d+$`, events-len(fromOutput)), stderr)
	assert.Contains(t, stderr, fmt.Sprintf("exported what could be read: %d events", len(fromOutput)))

	out := filepath.Join(t.TempDir(), "out.jsonl")
	code, _, toFile := s.Run(t.Context(), "store", "export", out)
	assert.Equal(t, 1, code)
	assert.Equal(t, stderr, toFile)
	content, err := os.ReadFile(out)
	require.NoError(t, err)
	assert.Equal(t, stdout, string(content))

	code, _, stderr = s.Run(t.Context(), "store", "import", "--store", filepath.Join(t.TempDir(), "copy.db"), out)
	assert.Zero(t, code, stderr)
}

func TestAnExportSaysWhatItHas(t *testing.T) {
	s, _ := sandboxWithStore(t)
	out := filepath.Join(t.TempDir(), "out.jsonl")
	code, _, stderr := s.Run(t.Context(), "store", "export", out)
	assert.Zero(t, code)
	content, err := os.ReadFile(out)
	require.NoError(t, err)
	assert.Equal(t, fmt.Sprintf("up42hooks: %s has %d events and 0 rejected\n", out, len(exportedEvents(t, string(content)))), stderr)
}

func TestRepair(t *testing.T) {
	s, file := sandboxWithStore(t)
	code, _, stderr := s.Run(t.Context(), "store", "repair")
	assert.Zero(t, code)
	assert.Equal(t, "up42hooks: the store is sound: nothing was changed\n", stderr)

	damage(t, file, 30)
	code, _, stderr = s.Run(t.Context(), "store", "verify")
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, "up42hooks store repair --store "+file)
	code, _, stderr = s.Run(t.Context(), "store", "repair")
	assert.Zero(t, code, stderr)
	assert.Regexp(t, `the damaged file is kept as .*events.db.damaged-\d{8}-\d{6}`, stderr)
	assert.Regexp(t, `\d+ events are missing: \d+-\d+`, stderr)
	code, _, stderr = s.Run(t.Context(), "store", "verify")
	assert.Zero(t, code, stderr)

	lock, err := TakeLock(t.Context(), file)
	require.NoError(t, err)
	damage(t, file, 300)
	code, _, stderr = s.Run(t.Context(), "store", "repair")
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, "uses this store: wait until it has ended\n", "it is perhaps no receiver")
	require.NoError(t, lock.Tell("127.0.0.1:1", false))
	code, _, stderr = s.Run(t.Context(), "store", "repair")
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, "on 127.0.0.1:1) receives into this store already: stop it first\n")
	require.NoError(t, lock.Release())
}

func TestRepairOfWhatIsNoStore(t *testing.T) {
	s, file := sandboxWithStore(t)
	text := strings.Repeat("no database ", 4000)
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	code, _, stderr := s.Run(t.Context(), "store", "repair")
	assert.Equal(t, 1, code, "a text may be a mistaken name")
	after, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, text, string(after), "nothing is changed: %s", stderr)

	picture := "\x89PNG\r\n\x1a\n" + strings.Repeat("\x00\xffpixel", 4000)
	require.NoError(t, os.WriteFile(file, []byte(picture), 0o600))
	code, stdout, stderr := s.Run(t.Context(), "store", "repair", "--json")
	assert.Equal(t, 1, code)
	assert.Empty(t, stdout)
	assert.Contains(t, stderr, "nothing of a store")
	assert.Contains(t, stderr, "move it away")
	after, err = os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, picture, string(after))
	beside, err := filepath.Glob(file + ".*")
	require.NoError(t, err)
	assert.NotContains(t, strings.Join(beside, " "), "damaged")
	assert.NotContains(t, strings.Join(beside, " "), "repair")

	require.NoError(t, os.WriteFile(file+"-wal", []byte("what a receiver left"), 0o600))
	code, _, stderr = s.Run(t.Context(), "store", "repair")
	assert.Zero(t, code, stderr)
	assert.Contains(t, stderr, "the store has 0 events")
	assert.Contains(t, stderr, "no event could be read, nor the store's counters: it is not known how many events the store had")
	code, _, stderr = s.Run(t.Context(), "store", "verify")
	assert.Zero(t, code, stderr)
}

// Without the counters it is not known whether events are missing. It is not said that none is.
func TestARepairWithoutCounters(t *testing.T) {
	const unknown = "the store's counters could not be read, so it is not known whether %s are missing that are older or newer than those that are left: " +
		"older ones count as deleted by --keep or --keep-events\n"
	for which, isLost := range map[string]bool{"events": false, "more events": true} {
		s, file := sandboxWithStore(t)
		c, err := sql.Open("sqlite", file)
		require.NoError(t, err)
		_, err = c.ExecContext(t.Context(), "DELETE FROM counters")
		require.NoError(t, errors.Join(err, c.Close()))
		if isLost {
			damage(t, file, 300)
		}
		code, _, said := s.Run(t.Context(), "store", "repair")
		assert.Zero(t, code, said)
		assert.Contains(t, said, "up42hooks: "+fmt.Sprintf(unknown, which))
		assert.Equal(t, isLost, strings.Contains(said, "events are missing: "))
		assert.NotContains(t, said, "no event")
	}
}

// A backup of a store that is damaged names the store, and not the file in which the copy was made.
func TestABackupOfADamagedStoreNamesTheStore(t *testing.T) {
	s, file := sandboxWithStore(t)
	c, err := sql.Open("sqlite", file)
	require.NoError(t, err)
	_, err = c.ExecContext(t.Context(), "INSERT INTO checkpoints (reader, cursor, done) VALUES (CAST('exec' AS BLOB), 5, x'0280')") // spans end early
	require.NoError(t, errors.Join(err, c.Close()))
	code, _, said := s.Run(t.Context(), "store", "backup", file+".backup")
	assert.Equal(t, 1, code)
	assert.Contains(t, said, "store repair --store "+file+",")
	assert.NotContains(t, said, "part")
}

// What is no store gets no lock beside it.
func TestWhatIsNoStoreIsLeftAlone(t *testing.T) {
	s := clitest.NewSandbox(t, NewCommand)
	dir := t.TempDir()
	missing, text, foreign, empty := filepath.Join(dir, "missing"), filepath.Join(dir, "text"), filepath.Join(dir, "foreign"), filepath.Join(dir, "empty")
	require.NoError(t, os.WriteFile(empty, nil, 0o600))
	require.NoError(t, os.WriteFile(text, []byte("text"), 0o600))
	c, err := sql.Open("sqlite", foreign)
	require.NoError(t, err)
	_, err = c.ExecContext(t.Context(), "CREATE TABLE other (a)")
	require.NoError(t, errors.Join(err, c.Close()))
	for _, command := range [][]string{{"repair"}, {"compact"}, {"forget", "exec"}} {
		for _, file := range []string{missing, text, foreign} {
			code, _, said := s.Run(t.Context(), append([]string{"store", "--store", file}, command...)...)
			assert.Equal(t, 1, code, said)
			if command[0] == "repair" || file == missing {
				assert.NoFileExists(t, file+".lock", said)
			}
		}
	}
	for _, command := range []string{"compact", "forget exec"} {
		code, _, said := s.Run(t.Context(), append([]string{"store", "--store", empty}, strings.Fields(command)...)...)
		assert.Equal(t, 1, code, said)
		assert.Contains(t, said, "does not exist yet")
		assert.NoFileExists(t, empty+".lock", said)
		info, err := os.Stat(empty)
		require.NoError(t, err)
		assert.Zero(t, info.Size(), command)
	}
	l, err := TakeLock(t.Context(), missing)
	require.NoError(t, errors.Join(err, l.Release()))
	s.Run(t.Context(), "store", "repair", "--store", missing)
	assert.FileExists(t, missing+".lock", "it was there before")
}

// What a receiver had found may be gone: a log that was put back, memory that failed once.
func TestRepairOfASoundStoreSaysWhatAReceiverHadFound(t *testing.T) {
	s, file := sandboxWithStore(t)
	require.NoError(t, guard.MarkDamaged(file, "its write-ahead log was cut"))
	code, stdout, stderr := s.Run(t.Context(), "store", "repair", "--json")
	assert.Zero(t, code, stderr)
	assert.Regexp(t, `"sound": ?true`, stdout)
	assert.Regexp(t, `"noted": ?"[^"]+: its write-ahead log was cut"`, stdout)
	require.NoError(t, guard.MarkDamaged(file, "its write-ahead log was cut"))
	code, _, stderr = s.Run(t.Context(), "store", "repair")
	assert.Zero(t, code)
	assert.Regexp(t, `(?s)the store is sound.*a receiver had found it damaged, .*its write-ahead log was cut`, stderr)
	code, _, stderr = s.Run(t.Context(), "store", "repair")
	assert.Zero(t, code)
	assert.NotContains(t, stderr, "a receiver had found", "once")
}
