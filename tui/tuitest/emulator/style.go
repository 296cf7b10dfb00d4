package emulator

import (
	"fmt"
	"strconv"
	"strings"
)

// Colour is #rrggbb, or the number of one of the sixteen colours that each terminal has its own
// of, or empty: the terminal's colour for text, or its ground.
type Colour string

// Style is how a character looks.
type Style struct {
	Text, Ground                                      Colour
	Bold, Faint, Italic, Underlined, Reversed, Struck bool
}

// switches are the numbers that switch something on or off.
var switches = map[int]func(*Style){
	0: func(s *Style) { *s = Style{} },
	1: func(s *Style) { s.Bold = true }, 2: func(s *Style) { s.Faint = true },
	3: func(s *Style) { s.Italic = true }, 4: func(s *Style) { s.Underlined = true },
	7: func(s *Style) { s.Reversed = true }, 9: func(s *Style) { s.Struck = true },
	22: func(s *Style) { s.Bold, s.Faint = false, false },
	23: func(s *Style) { s.Italic = false }, 24: func(s *Style) { s.Underlined = false },
	27: func(s *Style) { s.Reversed = false }, 29: func(s *Style) { s.Struck = false },
	39: func(s *Style) { s.Text = "" }, 49: func(s *Style) { s.Ground = "" },
}

// set changes a style as the arguments of a control sequence say.
func (s *Style) set(args string) error {
	numbers := make([]int, 0, 8)
	for _, a := range strings.FieldsFunc(args, func(r rune) bool { return r == ';' || r == ':' }) {
		n, err := strconv.Atoi(a)
		if err != nil {
			return fmt.Errorf("a style: %w", err)
		}
		numbers = append(numbers, n)
	}
	if len(numbers) == 0 {
		*s = Style{}
	}
	for len(numbers) > 0 {
		n, rest := numbers[0], numbers[1:]
		if n == 38 || n == 48 {
			colour, taken := extended(rest)
			if taken == 0 {
				return fmt.Errorf("the terminal knows no style %q", args)
			}
			*s.place(n) = colour
			numbers = rest[taken:]
			continue
		}
		if err := s.one(n); err != nil {
			return err
		}
		numbers = rest
	}
	return nil
}

// place is where the colour of a text (38) or of its ground (48) is.
func (s *Style) place(n int) *Colour {
	if n == 38 {
		return &s.Text
	}
	return &s.Ground
}

func (s *Style) one(n int) error {
	const bright = 8
	switch change, ok := switches[n]; {
	case ok:
		change(s)
	case n >= 30 && n < 38:
		s.Text = Colour(strconv.Itoa(n - 30))
	case n >= 40 && n < 48:
		s.Ground = Colour(strconv.Itoa(n - 40))
	case n >= 90 && n < 98:
		s.Text = Colour(strconv.Itoa(n - 90 + bright))
	case n >= 100 && n < 108:
		s.Ground = Colour(strconv.Itoa(n - 100 + bright))
	default:
		return fmt.Errorf("the terminal knows no style %d", n)
	}
	return nil
}

// extended reads a colour of 256 or of all, and returns how many numbers it takes.
func extended(numbers []int) (_ Colour, taken int) {
	switch {
	case len(numbers) >= 2 && numbers[0] == 5:
		return indexed(numbers[1]), 2
	case len(numbers) >= 4 && numbers[0] == 2:
		return rgb(numbers[1], numbers[2], numbers[3]), 4
	}
	return "", 0
}

func rgb(r, g, b int) Colour { return Colour(fmt.Sprintf("#%02x%02x%02x", r, g, b)) }

// indexed is one of xterm's 256 colours: 16 of the terminal, a cube of 216, and 24 greys.
func indexed(n int) Colour {
	const cube, grey = 16, 232
	levels := [...]int{0, 95, 135, 175, 215, 255}
	switch {
	case n < cube:
		return Colour(strconv.Itoa(n))
	case n < grey:
		n -= cube
		return rgb(levels[n/36], levels[n/6%6], levels[n%6])
	default:
		v := 8 + (n-grey)*10
		return rgb(v, v, v)
	}
}
