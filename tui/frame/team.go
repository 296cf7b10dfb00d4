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
	// Members are those of the team that are connected. None: that is not known.
	Members []Member
}

// Member is a member of a team. Its texts come from outside.
type Member struct {
	Name, Role string
	// Unread is how many messages of the stream it has not read, Behind how many of its events the
	// stream does not have.
	Unread, Behind int64
	// Forwards is how many targets and notices it forwards events to.
	Forwards int
	// Self: it is this one.
	Self bool
}

// crew says in the header how many members there are, and who forwards.
func (t *Team) crew() string {
	if len(t.Members) == 0 {
		return ""
	}
	words := number.Of(int64(len(t.Members)), "member", "members")
	var names []string
	for _, m := range t.Members {
		if m.Forwards > 0 {
			names = append(names, text.Clean(m.Name, 20))
		}
	}
	switch len(names) {
	case 0:
		return words
	case 1:
		return words + ", " + names[0] + " forwards"
	default:
		return words + ", " + names[0] + " and " + number.Format(int64(len(names)-1)) + " more forward"
	}
}

// crewPiece says in the header who is in the team.
func (r *Receiver) crewPiece(th *theme.Theme) Piece {
	return Piece{Text: r.team.crew(), Style: th.Dim, Drop: 10}
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
		return Piece{Text: th.Glyphs.Failed + " " + name, Style: th.Mark, Drop: 3}
	case r.team.Unread >= behindMuch:
		return Piece{Text: name + ", " + number.Format(r.team.Unread) + " to read", Style: th.Mark, Drop: drop}
	case r.team.Behind >= behindMuch:
		return Piece{Text: name + ", " + number.Format(r.team.Behind) + " wait", Style: th.Mark, Drop: drop}
	default:
		return Piece{Text: name, Style: th.Dim, Drop: drop}
	}
}
