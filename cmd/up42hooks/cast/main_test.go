package main

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestACastHasWhatTheTerminalShows(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "a.cast")
	require.NoError(t, record(t.Context(), file, 80, 24, []string{"sh", "-c", "printf 'dots ●─◐'; stty size"}))
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	lines := bufio.NewScanner(strings.NewReader(string(text)))
	require.True(t, lines.Scan())
	assert.Contains(t, lines.Text(), `"width":80`)
	shown, before := "", 0.0
	for lines.Scan() {
		var e [3]any
		require.NoError(t, json.Unmarshal(lines.Bytes(), &e))
		assert.GreaterOrEqual(t, e[0].(float64), before)
		before = e[0].(float64)
		assert.Equal(t, "o", e[1])
		shown += e[2].(string)
	}
	assert.Equal(t, "dots ●─◐24 80\r\n", shown)
}

func TestACastOfAFailureIsNotKept(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "a.cast")
	require.Error(t, record(t.Context(), file, 80, 24, []string{"sh", "-c", "exit 3"}))
	require.Error(t, record(t.Context(), file, 80, 24, nil))
	assert.NoFileExists(t, file)
}

// A character is never cut, wherever a read ends.
func TestPiecesAreWhole(t *testing.T) {
	t.Parallel()
	w := &whole{in: iotest.OneByteReader(strings.NewReader("a●é\xff─"))}
	all := ""
	for {
		text, err := w.next()
		all += text
		if err != nil {
			break
		}
		for _, r := range text {
			if r == '\uFFFD' {
				assert.Equal(t, "\xff", text)
			}
		}
	}
	assert.Equal(t, "a●é\xff─", all)
}
