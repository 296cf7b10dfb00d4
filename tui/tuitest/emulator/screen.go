// Package emulator is a terminal for tests and for pictures: it has the cells that the dashboard
// draws. It knows only the control sequences that the program sends, and fails at anything else.
package emulator

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/up42/up42-webhooks/tui/text"
)

// Cell is one place of the screen.
type Cell struct {
	// Text is one character, with the marks that combine with it. It is empty where the wide
	// character of the cell before goes on.
	Text  string
	Style Style
}

// Screen is what a terminal shows. Lines that are too long are cut. It is not safe for
// concurrent use.
type Screen struct {
	cells [][]Cell
	style Style
	y, x  int
	rest  []byte // the start of a sequence or a character that is not complete
	left  bool
	told  map[string]string // the newest commands to the system, by their numbers
	modes map[string]bool   // those that are on
}

// New makes an empty screen.
func New(columns, rows int) *Screen {
	s := &Screen{cells: make([][]Cell, rows), told: map[string]string{}, modes: map[string]bool{}}
	for i := range s.cells {
		s.cells[i] = make([]Cell, columns)
		s.clear(i, 0)
	}
	return s
}

// Lines returns a copy of the cells, line by line.
func (s *Screen) Lines() [][]Cell {
	lines := make([][]Cell, len(s.cells))
	for i, l := range s.cells {
		lines[i] = slices.Clone(l)
	}
	return lines
}

// String returns the text of the screen, without the blanks at the ends of lines.
func (s *Screen) String() string {
	lines := make([]string, len(s.cells))
	for i, l := range s.cells {
		var b strings.Builder
		for _, c := range l {
			b.WriteString(c.Text)
		}
		lines[i] = strings.TrimRight(b.String(), " ")
	}
	return strings.Join(lines, "\n")
}

// Left says that the program has given the alternate screen back. What it sends after that is not
// shown, until it takes the screen again.
func (s *Screen) Left() bool { return s.left }

// Write shows what a program sends. A sequence or a character may be in several writes.
func (s *Screen) Write(p []byte) (int, error) {
	in := append(s.rest, p...)
	for len(in) > 0 {
		n, err := s.next(in)
		if err != nil {
			return 0, err
		}
		if n == 0 {
			break
		}
		in = in[n:]
	}
	s.rest = bytes.Clone(in)
	return len(p), nil
}

var (
	control = regexp.MustCompile(`^\x1b\[([?0-9;:]*)([A-Za-z])`)
	begun   = regexp.MustCompile(`^\x1b(\[[?0-9;:]*)?$`)
	system  = regexp.MustCompile(`^\x1b\][^\x07\x1b]*(\x07|\x1b\\)`)
)

// next shows the first sequence or character, and returns its length: 0 if it is not complete.
func (s *Screen) next(in []byte) (int, error) {
	if in[0] == '\x1b' {
		if m := control.FindSubmatch(in); m != nil {
			return len(m[0]), s.control(string(m[1]), string(m[2]))
		}
		if m := system.Find(in); m != nil { // the clipboard, links: they change no cell
			s.tell(string(m))
			return len(m), nil
		}
		if begun.Match(in) || bytes.HasPrefix(in, []byte("\x1b]")) {
			return 0, nil
		}
		return 0, fmt.Errorf("the terminal knows no %.40q", in)
	}
	if !utf8.FullRune(in) {
		return 0, nil
	}
	r, n := utf8.DecodeRune(in)
	switch r {
	case '\r':
		s.x = 0
	case '\n':
		s.y = min(s.y+1, len(s.cells)-1)
	default:
		if err := foreign(r, n); err != nil {
			return 0, fmt.Errorf("%w: %.40q", err, in)
		}
		s.put(string(in[:n]))
	}
	return n, nil
}

// alternate is the number of the alternate screen.
const alternate = "?1049"

// joiner joins two emoji to one.
const joiner = "\u200d"

// put shows a character where the cursor is.
func (s *Screen) put(char string) {
	if s.left {
		return
	}
	line, width := s.cells[s.y], text.Width(char)
	if before := s.before(); before != nil && (width == 0 || strings.HasSuffix(before.Text, joiner)) {
		before.Text += char
		return
	}
	for i := range width {
		if s.x+i < len(line) {
			line[s.x+i] = Cell{Style: s.style}
		}
	}
	if width > 0 && s.x+width <= len(line) {
		line[s.x].Text = char
	}
	s.x += width
}

// before is the character before the cursor, or nil.
func (s *Screen) before() *Cell {
	line := s.cells[s.y]
	for i := min(s.x, len(line)) - 1; i >= 0; i-- {
		if line[i].Text != "" {
			return &line[i]
		}
	}
	return nil
}

// control does what a control sequence says.
func (s *Screen) control(args, final string) error {
	switch final {
	case "H":
		y, x := 1, 1
		_, _ = fmt.Sscanf(args, "%d;%d", &y, &x) // what is left out is 1
		s.y, s.x = min(y, len(s.cells))-1, x-1
		return nil
	case "J":
		return s.wipe()
	case "K":
		if args == "2" {
			return s.clear(s.y, 0)
		}
		return s.clear(s.y, min(s.x, len(s.cells[s.y])-1)) // after a full line the cursor is on its last cell
	case "m":
		return s.style.set(args)
	case "h", "l":
		if args == alternate {
			s.left = final == "l"
		}
		if strings.HasPrefix(args, "?") {
			s.mode(args, final == "h")
			return nil
		}
	}
	return fmt.Errorf("the terminal knows no %q with %q", final, args)
}

func (s *Screen) wipe() (err error) {
	for i := range s.cells {
		err = errors.Join(err, s.clear(i, 0))
	}
	return err
}

// clear makes the rest of a line blank. With a style it would colour it, which is a mistake.
func (s *Screen) clear(line, from int) error {
	if s.style != (Style{}) {
		return errors.New("a wipe with a style colours the line")
	}
	for i := from; i < len(s.cells[line]); i++ {
		s.cells[line][i] = Cell{Text: " "}
	}
	return nil
}
