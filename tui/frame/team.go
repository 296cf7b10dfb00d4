package frame

import (
	"github.com/up42/up42-webhooks/tui/number"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// Team is the state of a team's stream, as a member knows it.
type Team struct {
	// Stream is the name of the stream, "" if the receiver is no member of a team.
	Stream string
	// Err is why the stream can't be used, "" if it can.
	Err string
	// Published is how many events the stream took since the start, Behind how many wait for it.
	Published, Behind int64
	// Read is how many events came from others since the start, Unread how many messages of the
	// stream are not read yet.
	Read, Unread int64
}

// behindMuch is how many events may wait for the stream before the header says so.
const behindMuch = 100

// Team returns the state of the team's stream.
func (r *Receiver) Team() Team { return r.team }

// TeamError says why the team's stream can't be used, or returns "". That is no alarm, as
// deliveries are accepted.
func (r *Receiver) TeamError() string {
	if r.team.Err == "" {
		return ""
	}
	words := "team: " + text.Clean(r.team.Err, 300)
	if r.team.Behind > 0 {
		words += "; " + number.Of(r.team.Behind, "event waits", "events wait")
	}
	return words
}

// teamPiece says in the header how the team's stream is.
func (r *Receiver) teamPiece(th *theme.Theme) Piece {
	const drop = 8
	name := "team " + text.Clean(r.team.Stream, 20)
	switch {
	case r.team.Stream == "":
		return Piece{}
	case r.team.Err != "":
		return Piece{th.Glyphs.Failed + " " + name, th.Mark, 3}
	case r.team.Unread >= behindMuch:
		return Piece{name + ", " + number.Format(r.team.Unread) + " to read", th.Mark, drop}
	case r.team.Behind >= behindMuch:
		return Piece{name + ", " + number.Format(r.team.Behind) + " wait", th.Mark, drop}
	default:
		return Piece{name, th.Dim, drop}
	}
}
