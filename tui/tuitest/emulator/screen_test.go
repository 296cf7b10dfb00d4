package emulator_test

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/tui/tuitest/emulator"
)

func TestAScreenHasTheCells(t *testing.T) {
	t.Parallel()
	s := emulator.New(8, 2)
	// Byte by byte: a sequence and a character may be cut anywhere.
	in := iotest.OneByteReader(strings.NewReader("\x1b[?1049h\x1b[2J\x1b[H\x1b]52;c;aGk=\x07é\x1b[1;38;2;1;2;255ma\x1b[0m世\x1b[2;7H\x1b[7;48;5;231;31mlong\x1b[m"))
	_, err := io.Copy(s, in)
	require.NoError(t, err)
	assert.Equal(t, "éa世\n      lo", s.String())
	lines := s.Lines()
	assert.Equal(t, emulator.Cell{Text: "a", Style: emulator.Style{Text: "#0102ff", Bold: true}}, lines[0][1])
	assert.Equal(t, "", lines[0][3].Text, "a wide character has two cells")
	assert.Equal(t, emulator.Style{Text: "1", Ground: "#ffffff", Reversed: true}, lines[1][7].Style)
	_, err = io.WriteString(s, "\x1b[1;2H\x1b[K\x1b[2;1H\x1b[2K")
	require.NoError(t, err)
	assert.Equal(t, "é\n", s.String())
	_, err = io.WriteString(s, "\x1b[2;1H12345678\x1b[K")
	require.NoError(t, err)
	assert.Equal(t, "é\n1234567", s.String(), "the cursor is on the last cell of a full line")
}

func TestMarksBelongToTheirCharacter(t *testing.T) {
	t.Parallel()
	s := emulator.New(8, 1)
	_, err := io.WriteString(s, "e\u0301☀\ufe0fx")
	require.NoError(t, err)
	assert.Equal(t, "e\u0301☀\ufe0fx", s.String())
	assert.Equal(t, "e\u0301", s.Lines()[0][0].Text)
}

func TestAScreenThatWasLeftStays(t *testing.T) {
	t.Parallel()
	s := emulator.New(8, 1)
	_, err := io.WriteString(s, "\x1b[?1049hframe\x1b[?1049l\x1b[1;1Hafter\r\n")
	require.NoError(t, err)
	assert.True(t, s.Left())
	assert.Equal(t, "frame", s.String())
}

func TestWhatTheTerminalDoesNotKnowIsAnError(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"\x1b[5n", "\x1bc", "\x1b[4h", "\x1b[8m", "\x1b[38;2;1m", "\t", "\x1b[7m\x1b[K", "\u009b31m", "\x9b31m", "\x7f", "\u202e", "\u2066"} {
		_, err := io.WriteString(emulator.New(8, 1), in)
		assert.Error(t, err, "%q", in)
	}
}

func TestTheStateIsWhatATextDidBesideTheCells(t *testing.T) {
	t.Parallel()
	s := emulator.New(8, 1)
	assert.Equal(t, emulator.State{}, s.State())
	_, err := io.WriteString(s, "\x1b]0;title\a\x1b]52;c;aGk=\x1b\\\x1b]8;id=1;https://a.example\a\x1b]777;notify\a\x1b[?25l\x1b[?7h\x1b[?25l\x1b[1mx")
	require.NoError(t, err)
	assert.Equal(t, emulator.State{
		Title: "title", Clipboard: "c;aGk=", Link: "https://a.example", Other: "777;notify", Modes: "?7", Style: emulator.Style{Bold: true},
	}, s.State())
}
