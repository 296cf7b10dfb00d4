package tui

import (
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/account"
	"github.com/up42/up42-webhooks/tui/follow"
	"github.com/up42/up42-webhooks/tui/frame"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/number"
	"github.com/up42/up42-webhooks/tui/text"
)

// emptyPage says what to do while a page has no rows.
type emptyPage struct {
	canvas   *frame.Canvas
	receiver *frame.Receiver
	follower *follow.Follower
	account  *account.Account
	// secretFile is the file of a secret that was made here. It may be empty.
	secretFile string
	program    string
	// sends: a key sends a test event.
	sends bool
	// ownSecret: no other program can sign an event for the receiver.
	ownSecret bool
	keys      *keys.Map
}

// rows is for a page of rows.
func (e *emptyPage) rows(k receiver.Kind) []string {
	if !e.follower.Ready() {
		return e.reading()
	}
	lines := []string{e.none(), ""}
	if s := e.account.Empty(k); s != "" {
		const longest = 96 // longer lines are hard to read
		lines = append(append(lines[:1], text.Wrap(s, min(e.canvas.W-4, longest), 4)...), "")
	}
	return append(lines, e.howTo(k)...)
}

// none says that a page has no rows, and where what came is listed.
func (e *emptyPage) none() string {
	c, all := e.follower.Shown(), keys.First(e.keys.Events)
	switch n := c.Rejected; {
	case c.Events() > 0:
		return "No event of this kind has come yet. Press " + all + " for all events."
	case n == 1:
		return "No event has come yet: the one delivery that came was rejected. Press " + all + " to see why."
	case n > 1:
		return "No event has come yet: all " + number.Format(n) + " deliveries were rejected. Press " + all + " to see why."
	default:
		return "No event has come yet."
	}
}

// overview is for the overview. It is nil once there is something to say.
func (e *emptyPage) overview() []string {
	switch {
	case !e.follower.Ready():
		return e.reading()
	case deliveries(e.follower.Counts()) > 0:
		return nil
	default:
		return e.events()
	}
}

// events is for the page of events.
func (e *emptyPage) events() []string {
	if !e.follower.Ready() {
		return e.reading()
	}
	return append([]string{"No event has come yet.", ""}, e.howTo("")...)
}

func (e *emptyPage) reading() []string {
	return []string{"reading the store" + e.canvas.Theme.Glyphs.Ellipsis}
}

// howTo says how an event gets here.
func (e *emptyPage) howTo(k receiver.Kind) []string {
	url := text.Clean("http://"+e.receiver.Address+e.receiver.Path, 120)
	lines := []string{"Deliveries are accepted at  " + url}
	if e.receiver.Viewer {
		lines[0] = "Another up42hooks receives at  " + url
	}
	if path := e.receiver.UnmatchedPath; path != "" {
		lines = append(lines, "The last request was to another path:  "+path)
	}
	if u := e.receiver.PublicURL(); u != "" {
		lines = append(lines, "The internet reaches it at  "+text.Clean(u, 120))
	}
	if e.ownSecret {
		if e.sends {
			lines = append(lines, "", "Press "+keys.First(e.keys.Test)+" to send yourself a test event.")
		}
		return lines
	}
	how := "Send yourself a test event from another terminal:"
	if e.sends {
		how = "Press " + keys.First(e.keys.Test) + " to send yourself a test event, or from another terminal:"
	}
	lines = append(lines, "", how, "")
	lines = append(append(lines, e.command(k, url)...), "")
	if e.secretFile == "" {
		return append(lines, "It must be signed with the configured secret.")
	}
	return append(lines, "The signing secret was made for you and is kept in", "    "+text.Clean(e.secretFile, 120))
}

// command sends an event of a kind to url. It names the URL if that is not the
// default. It has several lines if one has no room for it.
func (e *emptyPage) command(k receiver.Kind, url string) []string {
	const usual = "http://127.0.0.1:9888" + receiver.DefaultPath
	command := text.Clean(e.program, 80) + " send"
	if k == receiver.Job {
		command += " --job-id my-job"
	}
	if url != usual {
		command += " --url " + url
	}
	const indent, margin, goesOn = "    ", 4, " \\"
	lines := text.WrapWords(command, e.canvas.W-margin-len(indent)-len(goesOn))
	for i := range lines {
		lines[i] = indent + lines[i]
		if i < len(lines)-1 {
			lines[i] += goesOn
		}
	}
	return lines
}
