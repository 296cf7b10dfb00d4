package prompt

import (
	"fmt"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/filtered"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/note"
	"github.com/up42/up42-webhooks/tui/suggest"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// List is a list with a filter.
type List interface {
	Mover
	Filter() string
	SetFilter(expr string) tea.Cmd
}

// Expressions is a list whose filter is an expression of receiver/filter. That of
// other lists is words.
type Expressions interface {
	List
	// Check returns what is wrong with an expression, Doubts what probably is.
	Check(expr string) *filter.Error
	Doubts(expr string) []*filter.Error
	// TypeFilter is SetFilter for an expression that is being typed.
	TypeFilter(expr string) tea.Cmd
}

// Filters opens prompts for filters, and sets saved filters.
type Filters struct {
	Theme *theme.Theme
	Keys  *keys.Map
	Saved *Saved
	Say   note.Say
	// Own takes over the command of a list's filter.
	Own func(List, tea.Cmd) tea.Cmd
	// Run makes the commands that count values. Without it no values are proposed.
	Run command.Runner
	// Now is the clock. It is needed with Run.
	Now func() time.Time
	// History are the filters that were typed before.
	History *History
	last    map[List]string // the filter that the user has set last
}

// Open makes a prompt for the filter of a list. The list follows each key.
func (f *Filters) Open(l List) *Prompt {
	o := Options{Theme: f.Theme, Keys: f.Keys, Label: " / ", Enter: "keep", List: l, Saved: f.Saved}
	if e, ok := l.(Expressions); ok {
		if source, ok := l.(suggest.Source); ok && f.Run != nil {
			o.Menu = suggest.New(suggest.Options{Theme: f.Theme, Source: source, Run: f.Run, Now: f.Now})
		}
		o.Typed = func(expr string) (*Fault, tea.Cmd) { return f.typed(e, trimmed(expr)) }
		o.Done = func(expr string) (*Fault, tea.Cmd) { return f.done(e, trimmed(expr), o.Menu) }
	} else {
		o.Typed = func(words string) (*Fault, tea.Cmd) { return nil, f.Set(l, trimmed(words)) }
		o.Done = func(string) (*Fault, tea.Cmd) { return nil, nil }
	}
	o.Done = f.noting(l, o.Done)
	if f.History != nil {
		o.Past = f.past(l)
	}
	start := l.Filter()
	if start != "" {
		start += " " // what is typed is another word
	}
	return New(o, start)
}

// past are the filters that were typed before and that a list takes: words only, if it knows no
// keys.
func (f *Filters) past(l List) (out []string) {
	check := func(expr string) *filter.Error { return filtered.Check(expr, []filter.Key{}) }
	if e, ok := l.(Expressions); ok {
		check = e.Check
	}
	for _, expr := range f.History.All() {
		if check(expr) == nil {
			out = append(out, expr)
		}
	}
	return out
}

// noting takes note of the filters that are kept.
func (f *Filters) noting(l List, done func(string) (*Fault, tea.Cmd)) func(string) (*Fault, tea.Cmd) {
	return func(expr string) (*Fault, tea.Cmd) {
		wrong, cmd := done(expr)
		if wrong == nil {
			f.note(l, l.Filter())
			if f.History != nil {
				f.History.Add(l.Filter())
			}
		}
		return wrong, cmd
	}
}

func (f *Filters) note(l List, expr string) {
	if f.last == nil {
		f.last = map[List]string{}
	}
	if expr != "" {
		f.last[l] = expr
	}
}

// Last is the filter that a list has, or had before it was cleared.
func (f *Filters) Last(l List) string { return f.last[l] }

// Note takes note of a filter that a list had before it was cleared.
func (f *Filters) Note(l List, expr string) { f.note(l, expr) }

// Again sets the last filter of a list again, which was cleared. ok is false if no filter was cleared.
func (f *Filters) Again(l List) (cmd tea.Cmd, ok bool) {
	expr := f.last[l]
	if expr == "" || l.Filter() != "" {
		return nil, false
	}
	f.Say.Info("filter again: " + f.Saved.Title(expr) + "; " + keys.First(f.Keys.Back) + " clears it")
	return f.Set(l, expr), true
}

// trimmed is a filter without spaces at its end, which mean nothing.
func trimmed(expr string) string { return strings.TrimRight(expr, " ") }

// Set filters a list.
func (f *Filters) Set(l List, expr string) tea.Cmd { return f.Own(l, l.SetFilter(expr)) }

// typed filters by the part of an expression that is right so far.
func (f *Filters) typed(l Expressions, expr string) (*Fault, tea.Cmd) {
	cmd := f.Own(l, l.TypeFilter(expr))
	if wrong := l.Check(expr); wrong != nil {
		return faultOf(wrong, wrong.Unfinished), cmd
	}
	if doubts := l.Doubts(expr); len(doubts) > 0 {
		return faultOf(doubts[0], true), cmd
	}
	return nil, cmd
}

// done keeps an expression that is right. If a word is probably mistyped, it keeps
// the expression and says so.
func (f *Filters) done(l Expressions, expr string, menu *suggest.Menu) (*Fault, tea.Cmd) {
	if wrong := l.Check(expr); wrong != nil {
		return faultOf(wrong, false), nil
	}
	if doubts := l.Doubts(expr); len(doubts) > 0 {
		if begun, ok := beginning(l, expr, doubts, menu); ok {
			return nil, f.Set(l, begun)
		}
		f.Say.Hint(doubts[0].Error())
	}
	return nil, f.Set(l, expr)
}

// beginning returns an expression whose last value is the beginning of a known one, or of one that
// was counted, as a pattern: while it was typed it counted as that, so what was found stays.
func beginning(l Expressions, expr string, doubts []*filter.Error, menu *suggest.Menu) (begun string, ok bool) {
	begun = expr + "*"
	last := doubts[len(doubts)-1].End == len(expr)
	known := len(l.Doubts(begun)) < len(doubts) || menu != nil && menu.Begins()
	return begun, last && l.Check(begun) == nil && known
}

func faultOf(e *filter.Error, mild bool) *Fault {
	return &Fault{From: e.Pos, To: e.End, Words: text.Clean(e.Msg, 0), Instead: text.Clean(e.Suggestion, 0), Mild: mild}
}

// Restore filters a list as the user has left it.
func (f *Filters) Restore(l List, expr string) tea.Cmd {
	f.note(l, expr)
	return f.Set(l, expr)
}

// Press takes the keys of saved filters: they set the filter, or clear it if it is
// set. It returns false for other keys.
func (f *Filters) Press(l List, msg tea.KeyMsg) (cmd tea.Cmd, ok bool) {
	saved, ok := f.Saved.On(msg)
	if !ok {
		return nil, false
	}
	name := saved.Key()
	e, expressions := l.(Expressions)
	switch {
	case saved.Expr == "":
		f.Say.Hint(fmt.Sprintf(`%s has no filter; configure filters: {%s: "is:failed kind:order"}`, name, name))
	case !expressions:
		f.Say.Hint(name + " filters jobs, orders and events; " + keys.First(f.Keys.Filter) + " filters here")
	case l.Filter() == saved.Expr:
		f.Say.Info("the filter is cleared")
		cmd = f.Set(l, "")
	default:
		if wrong := e.Check(saved.Expr); wrong != nil {
			f.Say.Hint(name + " can't be used here: " + wrong.Error())
			break
		}
		f.note(l, saved.Expr)
		cmd = f.Set(l, saved.Expr)
	}
	return cmd, true
}

// Help returns lines for the help: the saved filters, the keys of filters, and the
// rest of the syntax.
func (f *Filters) Help() []key.Binding {
	lines := f.Saved.Help()
	for _, k := range filter.Keys() {
		short, _ := k.Help()
		lines = append(lines, keys.Line(string(k)+":", short))
	}
	return append(
		lines,
		keys.Line("a word", "anywhere in the row"),
		keys.Line(`"two words"`, "as one word"),
		keys.Line("kind:a,b", "any of them"),
		keys.Line("-kind:a", "not this one"),
	)
}
