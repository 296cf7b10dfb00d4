package webhooks

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/huh"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/text"
)

var errEmptySecret = errors.New("type or paste a secret, or choose none")

// form is a webhook being written down. It is huh's, but moved about in from
// here: its fields only compute, so that all of it happens within Update and
// there is no command that could outlive it. The cursor does not blink.
type form struct {
	p     *Page
	title string
	draft *draft
	huh   *huh.Form
	// done sends what was written.
	done func(*form) tea.Cmd
	// tried are fields that were to be left, or sent, as they are.
	tried map[string]bool
	// problem is what UP42 had against it, or what could not be typed; clean.
	problem string
	// began is what was in it at first.
	began draft
	w, h  int
}

func (p *Page) newForm(title string, d *draft, done func(*form) tea.Cmd) *form {
	f := &form{p: p, title: title, draft: d, done: done, tried: map[string]bool{}, began: *d}
	f.began.events = slices.Clone(d.events)
	f.huh = huh.NewForm(
		huh.NewGroup(
			huh.NewInput().Key(nameField).Title("Name").Prompt("").Value(&d.name),
			huh.NewInput().Key(urlField).Title("URL").Prompt("").Value(&d.url),
			huh.NewMultiSelect[string]().Key(eventsField).Title("Events").Filterable(false).
				Options(p.eventOptions(d.events)...).Height(1+min(maxTypes, len(p.eventOptions(d.events)))).Value(&d.events),
			huh.NewConfirm().Key(activeField).Title("Active ").Affirmative("on").Negative("off").Inline(true).Value(&d.active),
			huh.NewSelect[secretChoice]().Key(secretField).Title("Secret").Inline(true).Options(d.choices()...).Value(&d.secret),
		),
		huh.NewGroup(
			huh.NewInput().Key(ownField).Title("Your secret, up to 500 characters").Prompt("").EchoMode(huh.EchoModePassword).Value(&d.own),
		).WithHideFunc(func() bool { return d.secret != ownSecret }),
	).WithShowHelp(false).WithShowErrors(false).WithKeyMap(formKeys())
	f.huh.Init() // its command is the cursor's
	return f
}

// maxTypes is how many kinds of events are seen at a time.
const maxTypes = 5

// choices are where the secret may come from.
func (d *draft) choices() []huh.Option[secretChoice] {
	var out []huh.Option[secretChoice]
	made := huh.NewOption("make one (32 random bytes)", generateSecret)
	if d.secret == keepSecret {
		out = append(out, huh.NewOption("keep as it is", keepSecret))
	}
	return append(out, made, huh.NewOption("your own", ownSecret), huh.NewOption("none: nothing is signed", withoutSecret))
}

func (f *form) captures() bool { return true }

func (f *form) hints() []key.Binding {
	k := &f.p.keys
	if f.p.calls.waiting(f) != nil {
		return []key.Binding{key.NewBinding(key.WithHelp("esc", "give up"))}
	}
	return []key.Binding{k.next, k.send, k.leave, k.previous}
}

func (f *form) press(msg tea.KeyMsg) (tea.Cmd, bool) {
	k := &f.p.keys
	if !msg.Paste && key.Matches(msg, k.leave) {
		f.leave()
		return nil, true
	}
	if f.p.calls.waiting(f) != nil {
		f.p.say(Hint, "it is being sent; esc gives up")
		return nil, true
	}
	f.problem = ""
	field := f.focused()
	switch {
	case msg.Paste:
		f.edit(msg)
	case key.Matches(msg, k.send):
		return f.send(), true
	case key.Matches(msg, k.next):
		return f.next(), true
	case key.Matches(msg, k.previous), key.Matches(msg, k.above) && field != eventsField:
		f.move(-1)
	case key.Matches(msg, k.below) && field != eventsField:
		f.move(1)
	default:
		f.edit(msg)
	}
	return nil, true
}

// leave goes back a step: from the call under way, from the page of the secret,
// from the form. What was typed is not thrown away at once.
func (f *form) leave() {
	switch {
	case f.p.calls.waiting(f) != nil:
		f.p.Back()
	case f.focused() == ownField:
		f.problem = ""
		f.move(-1)
	case f.changed() && !f.p.sure("leave", "esc again leaves the form: what was typed is lost"):
	default:
		f.p.Back()
	}
}

// changed says that the form is not as it was at first.
func (f *form) changed() bool {
	d, was := f.draft, &f.began
	return d.name != was.name || d.url != was.url || d.active != was.active || d.secret != was.secret || d.own != was.own ||
		!slices.Equal(sorted(d.events), sorted(was.events))
}

// edit gives a key to the field.
func (f *form) edit(msg tea.KeyMsg) {
	msg, left := typable(msg)
	if left > 0 && f.focused() == ownField {
		f.problem = "not taken: it has characters that can't be typed here"
		return
	}
	if left > 0 {
		f.problem = strconv.Itoa(left) + " characters that can't be shown were left out"
	}
	if msg.Type == tea.KeyRunes && len(msg.Runes) == 0 {
		return
	}
	f.huh.Update(msg)
}

// typable takes from what was typed or pasted all that can't be shown, and says
// how many characters that were. A line's end behind it is no part of it.
func typable(msg tea.KeyMsg) (_ tea.KeyMsg, left int) {
	if msg.Type != tea.KeyRunes {
		return msg, 0
	}
	pasted := []rune(strings.TrimRight(string(msg.Runes), "\r\n"))
	msg.Runes = slices.DeleteFunc(slices.Clone(pasted), func(r rune) bool {
		s := "x" + string(r) // so that an accent has something to stand on
		return text.Clean(s, 0) != s
	})
	return msg, len(pasted) - len(msg.Runes)
}

func (f *form) focused() string { return f.huh.GetFocusedField().GetKey() }

// next goes to the next field, if this one is right; from the last one it
// sends.
func (f *form) next() tea.Cmd {
	field := f.focused()
	f.tried[field] = true
	if f.draft.check(field) != nil {
		return nil
	}
	if all := f.draft.fields(); field == all[len(all)-1] {
		return f.send()
	}
	f.move(1)
	return nil
}

// move goes some fields on or back, as far as there are any.
func (f *form) move(delta int) {
	all := f.draft.fields()
	at := slices.Index(all, f.focused())
	f.focus(all[max(0, min(at+delta, len(all)-1))])
}

func (f *form) focus(field string) {
	order := []string{nameField, urlField, eventsField, activeField, secretField, ownField}
	to := slices.Index(order, field)
	for at := slices.Index(order, f.focused()); at != to; at = slices.Index(order, f.focused()) {
		switch {
		case at > to && order[at] == ownField:
			f.huh.PrevGroup()
		case at > to:
			f.huh.PrevField()
		case order[at] == secretField:
			f.huh.NextGroup()
		default:
			f.huh.NextField()
		}
	}
}

// send sends what is written, if all of it is right; else it goes to what is
// not.
func (f *form) send() tea.Cmd {
	for _, field := range f.draft.fields() {
		f.tried[field] = true
		if f.draft.check(field) != nil {
			f.focus(field)
			return nil
		}
	}
	return f.done(f)
}

// wrong is what is to be said against the field that is typed in; "": nothing.
// An empty field is not blamed before it is left.
func (f *form) wrong() string {
	field := f.focused()
	err := f.draft.check(field)
	switch {
	case f.problem != "":
		return f.problem
	case err == nil, !f.tried[field] && f.blank(field):
		return ""
	default:
		return text.Clean(err.Error(), 0)
	}
}

func (f *form) blank(field string) bool {
	return field == nameField && f.draft.name == "" || field == urlField && f.draft.url == "" || field == ownField && f.draft.own == ""
}

func (f *form) draw(s *sheet) {
	s.title(f.title)
	s.gap()
	below := &sheet{theme: s.theme, width: s.width}
	f.drawBelow(below)
	room := max(1, s.height-len(s.lines)-1-max(minBelow, len(below.lines)))
	f.resize(s.width, room)
	fields := strings.Split(strings.TrimRight(f.huh.View(), " \n"), "\n")
	s.styled(strings.Join(fields[:min(len(fields), room)], "\n"))
	s.gap()
	s.lines = append(s.lines, below.lines...)
}

// minBelow is how many lines there are below the fields at least, so that the
// fields stay where they are.
const minBelow = 2

// drawBelow says what is wrong, or what the field is for.
func (f *form) drawBelow(s *sheet) {
	th := s.theme
	switch wrong := f.wrong(); {
	case f.p.calls.waiting(f) != nil:
		s.add(span{th.Progress, indent + th.Glyphs.Progress + " " + f.p.calls.waiting(f).does + th.Glyphs.Ellipsis + " esc gives up"})
	case wrong != "":
		s.hanging(th.Error, indent+th.Glyphs.Failed+" ", wrong)
	default:
		s.prose(th.Dim, f.advice())
	}
	if words := f.clash(); words != "" {
		s.hanging(th.Mark, indent+th.Glyphs.Arrow+" ", words)
	}
}

// clash says that another webhook sends the same, "" where none does.
func (f *form) clash() string {
	w := f.draft.webhook("")
	for _, o := range f.p.list.all {
		if o.ID == w.ID || !o.Active || strings.TrimRight(o.URL, "/") != strings.TrimRight(w.URL, "/") {
			continue
		}
		same := slices.DeleteFunc(sortedEvents(w), func(e string) bool { return !slices.Contains(o.Events, e) })
		words := shownName(o) + " already sends "
		switch {
		case len(same) == 0:
			continue
		case len(same) == len(sortedEvents(w)):
			words += "these events there: each would come twice"
		default:
			words += shownEvents(same) + " there: each would come twice"
		}
		if !w.Active {
			words += ", once this is on"
		}
		return words
	}
	return ""
}

// advice says what the field is for.
func (f *form) advice() string {
	switch f.focused() {
	case nameField:
		return "What this webhook is called in lists."
	case urlField:
		if here, known := f.p.pointsHere(strings.TrimSpace(f.draft.url)); known && f.draft.url != "" {
			return map[bool]string{true: "It leads to this receiver.", false: "It leads elsewhere, not to this receiver."}[here]
		}
		return "Where UP42 sends to: an https:// URL that leads to this receiver."
	case eventsField:
		return "What UP42 tells: space picks."
	case activeField:
		return "Off: UP42 keeps the webhook but sends nothing. space or y and n change it."
	case secretField:
		return "It signs the deliveries, so that nobody else's count. left and right choose."
	default:
		return "Paste works. " + strconv.Itoa(len([]rune(f.draft.own))) + " characters so far."
	}
}

// resize fits the fields into a space, with lines between them where there is
// room.
func (f *form) resize(w, h int) {
	if w != f.w || h != f.h {
		f.w, f.h = w, h
		const fields, gaps = 8, 4
		roomy := h >= fields+gaps+min(maxTypes, len(f.p.eventOptions(f.draft.events)))
		f.huh.WithTheme(formTheme(f.p.o.Theme, roomy)).WithWidth(w - 2).WithHeight(h)
	}
	f.huh.Update(nil) // has it lay out its lines
}

// eventOptions are what a webhook can subscribe to; what it has subscribed to is
// among them, whatever UP42 says.
func (p *Page) eventOptions(have []string) []huh.Option[string] {
	types := slices.Clone(p.eventTypes())
	for _, name := range have {
		if !slices.ContainsFunc(types, func(t client.EventType) bool { return t.Name == name }) {
			types = append(types, client.EventType{Name: name})
		}
	}
	out := make([]huh.Option[string], 0, len(types))
	for i, t := range types {
		label := text.Clean(t.Name, 40)
		if t.Title != "" && t.Title != t.Name {
			label += "  " + text.Clean(t.Title, 30)
		}
		if slices.ContainsFunc(out, func(o huh.Option[string]) bool { return o.Key == label }) {
			label += " " + strconv.Itoa(i+1) // huh tells options apart by what is shown
		}
		out = append(out, huh.NewOption(label, t.Name))
	}
	return out
}

// eventTypes are those that UP42 names, or the known ones.
func (p *Page) eventTypes() []client.EventType {
	if p.types != nil {
		return p.types
	}
	var known []client.EventType
	for _, name := range receiver.EventNames() {
		known = append(known, client.EventType{Name: name})
	}
	return known
}
