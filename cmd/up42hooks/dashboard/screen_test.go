package dashboard

import (
	"io"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
)

// The OSC 52 sequence depends on the multiplexer between program and terminal.
func TestCopyThroughMultiplexers(t *testing.T) {
	const bare = "\x1b]52;c;aGk=\x07"
	for name, want := range map[string]string{
		"":     bare,
		"TMUX": bare + "\x1bPtmux;\x1b\x1b]52;c;aGk=\x07\x1b\\",
		"STY":  "\x1bP\x1b]52;c;aGk=\x07\x1b\\",
	} {
		r, w, err := os.Pipe()
		require.NoError(t, err)
		s := &screen{cli.NewOutput(w)}
		require.NoError(t, s.copier(func(v string) string {
			if v == name && name != "" {
				return "set"
			}
			return ""
		})("hi"))
		require.NoError(t, w.Close())
		got, err := io.ReadAll(r)
		require.NoError(t, err)
		require.NoError(t, r.Close())
		assert.Equal(t, want, string(got), name)
	}
}
