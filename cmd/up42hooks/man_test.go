package main

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/spf13/cobra/doc"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
)

// TestManPages makes the manual pages of all commands. With UP42_MAN_PAGES they stay there, for a
// release: so the program itself needs nothing to make them.
func TestManPages(t *testing.T) {
	dir := os.Getenv("UP42_MAN_PAGES")
	if dir == "" {
		dir = t.TempDir()
	}
	seconds, _ := strconv.ParseInt(os.Getenv("SOURCE_DATE_EPOCH"), 10, 64)
	date := time.Unix(seconds, 0).UTC()
	root := newRoot(cli.Env{Stdout: &bytes.Buffer{}, Stderr: &bytes.Buffer{}, Getenv: func(string) string { return "" }, Now: time.Now})
	root.DisableAutoGenTag = true
	header := &doc.GenManHeader{Title: "UP42HOOKS", Section: "1", Source: "up42hooks", Manual: "up42hooks", Date: &date}
	require.NoError(t, doc.GenManTree(root, header, dir))
	pages, err := filepath.Glob(filepath.Join(dir, "*.1"))
	require.NoError(t, err)
	assert.Greater(t, len(pages), 40)
	for _, page := range pages {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(page+".gz", compressed(t, text), 0o644))
	}
	text, err := os.ReadFile(filepath.Join(dir, "up42hooks-store-backup.1"))
	require.NoError(t, err)
	assert.Contains(t, string(text), "Write a copy of the store")
}

func compressed(t *testing.T, text []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	require.NoError(t, err)
	_, err = z.Write(text)
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return out.Bytes()
}
