// Package pinning offers to pin the list of headers that genuine deliveries are signed
// over. It reads the list from the log, and pins it when the user has pressed the key
// twice.
package pinning

import (
	"context"
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/components"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/text"
)

// Options are what an Offer needs.
type Options struct {
	Log receiver.Reader
	Run command.Runner
	Say note.Say
	// Pinned returns the headers that are pinned, nil if none are. Nil if that is not
	// known: then nothing is offered.
	Pinned func() []string
	// Pin pins headers. It is called from a command. Nil if that is not possible here.
	Pin func(components []string) (note string, err error)
	// Viewer: another process receives.
	Viewer bool
	// File is the file that Pin writes, "" if nothing can be pinned.
	File string
	// Keys are the dashboard's keys. Nil: the usual ones.
	Keys *keys.Map
	// Work notes that headers are being pinned. May be nil.
	Work *command.Work
	// Said: the offer was made in a note before. Declined: it was not confirmed.
	Said, Declined bool
}

// Offer is the offer to pin. Its methods may be called only from Update and View.
type Offer struct {
	o Options
	// read is how many verified events there were when the log was read last.
	read    int64
	reading bool
	pinning bool
	seen    components.Seen
	// said: the offer was made in a note. asked: the next key may confirm it. declined:
	// it was not confirmed; it is not made again.
	said, asked, declined bool
}

// New makes an Offer.
func New(o Options) *Offer {
	if o.Keys == nil {
		o.Keys = keys.New()
	}
	return &Offer{o: o, said: o.Said, declined: o.Declined}
}

// Made reports whether the offer was made in a note, and whether it was not confirmed then.
func (f *Offer) Made() (said, declined bool) { return f.said, f.declined }

// key is the key that pins.
func (f *Offer) key() string { return keys.First(f.o.Keys.Pin) }

// open reports whether there is something to pin, or may be.
func (f *Offer) open() bool { return f.o.Pinned != nil && len(f.o.Pinned()) == 0 }

// Tick must be called each second, with the counts of the log. quiet says that no note is
// shown, so that the offer may be made in one.
func (f *Offer) Tick(counts receiver.Counts, quiet bool) tea.Cmd {
	if !f.open() || f.o.Viewer {
		return nil
	}
	if list, ok := f.seen.Proposed(); ok && quiet && !f.said && !f.declined {
		f.said = true
		f.o.Say.Info(fmt.Sprintf("%d verified deliveries are signed over %s: %s pins that list", f.seen.Deliveries(), join(list), f.key()))
	}
	if f.reading || f.declined || counts.Verified == f.read {
		return nil
	}
	type result struct {
		seen components.Seen
		err  error
	}
	f.reading, f.read = true, counts.Verified
	return command.Ask(f.o.Run, func(ctx context.Context) (r result) {
		r.seen, r.err = components.Read(ctx, f.o.Log)
		return r
	}, func(r result) tea.Cmd {
		f.reading = false
		if r.err == nil { // else it is read again with the next event
			f.seen = r.seen
		}
		return nil
	})
}

// Label says how it is about pinning, for the rule below a list. It is "" if there is
// nothing to say. offered says that it names a key to press.
func (f *Offer) Label() (words string, offered bool) {
	switch _, ok := f.seen.Proposed(); {
	case !f.open() || f.o.Viewer || f.declined:
		return "", false
	case ok:
		return f.key() + " pins signed headers", true
	case f.seen.Differ():
		return "not pinned: lists differ", false
	default:
		return "headers not pinned", false
	}
}

// NextKey must be called for each key before it acts.
func (f *Offer) NextKey(pins bool) {
	if f.asked && !pins {
		f.asked, f.declined = false, true
	}
}

// Press pins the list, if it was pressed before, and says what it would do otherwise.
func (f *Offer) Press() tea.Cmd {
	list, ok := f.seen.Proposed()
	switch {
	case f.o.Viewer:
		f.o.Say.Hint("this screen is a viewer: the process that receives pins, press " + f.key() + " there")
	case f.o.Pinned == nil || f.o.Pin == nil:
		f.o.Say.Hint("headers can't be pinned here")
	case !f.open():
		f.o.Say.Hint("a list is pinned already: " + join(f.o.Pinned()))
	case f.pinning:
		f.o.Say.Hint("it is being pinned")
	case f.seen.Differ():
		f.o.Say.Hint("nothing to pin: verified deliveries are signed over different lists: " + text.Clean(f.seen.String(), 200))
	case !ok:
		f.o.Say.Hint(fmt.Sprintf("a list can be pinned after %d verified deliveries, %d came; or test a webhook on page %s", components.Enough, f.seen.Deliveries(), keys.First(f.o.Keys.Webhooks)))
	case f.o.File == "":
		f.o.Say.Hint("there is no configuration file to write to: start with --config FILE, or with --components " + strings.Join(list, ","))
	case !f.asked:
		f.asked = true
		f.o.Say.Hint(f.question(list))
	default:
		f.asked = false
		return f.pin(slices.Clone(list))
	}
	return nil
}

// question says what a second press would do. The file comes last: its name can be long, and
// at 80 columns there is room for about 150 cells.
func (f *Offer) question(list []string) string {
	doubt := ""
	switch {
	case components.Lacks(list) == "":
	case slices.Contains(list, "date"):
		doubt = "no digest is signed, so bodies are not proved. "
	default:
		doubt = "no date is signed, so old deliveries can be sent again. "
	}
	return fmt.Sprintf("%s%s again pins %s: other lists are rejected; other keys: no. It writes components to %s", doubt, f.key(), join(list), f.o.File)
}

func (f *Offer) pin(list []string) tea.Cmd {
	type result struct {
		note string
		err  error
	}
	f.pinning = true
	end := f.o.Work.Begin("pinning headers")
	return command.Ask(f.o.Run, func(context.Context) result {
		note, err := f.o.Pin(list)
		return result{note, err}
	}, func(r result) tea.Cmd {
		f.pinning = false
		end()
		if r.err != nil {
			f.o.Say.Failure("could not pin: " + r.err.Error())
			return nil
		}
		f.o.Say.Info(join(list) + " " + r.note + "; remove components there and restart to undo it")
		return nil
	})
}

// join lists headers for the screen.
func join(list []string) string { return text.Clean(strings.Join(list, ", "), 120) }
