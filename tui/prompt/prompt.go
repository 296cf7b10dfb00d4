// Package prompt is the line in the footer in which the user types: a filter, or a
// URL.
package prompt

import (
	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/keys"
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
	// List is what the arrows move through. It may be nil.
	List Mover
	// Saved are filters that their keys put into the prompt. It may be nil.
	Saved *Saved
}

// Prompt edits one line of text. It draws itself, as the text may be pasted and so
// come from outside.
type Prompt struct {
	o     Options
	input textinput.Model
	fault *Fault
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
	return &Prompt{o: o, input: in}
}

// Start checks the first text.
func (p *Prompt) Start() tea.Cmd { return p.check() }

// Set replaces the text.
func (p *Prompt) Set(value string) {
	p.input.SetValue(value)
	p.input.CursorEnd()
}

// Press takes a key. open is false once the prompt is closed.
func (p *Prompt) Press(msg tea.KeyMsg) (cmd tea.Cmd, open bool) {
	k := p.o.Keys
	switch {
	case key.Matches(msg, k.Keep):
		return p.finish()
	case key.Matches(msg, k.Clear):
		if p.input.Value() == "" {
			return nil, false
		}
		p.Set("")
	case key.Matches(msg, k.Accept):
		if !p.proposes() {
			return nil, true
		}
		p.correct()
	case p.o.List != nil && msg.Type == tea.KeyUp && !msg.Paste:
		p.o.List.Move(-1)
		return nil, true
	case p.o.List != nil && msg.Type == tea.KeyDown && !msg.Paste:
		p.o.List.Move(1)
		return nil, true
	default:
		p.edit(msg)
	}
	return p.check(), true
}

func (p *Prompt) edit(msg tea.KeyMsg) {
	if p.o.Saved != nil {
		if f, ok := p.o.Saved.On(msg); ok {
			p.Set(f.Expr)
			return
		}
	}
	p.input, _ = p.input.Update(msg) // the command blinks a cursor, which this prompt does not have
}

func (p *Prompt) check() (cmd tea.Cmd) {
	p.fault, cmd = p.o.Typed(p.input.Value())
	return cmd
}

func (p *Prompt) finish() (cmd tea.Cmd, open bool) {
	wrong, cmd := p.o.Done(p.input.Value())
	if wrong == nil {
		return cmd, false
	}
	wrong.Mild = false
	wrong.Words = p.o.Theme.Glyphs.Failed + " " + wrong.Words
	p.fault = wrong
	return cmd, true
}

// proposes reports whether the prompt knows a better word for a wrong one.
func (p *Prompt) proposes() bool { return p.fault != nil && p.fault.Instead != "" }

// correct replaces what is wrong by what is proposed.
func (p *Prompt) correct() {
	f, v := p.fault, p.input.Value()
	p.input.SetValue(v[:f.From] + f.Instead + v[f.To:])
	p.input.SetCursor(len([]rune(v[:f.From] + f.Instead)))
}
