package renderer_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// screen is what a terminal shows: each cell as its style and its character. It knows only
// what the renderer sends, and fails at anything else.
type screen struct {
	t     *testing.T
	cells [][]string
	style string
	y, x  int
}

const screenWidth, screenHeight = 40, 60

func newScreen(t *testing.T) *screen {
	s := &screen{t: t}
	s.wipe()
	return s
}

func (s *screen) wipe() {
	s.cells = make([][]string, screenHeight)
	for i := range s.cells {
		s.cells[i] = make([]string, screenWidth)
		s.clear(i, 0)
	}
}

func (s *screen) clear(line, from int) {
	require.Empty(s.t, s.style, "a wipe with a style colours the line")
	for i := from; i < screenWidth; i++ {
		s.cells[line][i] = " "
	}
}

var sequence = regexp.MustCompile(`^\x1b\[([?0-9;]*)([A-Za-z])`)

func (s *screen) Write(p []byte) (int, error) {
	for text := string(p); text != ""; {
		if text[0] == '\x1b' {
			m := sequence.FindStringSubmatch(text)
			require.NotNil(s.t, m, "%.40q", text)
			s.control(m[1], m[2])
			text = text[len(m[0]):]
			continue
		}
		r, n := utf8.DecodeRuneInString(text)
		if r < ' ' {
			require.Fail(s.t, "the renderer sends something else", "%.40q", text)
		}
		if s.x < screenWidth {
			s.cells[s.y][s.x] = s.style + string(r)
		}
		s.x++
		text = text[n:]
	}
	return len(p), nil
}

func (s *screen) control(args, final string) {
	switch final {
	case "H":
		s.y, s.x = 1, 1
		_, _ = fmt.Sscanf(args, "%d;%d", &s.y, &s.x)
		s.y, s.x = s.y-1, s.x-1
	case "J":
		s.wipe()
	case "K":
		if args == "2" {
			s.clear(s.y, 0)
		} else {
			s.clear(s.y, s.x)
		}
	case "m":
		if s.style += "<" + args + ">"; args == "0" {
			s.style = ""
		}
	case "h", "l":
		require.True(s.t, strings.HasPrefix(args, "?"), args)
	default:
		require.Fail(s.t, "the renderer sends something else", "%q %q", args, final)
	}
}

func (s *screen) String() string {
	lines := make([]string, len(s.cells))
	for i, l := range s.cells {
		lines[i] = strings.Join(l, "|")
	}
	return strings.Join(lines, "\n")
}
