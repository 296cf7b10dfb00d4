package stage

import (
	"fmt"

	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/stage/qrcode"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// Invite says how the audience looks at the dashboard on its own screens.
type Invite struct {
	// Command is what somebody types.
	Command string
	// Looking returns how many look, Limit how many may.
	Looking func() int
	Limit   int
}

// line is the line above the dashboard.
func (i *Invite) line(width int) string {
	words := "Look yourself: " + i.Command
	more := fmt.Sprintf("  (%d of %d look; %s: QR code)", i.Looking(), i.Limit, keys.First(showCode))
	if text.Width(words)+text.Width(more)+1 <= width {
		words += more
	}
	return words
}

// drawCode draws the code with the command below it on the whole screen, or says why it can't.
func (i *Invite) drawCode(th *theme.Theme, width, height int, ascii bool) []string {
	const besides = 2 // an empty line, and the command
	lines, err := qrcode.Lines(i.Command)
	switch {
	case ascii:
		lines, err = nil, fmt.Errorf("this terminal has no block characters: its locale is not UTF-8")
	case err == nil && (len(lines)+besides > height || text.Width(lines[0]) > width):
		err = fmt.Errorf("the code needs %d×%d cells, and the terminal has %d×%d", text.Width(lines[0]), len(lines)+besides, width, height)
		lines = nil
	}
	var out []string
	add := func(s theme.Style, words string) {
		before := max(0, (width-text.Width(words))/2)
		out = append(out, text.Spaces(before)+s.Apply(words)+text.Spaces(width-before-text.Width(words)))
	}
	for range max(0, (height-len(lines)-besides)/2) {
		out = append(out, text.Spaces(width))
	}
	for _, l := range lines {
		add(th.Paper, l)
	}
	if err != nil {
		add(th.Plain, text.Clean("No QR code: "+err.Error(), width))
	} else if len(out)+besides <= height {
		out = append(out, text.Spaces(width))
	}
	add(th.Bold, text.Clean(i.Command, width))
	for len(out) < height {
		out = append(out, text.Spaces(width))
	}
	return out[:height]
}
