package forwarding

import (
	"fmt"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/tui/elapsed"
	"github.com/up42/up42-webhooks/tui/frame"
	"github.com/up42/up42-webhooks/tui/number"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// Target is the state of a target.
type Target struct {
	// Name is what the target is called: a URL without secrets, a program.
	Name string
	// Lag is how many events it is behind.
	Lag int64
	// Failing is since when it accepts nothing. Zero if it does not fail. Err says
	// why it fails.
	Failing time.Time
	Err     string
	// LastSent is when it accepted an event last. Zero if it has accepted none.
	LastSent time.Time
	// Sent and GivenUp count events since the start.
	Sent, GivenUp int64
	// Elsewhere: another process forwards to it. Member is the member of the team that does, as far
	// as is known; it comes from outside.
	Elsewhere bool
	Member    string
}

// Who says who forwards to a target that is Elsewhere.
func (t *Target) Who() string {
	if t.Member == "" {
		return "another process forwards to it"
	}
	return text.Clean(t.Member, 40) + " forwards to it"
}

// muchBehind is how many events targets may be behind before the header says so.
const muchBehind = 100

// state says in a few words how the target is.
func (t *Target) state(now time.Time) string {
	var words []string
	switch {
	case !t.Failing.IsZero():
		words = append(words, "failing for "+elapsed.Short(now.Sub(t.Failing)))
	case t.Elsewhere:
		words = append(words, t.Who())
	default:
		words = append(words, number.Format(t.Sent)+" sent")
	}
	if !t.LastSent.IsZero() {
		words = append(words, "last "+elapsed.Short(now.Sub(t.LastSent))+" ago")
	}
	if t.Lag > 0 {
		words = append(words, number.Format(t.Lag)+" behind")
	}
	return strings.Join(words, ", ")
}

// The most cells of a target's name and of the reason in a warning.
const maxName, maxReason = 120, 300

// failure says how the target fails, with its name in about room cells. The reason comes last, as
// the end of a warning may be cut.
func (t *Target) failure(now time.Time, room int) string {
	words := text.URL(text.Clean(t.Name, maxName), room) + ": failing for " + elapsed.Short(now.Sub(t.Failing))
	if t.Lag > 0 {
		words += ", " + number.Format(t.Lag) + " behind"
	}
	if t.Err != "" {
		words += ": " + text.Short(t.Err, maxReason)
	}
	return words
}

// targets are all configured targets.
type targets []Target

// givenUp is how many events all targets have given up.
func (ts targets) givenUp() (n int64) {
	for i := range ts {
		n += ts[i].GivenUp
	}
	return n
}

// tally counts the targets that fail and those of other processes, and adds up how
// many events they are behind. first has been failing for longest.
func (ts targets) tally() (failing, elsewhere int, lag int64, first *Target) {
	for i := range ts {
		t := &ts[i]
		if !t.Failing.IsZero() {
			failing++
			if first == nil || t.Failing.Before(first.Failing) {
				first = t
			}
		}
		if t.Elsewhere {
			elsewhere++
		}
		lag += t.Lag
	}
	return failing, elsewhere, lag, first
}

func (ts targets) String() string { return number.Of(int64(len(ts)), "target", "targets") }

// piece says in the header that there are targets, and how they are.
func (ts targets) piece(th *theme.Theme) frame.Piece {
	const drop = 9
	if len(ts) == 0 {
		return frame.Piece{}
	}
	failing, elsewhere, lag, _ := ts.tally()
	words := th.Glyphs.Arrow + " " + ts.String()
	switch {
	case failing > 0:
		if failing < len(ts) {
			words = fmt.Sprintf("%s %d of %s", th.Glyphs.Arrow, failing, ts)
		}
		return frame.Piece{Text: words + number.Plural(int64(failing), " fails", " fail"), Style: th.Mark, Drop: drop}
	case elsewhere > 0:
		return frame.Piece{Text: words + " elsewhere", Style: th.Dim, Drop: drop}
	case lag >= muchBehind:
		return frame.Piece{Text: words + ", " + number.Format(lag) + " behind", Style: th.Mark, Drop: drop}
	default:
		return frame.Piece{Text: words, Style: th.Dim, Drop: drop}
	}
}
