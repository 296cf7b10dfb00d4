package dashboard

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/remembered"
)

func TestTheScreenIsRememberedBesideTheStore(t *testing.T) {
	store := filepath.Join(t.TempDir(), "events.db")
	file := store + ".screen"
	var log bytes.Buffer
	open := func() (o tui.Options) {
		log.Reset()
		remember(&o, &config.Config{Store: store, Secrets: []string{"hunter2"}}, slog.New(slog.NewTextHandler(&log, nil)))
		return o
	}
	open().Remember(t.Context(), remembered.State{
		Page: "events", Filters: []string{"my hunter2", "is:failed"}, Lists: map[string]remembered.List{"orders": {Filter: "hunter2", Sort: "status"}},
	})
	assert.Equal(t, []string{"is:failed"}, open().Remembered.Filters, "without a secret")
	assert.Equal(t, map[string]remembered.List{"orders": {Sort: "status"}}, open().Remembered.Lists)
	assert.Equal(t, "events", open().Remembered.Page)
	assert.Empty(t, log.String())

	require.NoError(t, os.WriteFile(file, []byte("{"), 0o600))
	o := open()
	assert.Zero(t, o.Remembered)
	assert.Contains(t, log.String(), "events.db.screen is damaged")
	o.Remember(t.Context(), remembered.State{Page: "jobs"})
	assert.Equal(t, "jobs", open().Remembered.Page)

	newer := []byte(`{"version":99}`)
	require.NoError(t, os.WriteFile(file, newer, 0o600))
	assert.Nil(t, open().Remember)
	assert.Contains(t, log.String(), "a newer up42hooks wrote it")

	store = filepath.Join(t.TempDir(), "none", "events.db")
	o = open()
	for range 2 {
		o.Remember(t.Context(), remembered.State{Page: "jobs"})
	}
	assert.Equal(t, 1, bytes.Count(log.Bytes(), []byte("can't be written down")))
}
