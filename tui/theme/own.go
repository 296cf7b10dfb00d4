package theme

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"github.com/charmbracelet/lipgloss"
)

// Own is a theme of a user's own.
type Own struct {
	// Base is one of [Bases]. It has the colours that Colours does not have.
	Base string
	// Colours are colours as [ParseColour] returns them, by [Roles].
	Colours map[string]string
}

// leastContrast is the least contrast at which text is easy to read (WCAG 2.2, 1.4.3).
const leastContrast = 4.5

// role is what a colour of a palette is for.
type role struct {
	name   string
	colour *lipgloss.Color
}

func (p *palette) roles() []role {
	return []role{
		{"accent", &p.accent},
		{"dim", &p.dim},
		{"success", &p.success},
		{"failure", &p.failure},
		{"progress", &p.progress},
		{"cancelled", &p.cancelled},
		{"mark", &p.mark},
		{"trouble", &p.trouble},
		{"waiting", &p.waiting},
		{"on-cursor", &p.onCursor},
		{"cursor", &p.cursor},
	}
}

// with returns the palette with other colours for some roles.
func (p palette) with(colours map[string]string) palette {
	for _, r := range p.roles() {
		if c, ok := colours[r.name]; ok {
			*r.colour = lipgloss.Color(c)
		}
	}
	return p
}

// Roles returns what the colours of a theme are for: all are of texts but cursor, which is the
// background of the line under the cursor.
func Roles() (names []string) {
	for _, r := range new(palette).roles() {
		names = append(names, r.name)
	}
	return names
}

var hex = regexp.MustCompile(`^#?[0-9a-fA-F]{6}$`)

// ParseColour returns a colour as #rrggbb. The # may be missing. ok is false if it is no colour.
func ParseColour(text string) (colour string, ok bool) {
	return "#" + strings.ToLower(strings.TrimPrefix(text, "#")), hex.MatchString(text)
}

// Faint describes each text that is hard to read on one of the backgrounds that the base is made
// for, or under the cursor.
func (o Own) Faint() (texts []string) {
	s := schemeOf(o.Base)
	p := s.fine.with(o.Colours)
	for _, r := range p.roles() {
		var grounds []lipgloss.Color
		switch r.name {
		case "cursor":
			continue
		case "dim": // it is not dim under the cursor
			grounds = s.grounds
		case "on-cursor":
			grounds = []lipgloss.Color{p.cursor}
		default:
			grounds = append([]lipgloss.Color{p.cursor}, s.grounds...)
		}
		if ground, least := hardest(*r.colour, grounds); least < leastContrast {
			where := "on " + string(ground)
			if ground == p.cursor {
				where = "under the cursor, on " + string(ground)
			}
			texts = append(texts, fmt.Sprintf("%s (%s) has a contrast of %.1f to 1 %s", r.name, *r.colour, math.Floor(least*10)/10, where))
		}
	}
	return texts
}

// hardest returns the ground to which a colour has the least contrast.
func hardest(c lipgloss.Color, grounds []lipgloss.Color) (ground lipgloss.Color, least float64) {
	least = math.Inf(1)
	for _, g := range grounds {
		if now := contrast(luminance(c), luminance(g)); now < least {
			ground, least = g, now
		}
	}
	return ground, least
}

// contrast is the contrast ratio of two luminances (WCAG 2.2), 1 to 21.
func contrast(a, b float64) float64 { return (max(a, b) + 0.05) / (min(a, b) + 0.05) }

// luminance is the relative luminance of a colour #rrggbb (WCAG 2.2).
func luminance(c lipgloss.Color) float64 {
	rgb, err := strconv.ParseUint(string(c[1:]), 16, 32)
	if err != nil {
		return 0
	}
	linear := func(v uint64) float64 {
		if c := float64(v&0xff) / 255; c > 0.04045 {
			return math.Pow((c+0.055)/1.055, 2.4)
		} else {
			return c / 12.92
		}
	}
	return 0.2126*linear(rgb>>16) + 0.7152*linear(rgb>>8) + 0.0722*linear(rgb)
}
