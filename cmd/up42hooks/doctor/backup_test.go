package doctor

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite"
	"github.com/up42/up42-webhooks/receiver/sqlite/vacuum"
)

// storeWith makes a store with an event for each id, and a backup of it before the last.
func storeWith(t *testing.T, s *clitest.Sandbox, name string, ids ...string) (file, backup string) {
	t.Helper()
	file, backup = filepath.Join(s.Home, name), filepath.Join(s.Home, name+".backup")
	log, err := sqlite.Open(t.Context(), file, sqlite.Options{})
	require.NoError(t, err)
	for i, id := range ids {
		if i == len(ids)-1 {
			require.NoError(t, log.Backup(t.Context(), backup, vacuum.Options{}))
		}
		body := clitest.Delivery(id, "o1", "PLACED")
		m, err := receiver.Decode(body)
		require.NoError(t, err)
		_, err = log.AppendAll(t.Context(), []*receiver.Event{{Message: m, Raw: body, Verdict: receiver.Verified, ReceivedAt: s.Now.Add(time.Duration(i) * time.Hour)}})
		require.NoError(t, err)
	}
	require.NoError(t, log.Close())
	require.NoError(t, os.Chtimes(backup, s.Now, s.Now))
	return file, backup
}

func TestDoctorOnABackup(t *testing.T) {
	t.Parallel()
	s := clitest.NewSandbox(t, NewCommand)
	file, backup := storeWith(t, s, "a.db", "m1", "m2", "m3")
	_, other := storeWith(t, s, "b.db", "x1", "x2")
	damaged := filepath.Join(s.Home, "damaged.backup")
	content, err := os.ReadFile(backup)
	require.NoError(t, err)
	copy(content[3*8<<10:], make([]byte, 4*8<<10))
	require.NoError(t, os.WriteFile(damaged, content, 0o600))
	unreadable := filepath.Join(s.Home, "unreadable.backup")
	copy(content[100:], make([]byte, 8<<10))
	require.NoError(t, os.WriteFile(unreadable, content, 0o600))
	complete := filepath.Join(s.Home, "complete.backup")
	content, err = os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(complete, content, 0o600))
	link, empty, text := filepath.Join(s.Home, "link"), filepath.Join(s.Home, "empty"), filepath.Join(s.Home, "text")
	require.NoError(t, errors.Join(os.Symlink(file, link), os.WriteFile(empty, nil, 0o600), os.WriteFile(text, []byte("text"), 0o600)))
	wrote := backup + " holds 2 events, was written 1h ago, and its newest event came 0s ago"
	sound := finding{"backup", ok, "it is sound: every event and every row", ""}
	made := s.Now
	for name, tc := range map[string]struct {
		backup string
		now    time.Duration
		state  state
		want   string
	}{
		"one event behind":  {backup, time.Hour, ok, "it is 1 event behind the store"},
		"behind for days":   {backup, 72 * time.Hour, warn, "it is 1 event behind the store, the first came 2d 22h ago"},
		"of another store":  {other, time.Hour, fail, "it is of another store, or the store has lost events: its newest event (1) is not in the store"},
		"complete":          {complete, time.Hour, ok, "it has every event of the store"},
		"damaged":           {damaged, time.Hour, fail, ""},
		"unreadable":        {unreadable, time.Hour, fail, ""},
		"the store":         {file, time.Hour, fail, "it is no backup: " + file + " is the store, or belongs to it"},
		"a link to it":      {link, time.Hour, fail, "it is no backup: " + link + " is the store, or belongs to it"},
		"empty":             {empty, time.Hour, fail, "the backup " + empty + " is empty"},
		"text":              {text, time.Hour, fail, ""},
		"no store but text": {s.Generated(), time.Hour, fail, "there is no backup " + s.Generated()},
	} {
		s.Now = made.Add(tc.now)
		_, found := examined(t, s, "--listen", "127.0.0.1:0", "--store", file, "--backup", tc.backup)
		last := finding{}
		for _, f := range found["backup"] {
			if f.State == tc.state {
				last = f
			}
		}
		assert.Equal(t, tc.state, last.State, name)
		switch name {
		case "damaged":
			assert.Equal(t, "up42hooks store backup --replace "+tc.backup+" makes a new one", last.Todo)
		case "unreadable", "text", "empty": // it would not be replaced
			assert.Equal(t, "if it is your backup, delete it: then up42hooks store backup "+tc.backup+" makes a new one", last.Todo)
		}
		if tc.want != "" {
			assert.Equal(t, tc.want, last.Detail, "%s: %v", name, fmt.Sprint(found["backup"]))
		}
		if name == "one event behind" {
			assert.Equal(t, wrote, found["backup"][0].Detail)
			assert.Equal(t, sound, found["backup"][1])
		}
	}
}
