package form

import (
	"slices"
	"strconv"
	"strings"

	"github.com/up42/up42-webhooks/client/secretcheck"
	"github.com/up42/up42-webhooks/tui/number"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/textblock"
	"github.com/up42/up42-webhooks/tui/webhooks/webhook"
)

// minBelow is the least number of lines below the fields, so that the fields stay
// where they are.
const minBelow = 2

// Draw adds the form to a block. sending says what is under way with it, and is
// empty if nothing is.
func (f *Form) Draw(b *textblock.Block, sending string) {
	b.Title(f.o.Title)
	b.Gap()
	below := &textblock.Block{Theme: b.Theme, Width: b.Width}
	f.drawBelow(below, sending)
	room := max(1, b.Height-len(b.Lines)-1-max(minBelow, len(below.Lines)))
	f.resize(b.Width, room)
	fields := strings.Split(strings.TrimRight(f.huh.View(), " \n"), "\n")
	b.Drawn(strings.Join(fields[:min(len(fields), room)], "\n"))
	b.Gap()
	b.Lines = append(b.Lines, below.Lines...)
}

// drawBelow says what is under way, what is wrong, or what the field is for.
func (f *Form) drawBelow(b *textblock.Block, sending string) {
	switch wrong := f.wrong(); {
	case sending != "":
		b.Running(sending)
	case wrong != "":
		b.Problem(wrong)
	default:
		b.Prose(b.Theme.Dim, f.advice())
	}
	if words := f.duplicates(); words != "" {
		b.Remark(words)
	}
	if f.focused() == ownField {
		for _, p := range secretcheck.New(f.draft.own) {
			b.Remark("Your secret " + p.What + ". " + p.Todo)
		}
	}
}

// wrong says what is wrong with the field that has the focus, or "". An empty
// field is not wrong before the user tries to leave it.
func (f *Form) wrong() string {
	at := f.focused()
	err := f.draft.check(at)
	switch {
	case f.problem != "":
		return f.problem
	case err == nil, !f.tried[at] && f.draft.empty(at):
		return ""
	default:
		return text.Clean(err.Error(), 0)
	}
}

// duplicates names a webhook that already sends the same events to the same URL.
// It is empty if there is no such webhook.
func (f *Form) duplicates() string {
	w := f.draft.webhook("")
	events := webhook.Sorted(w.Events)
	for _, o := range f.o.Others() {
		if o.ID == w.ID || !o.Active || strings.TrimRight(o.URL, "/") != strings.TrimRight(w.URL, "/") {
			continue
		}
		same := slices.DeleteFunc(slices.Clone(events), func(e string) bool { return !slices.Contains(o.Events, e) })
		out := webhook.Name(o) + " already sends "
		switch len(same) {
		case 0:
			continue
		case len(events):
			out += "these events there: each would come twice"
		default:
			out += webhook.Events(same) + " there: each would come twice"
		}
		if !w.Active {
			out += ", once this is on"
		}
		return out
	}
	return ""
}

// advice says what the field is for.
func (f *Form) advice() string {
	switch f.focused() {
	case nameField:
		return "Its name in lists." + f.proposed(nameField)
	case urlField:
		if here, known := f.o.Receiver.PointsHere(strings.TrimSpace(f.draft.url)); known && f.draft.url != "" {
			return map[bool]string{true: "It leads to this receiver.", false: "It leads elsewhere, not to this receiver."}[here] + f.proposed(urlField)
		}
		return "Where UP42 sends to: an https:// URL that leads to this receiver."
	case eventsField:
		return f.adviceOnEvents()
	case activeField:
		return "Off: UP42 keeps the webhook but sends nothing. space or y and n change it."
	case secretField:
		switch f.draft.secret {
		case unknownSecret:
			return "UP42 does not show its secret. To change the webhook, choose one: left and right."
		case withoutSecret:
			return "UP42 signs nothing then. A receiver rejects what is not signed, unless it runs with --allow-unsigned."
		}
		return "UP42 signs with it, so nobody else can make deliveries. left and right choose."
	default:
		return "Paste works. " + number.Of(int64(len([]rune(f.draft.own))), "character", "characters") + " so far."
	}
}

// proposed says what typing does with a text that the form proposes.
func (f *Form) proposed(at field) string {
	if f.proposals[at] == nil {
		return ""
	}
	return " Typing replaces it."
}

// adviceOnEvents says what the field with the events is for.
func (f *Form) adviceOnEvents() string {
	switch {
	case len(f.o.Types) == 0:
		return "What UP42 sends. space selects. Which other events UP42 has is not known."
	case f.types > maxTypes:
		return "What UP42 sends: " + strconv.Itoa(len(f.draft.events)) + " of " + strconv.Itoa(f.types) + " are selected. up and down show the others, space selects."
	default:
		return "What UP42 sends. space selects."
	}
}

// resize fits the fields into a space. If there is room, it puts empty lines
// between them.
func (f *Form) resize(w, h int) {
	if w != f.w || h != f.h {
		f.w, f.h = w, h
		const fields, gaps = 8, 4
		roomy := h >= fields+gaps+min(maxTypes, f.types)
		f.huh.WithTheme(huhTheme(f.o.Theme, roomy)).WithWidth(w - 2).WithHeight(h)
	}
	f.huh.Update(nil) // makes huh lay out its lines
}
