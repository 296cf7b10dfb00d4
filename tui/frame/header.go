package frame

import (
	"time"

	"github.com/up42/up42-webhooks/tui/elapsed"
	"github.com/up42/up42-webhooks/tui/number"
	"github.com/up42/up42-webhooks/tui/text"
)

// Header says what this program is, whether deliveries can come in, and when the
// last one did.
type Header struct {
	Receiver *Receiver
	Rate     *Rate
	// Workspace is the id of UP42's workspace, if it is known.
	Workspace string
	// Targets says how the targets of forwarding are.
	Targets Piece
	// Ready is false while the store is read for the first time.
	Ready bool
	// LastArrival is when the last delivery came, whatever its verdict: it proves
	// that the receiver can be reached. Zero if none has come.
	LastArrival time.Time
	Now         time.Time
}

// Line draws the header.
func (h *Header) Line(c *Canvas) string {
	th := c.Theme
	left := []Piece{
		{Text: "up42hooks", Style: th.Title},
		h.Receiver.state(th), h.Receiver.reached(th), h.Receiver.recording(th), h.Receiver.lookers(th),
		{Text: h.workspace(), Style: th.Dim, Drop: 6},
		h.Targets,
		h.Receiver.teamPiece(th), h.Receiver.crewPiece(th),
	}
	right := []Piece{
		{Text: h.sparkline(c), Style: th.Accent, Drop: 5},
		{Text: number.Format(h.Rate.perMinute()) + "/min", Style: th.Plain, Drop: 2},
		{Text: h.lastArrival(), Style: th.Dim, Drop: 1},
		{Text: h.Now.Format(time.TimeOnly), Style: th.Plain},
	}
	return spread(c.W, left, right)
}

func (h *Header) workspace() string {
	const first = 6
	id := text.Clean(h.Workspace, 40)
	if id == "" {
		return ""
	}
	if r := []rune(id); len(r) > first {
		id = string(r[:first]) + "…"
	}
	return "workspace " + id
}

func (h *Header) lastArrival() string {
	switch {
	case !h.Ready:
		return ""
	case h.LastArrival.IsZero():
		return "nothing yet"
	default:
		return "last " + elapsed.Short(h.Now.Sub(h.LastArrival)) + " ago"
	}
}

// sparkline draws the rate of the last minute, if something came.
func (h *Header) sparkline(c *Canvas) string {
	if h.Rate.perMinute() == 0 {
		return ""
	}
	return c.Theme.Glyphs.Sparkline(h.Rate.series())
}
