// Package prompt is the line in the footer in which the user types: a filter, or a
// URL.
package prompt

import (
	"fmt"
	"unicode/utf8"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/suggest"
	"github.com/up42/up42-webhooks/tui/theme"
)

// Mover is a list through which the arrows move while the user types.
type Mover interface{ Move(delta int) }

// Options are what a Prompt needs.
type Options struct {
	Theme *theme.Theme
	Keys  *keys.Map
	// Label stands before the text, Enter says what that key does.
	Label, Enter string
	// Typed follows each change of the text, and returns what is wrong with it.
	Typed func(value string) (*Fault, tea.Cmd)
	// Done gets the finished text. If it returns a fault, the prompt stays open.
	Done func(value string) (*Fault, tea.Cmd)
	// Waits: what Done begins ends later, with [Prompt.Finish]. Until then the prompt stays open.
	Waits bool
	// List is what the arrows move through. It may be nil.
	List Mover
	// Chooses: the arrows choose what enter takes.
	Chooses bool
	// Saved are filters that their keys put into the prompt. It may be nil.
	Saved *Saved
	// Menu proposes what can be typed. It may be nil.
	Menu *suggest.Menu
	// Proposed: the first text is a proposal, which the first character that is typed replaces.
	Proposed bool
	// Past are texts that were typed before, the newest first.
	Past []string
}

// Prompt edits one line of text. It draws itself, as the text may be pasted and so
// come from outside.
type Prompt struct {
	o     Options
	input textinput.Model
	fault *Fault
	// past is which of the earlier texts is shown, from 1 on. 0: none is.
	past int
	cut  bool // the last text that came in was too long
	// fresh: the text is a proposal, and no key was pressed yet.
	fresh bool
	// waiting: what Done has begun is under way. closed: the prompt is closed.
	waiting, closed bool
}

// maxLength is the longest text, in characters.
const maxLength = 400

// New makes a prompt. It is open once Start was called.
func New(o Options, value string) *Prompt {
	in := textinput.New()
	in.CharLimit = maxLength
	// The terminal pastes: the text comes as one message.
	in.KeyMap.Paste = key.NewBinding(key.WithDisabled())
	in.SetValue(value)
	in.CursorEnd()
	in.Focus()
	return &Prompt{o: o, input: in, fresh: o.Proposed}
}

// Start checks the first text.
func (p *Prompt) Start() tea.Cmd { return p.typed() }

// Set replaces the text.
func (p *Prompt) Set(value string) {
	p.input.SetValue(value)
	p.input.CursorEnd()
}

// Value returns the text.
func (p *Prompt) Value() string { return p.input.Value() }

// Finish ends what Done has begun: the prompt closes, or says what went wrong and stays open. shown is
// false if the user has left it before.
func (p *Prompt) Finish(wrong *Fault) (shown bool) {
	if p.closed {
		return false
	}
	p.waiting, p.closed = false, wrong == nil
	if wrong != nil {
		p.refuse(wrong)
	}
	return true
}

// Closed reports whether the prompt is closed.
func (p *Prompt) Closed() bool { return p.closed }

// Press takes a key. open is false once the prompt is closed.
func (p *Prompt) Press(msg tea.KeyMsg) (cmd tea.Cmd, open bool) {
	if p.waiting {
		p.closed = key.Matches(msg, p.o.Keys.Clear) && !msg.Paste
		return nil, !p.closed
	}
	cmd, open = p.press(msg)
	p.closed = !open
	return cmd, open
}

func (p *Prompt) press(msg tea.KeyMsg) (cmd tea.Cmd, open bool) {
	k := p.o.Keys
	if p.fresh && (msg.Type == tea.KeyRunes || msg.Type == tea.KeySpace) {
		p.Set("")
	}
	p.fresh = false
	if cmd, ok := p.pressMenu(msg); ok {
		return cmd, true
	}
	switch {
	case msg.Paste:
		p.edit(msg)
	case key.Matches(msg, k.Keep):
		return p.finish()
	case key.Matches(msg, k.Clear):
		if p.input.Value() == "" {
			return nil, false
		}
		p.Set("")
		return p.checkOnly(), true // the next esc leaves
	case key.Matches(msg, k.Accept):
		if !p.proposes() {
			return nil, true
		}
		p.correct()
		return p.checkOnly(), true
	case msg.Type == tea.KeyUp, msg.Type == tea.KeyDown:
		return p.pressArrow(msg.Type), true
	case !p.recall(msg):
		p.edit(msg)
	default:
		return p.checkOnly(), true
	}
	return p.typed(), true
}

// recall puts a saved filter into the prompt if the key is for one.
func (p *Prompt) recall(msg tea.KeyMsg) bool {
	if p.o.Saved == nil {
		return false
	}
	f, ok := p.o.Saved.On(msg)
	if ok {
		p.Set(f.Expr)
	}
	return ok
}

func (p *Prompt) edit(msg tea.KeyMsg) {
	p.cut = utf8.RuneCountInString(p.input.Value())+len(msg.Runes) > maxLength
	p.input, _ = p.input.Update(msg) // the command blinks a cursor, which this prompt does not have
}

// typed checks the text after a change, and proposes what may follow.
func (p *Prompt) typed() (cmd tea.Cmd) {
	p.past = 0
	if p.o.Menu != nil {
		value := p.input.Value()
		cmd = p.o.Menu.Typed(value, len(string([]rune(value)[:p.input.Position()])))
	}
	return tea.Batch(cmd, p.check())
}

// checkOnly checks a text that is complete: nothing is proposed.
func (p *Prompt) checkOnly() tea.Cmd {
	if p.o.Menu != nil {
		p.o.Menu.Close()
	}
	return p.check()
}

func (p *Prompt) check() (cmd tea.Cmd) {
	p.fault, cmd = p.o.Typed(p.input.Value())
	if n := len(p.input.Value()); p.cut && p.fault == nil {
		p.fault = &Fault{From: n, To: n, Words: fmt.Sprintf("there is room for %d characters: the rest is left out", maxLength), Mild: true}
	}
	p.cut = false
	return cmd
}

func (p *Prompt) finish() (cmd tea.Cmd, open bool) {
	if p.fault != nil && p.o.Menu != nil && p.o.Menu.Only() && p.o.Menu.Covers(p.fault.From, p.fault.To) {
		taken := p.take() // what is begun can be one value only
		cmd, open = p.done()
		return tea.Batch(taken, cmd), open
	}
	return p.done()
}

// done keeps the text, if it is right.
func (p *Prompt) done() (cmd tea.Cmd, open bool) {
	wrong, cmd := p.o.Done(p.input.Value())
	if wrong != nil {
		p.refuse(wrong)
		return cmd, true
	}
	if p.o.Menu != nil {
		p.o.Menu.Stop()
	}
	p.waiting, p.fault = p.o.Waits, nil
	return cmd, p.waiting
}

// refuse says why the text can't be taken.
func (p *Prompt) refuse(wrong *Fault) {
	wrong.Mild, wrong.refused = false, true
	wrong.Words = p.o.Theme.Glyphs.Failed + " " + wrong.Words
	p.fault = wrong
}

// wrong is what is wrong with the text, or nil. What is only unfinished is not wrong as long as
// the menu says how it can go on.
func (p *Prompt) wrong() *Fault {
	f, m := p.fault, p.o.Menu
	if f != nil && f.Mild && m != nil && m.Covers(f.From, f.To) {
		return nil
	}
	return f
}

// proposes reports whether the prompt knows a better word for a wrong one.
func (p *Prompt) proposes() bool { return p.wrong() != nil && p.wrong().Instead != "" }

// correct replaces what is wrong by what is proposed.
func (p *Prompt) correct() {
	f, v := p.wrong(), p.input.Value()
	p.input.SetValue(v[:f.From] + f.Instead + v[f.To:])
	p.input.SetCursor(len([]rune(v[:f.From] + f.Instead)))
}
