package qrcode_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/tui/stage/qrcode"
)

// Each version is used up to its last byte. The capacities are those of level L in ISO/IEC 18004,
// table 7.
func TestCodesAreReadBack(t *testing.T) {
	for version, capacity := range map[int]int{
		1: 17, 2: 32, 3: 53, 4: 78, 5: 106, 6: 134, 7: 154, 8: 192, 9: 230, 10: 271, 11: 321, 15: 520, 20: 858, 26: 1367, 27: 1465, 32: 1952, 39: 2809, 40: 2953,
	} {
		text := strings.Repeat("ssh -p 2222 ", capacity)[:capacity]
		code := codeOf(t, text)
		assert.Equal(t, version, code.version(), "%d bytes", capacity)
		assert.Equal(t, text, code.read(t))
		if version < 40 {
			code = codeOf(t, text+"x")
			assert.Equal(t, version+1, code.version(), "%d bytes", capacity+1)
			assert.Equal(t, text+"x", code.read(t))
		}
	}
	for _, text := range []string{
		"", "0", "007", "01234567", strings.Repeat("9", 41), "HELLO WORLD", "A", "HTTPS://UP42.COM/$%*+-./:", "ssh -p 2222 host.example", "Grüße, 衛星 🛰", "\x00\xff\x1b[2J",
	} {
		assert.Equal(t, text, codeOf(t, text).read(t))
	}
}

// Digits and capital letters take less room than bytes.
func TestShortModes(t *testing.T) {
	for text, version := range map[string]int{
		strings.Repeat("7", 41): 1, strings.Repeat("7", 42): 2, strings.Repeat("A", 25): 1, strings.Repeat("A", 26): 2, strings.Repeat("7", 7089): 40, strings.Repeat("A", 4296): 40,
	} {
		code := codeOf(t, text)
		assert.Equal(t, version, code.version(), "%d of %c", len(text), text[0])
		assert.Equal(t, text, code.read(t))
	}
}

func TestATextThatIsTooLong(t *testing.T) {
	for _, text := range []string{strings.Repeat("x", 2954), strings.Repeat("7", 7090), strings.Repeat("A", 4297), strings.Repeat("x", 1<<20)} {
		lines, err := qrcode.Lines(text)
		assert.ErrorContains(t, err, "too long")
		assert.Empty(t, lines)
	}
}

// A reader notices a module that is wrong.
func TestAWrongModuleIsNoticed(t *testing.T) {
	code := codeOf(t, "ssh -p 2222 host.example")
	require.True(t, code.sound())
	size := len(code)
	code[size-1][size-1] = !code[size-1][size-1]
	assert.False(t, code.sound())
}

// codeOf draws a code, and checks all in it that is no data.
func codeOf(t *testing.T, text string) code {
	t.Helper()
	lines, err := qrcode.Lines(text)
	require.NoError(t, err)
	code := modules(t, lines)
	code.checkPatterns(t)
	return code
}

// modules returns the modules of a drawn code without the light ones around it.
func modules(t *testing.T, lines []string) code {
	t.Helper()
	const quiet = 4
	var all [][]bool
	for _, line := range lines {
		var above, below []bool
		for _, r := range line {
			require.Contains(t, " ▀▄█", string(r))
			above, below = append(above, r == '▀' || r == '█'), append(below, r == '▄' || r == '█')
		}
		all = append(all, above, below)
	}
	size := len(all[0]) - 2*quiet
	require.GreaterOrEqual(t, len(all), size+2*quiet)
	var code code
	for y, row := range all {
		require.Len(t, row, size+2*quiet)
		for x, dark := range row {
			if x < quiet || x >= quiet+size || y < quiet || y >= quiet+size {
				require.False(t, dark, "it is quiet around the code")
			}
		}
		if y >= quiet && y < quiet+size {
			code = append(code, row[quiet:quiet+size])
		}
	}
	return code
}
