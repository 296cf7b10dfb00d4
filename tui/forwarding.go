package tui

import (
	"context"
	"fmt"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/elapsed"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/undelivered"
)

// Forwarding hands events on to other programs. It is safe for concurrent use;
// its errors hold no secret.
type Forwarding interface {
	// Targets tells how each configured target stands. It is quick: it is asked
	// once a second.
	Targets() []Target
	// Failures is what was given up, oldest event first.
	Failures(ctx context.Context) ([]receiver.Failure, error)
	// Resend hands an event on to the configured targets once more, or only to
	// `target`, the reader of a failure; where that succeeds, it takes the event
	// off the list of what was given up.
	Resend(ctx context.Context, seq int64, target string) error
	// SendTo sends an event to a URL, once.
	SendTo(ctx context.Context, seq int64, url string) error
}

// Target is how a target stands.
type Target struct {
	// Name is what the target is called: a URL without secrets, a program.
	Name string
	// Lag is how many events it is behind.
	Lag int64
	// Failing is since when it takes nothing, zero while it is well; Err says
	// why.
	Failing time.Time
	Err     string
	// LastSent is when it took an event last; zero: not yet.
	LastSent time.Time
	// Sent and GivenUp count events since the start.
	Sent, GivenUp int64
	// Elsewhere: another process hands on to it.
	Elsewhere bool
}

const (
	// readSeldom is how often the list of what was given up is read without a
	// sign that it has changed: another process may be at it. readOften is that
	// while somebody looks at it.
	readSeldom, readOften = 30 * time.Second, 5 * time.Second
	// muchBehind is how many events a target may be behind without a word.
	muchBehind = 100
)

// handing is what the model knows of handing on.
type handing struct {
	targets []Target
	sending map[sending]bool // what is under way
	url     string           // the last one that something was sent to
}

func (m *Model) newUndelivered() *undelivered.Page {
	o := undelivered.Options{Log: m.o.Log, Theme: m.th, Now: m.o.Now, Do: m.commands.do, Empty: m.emptyUndelivered}
	if m.o.Forwarding != nil {
		o.Failures = m.o.Forwarding.Failures
	}
	return undelivered.New(o)
}

// startForwarding asks for the first time how the targets stand.
func (m *Model) startForwarding() tea.Cmd {
	if m.o.Forwarding == nil {
		return nil
	}
	m.handing.targets = m.o.Forwarding.Targets()
	return m.undelivered.Read()
}

// watchTargets asks how the targets stand, and reads what was given up where
// that has changed.
func (m *Model) watchTargets() tea.Cmd {
	if m.o.Forwarding == nil {
		return nil
	}
	before := m.handing.targets
	m.handing.targets = m.o.Forwarding.Targets()
	m.undelivered.Invalidate()
	switch {
	case givenUp(before) != givenUp(m.handing.targets):
		return m.undelivered.Read()
	case m.page == undeliveredPage:
		return m.undelivered.ReadAfter(readOften)
	default:
		return m.undelivered.ReadAfter(readSeldom)
	}
}

func givenUp(targets []Target) (n int64) {
	for i := range targets {
		n += targets[i].GivenUp
	}
	return n
}

// hasUndelivered says whether there is a page of what could not be handed on.
func (m *Model) hasUndelivered() bool { return len(m.handing.targets) > 0 }

// handsOn says in the header that there are targets, and how they are.
func (m *Model) handsOn() piece {
	targets := m.handing.targets
	if len(targets) == 0 {
		return piece{}
	}
	failing, elsewhere, lag := m.tallyTargets()
	arrow, of := m.th.Glyphs.Arrow+" ", counted(int64(len(targets)), "target", "targets")
	switch {
	case failing > 0:
		verb := plural(int64(failing), " fails", " fail")
		if failing < len(targets) {
			of = fmt.Sprintf("%d of %s", failing, of)
		}
		return piece{arrow + of + verb, m.th.Mark, 9}
	case elsewhere > 0:
		return piece{arrow + of + " elsewhere", m.th.Dim, 9}
	case lag >= muchBehind:
		return piece{arrow + of + ", " + count(lag) + " behind", m.th.Mark, 9}
	default:
		return piece{arrow + of, m.th.Dim, 9}
	}
}

func (m *Model) tallyTargets() (failing, elsewhere int, lag int64) {
	for i := range m.handing.targets {
		t := &m.handing.targets[i]
		if !t.Failing.IsZero() {
			failing++
		}
		if t.Elsewhere {
			elsewhere++
		}
		lag += t.Lag
	}
	return failing, elsewhere, lag
}

// failingTarget tells of the target that has failed for longest, in one line; "":
// none does. It is no alarm: the receiver is well, and nothing is lost.
func (m *Model) failingTarget() string {
	failing, _, _ := m.tallyTargets()
	if failing == 0 {
		return ""
	}
	var first *Target
	for i := range m.handing.targets {
		if t := &m.handing.targets[i]; !t.Failing.IsZero() && (first == nil || t.Failing.Before(first.Failing)) {
			first = t
		}
	}
	return m.failure(first, failing-1, m.w-aroundWarning)
}

// failure tells in room cells how a target fails. Why is what is cut first.
func (m *Model) failure(t *Target, more, room int) string {
	before, after := "hands on to ", ": failing for "+elapsed.Short(m.o.Now().Sub(t.Failing))
	end := ""
	if t.Lag > 0 {
		end = ", " + count(t.Lag) + " behind"
	}
	if more > 0 {
		end += fmt.Sprintf("; %d more %s", more, plural(int64(more), "fails", "fail"))
	}
	left := room - text.Width(before+after+end)
	name := text.Clean(t.Name, max(6, min(left, max(20, room/3))))
	why := ""
	if left -= text.Width(name) + 2; t.Err != "" && left > 4 {
		why = ": " + text.Clean(t.Err, left)
	}
	return text.Clean(before+name+after+why+end, room)
}

// emptyUndelivered tells how the targets stand while nothing is undelivered.
func (m *Model) emptyUndelivered() []string {
	lines := []string{"Nothing was given up: all targets get what they should.", ""}
	for i := range m.handing.targets {
		lines = append(lines, m.th.Glyphs.Arrow+" "+text.Clean(m.handing.targets[i].Name, 60)+": "+m.standing(&m.handing.targets[i]))
	}
	return append(lines, "", "What a target refuses for too long is listed here; f sends it again.")
}

// standing is how a target stands, in a few words.
func (m *Model) standing(t *Target) string {
	now := m.o.Now()
	var words []string
	switch {
	case !t.Failing.IsZero():
		words = append(words, "failing for "+elapsed.Short(now.Sub(t.Failing)))
	case t.Elsewhere:
		words = append(words, "another process hands on to it")
	default:
		words = append(words, count(t.Sent)+" sent")
	}
	if !t.LastSent.IsZero() {
		words = append(words, "last "+elapsed.Short(now.Sub(t.LastSent))+" ago")
	}
	if t.Lag > 0 {
		words = append(words, count(t.Lag)+" behind")
	}
	return strings.Join(words, ", ")
}

func counted(n int64, one, many string) string { return count(n) + " " + plural(n, one, many) }
