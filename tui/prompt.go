package tui

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// prompt edits a line of text in the footer. It draws itself: what is pasted
// comes from outside.
type prompt struct {
	input textinput.Model
	label string
	enter string // what that key does
	// typed follows each change of the text. It says what is wrong with it.
	typed func(value string) (*fault, tea.Cmd)
	// taken takes the text; what is wrong with it keeps the prompt open.
	taken func(value string) (*fault, tea.Cmd)
	// over is the list that the arrows move about in; nil: none.
	over list

	fault *fault
}

// maxPrompt is the longest text, in characters.
const maxPrompt = 400

func newPrompt(label, enter, value string) *prompt {
	in := textinput.New()
	in.CharLimit = maxPrompt
	// Pasting is the terminal's: it comes as one message.
	in.KeyMap.Paste = key.NewBinding(key.WithDisabled())
	in.SetValue(value)
	in.CursorEnd()
	in.Focus()
	return &prompt{input: in, label: label, enter: enter}
}

func (p *prompt) value() string { return p.input.Value() }

// open shows a prompt, and what is wrong with its text.
func (m *Model) open(p *prompt) tea.Cmd {
	m.prompt = p
	return m.followPrompt()
}

// update edits; its command is the cursor's blinking, which this one does not.
func (p *prompt) update(msg tea.Msg) { p.input, _ = p.input.Update(msg) }

func (p *prompt) set(value string) {
	p.input.SetValue(value)
	p.input.CursorEnd()
}

// pressPrompt takes a key while something is typed.
func (m *Model) pressPrompt(msg tea.KeyMsg) tea.Cmd {
	p := m.prompt
	switch {
	case msg.Type == tea.KeyCtrlC:
		return tea.Quit
	case key.Matches(msg, m.keys.suspend):
		m.warnSuspend()
		return nil
	case key.Matches(msg, m.keys.keep):
		return m.takePrompt()
	case key.Matches(msg, m.keys.clear):
		if p.value() == "" {
			m.prompt = nil
			return nil
		}
		p.set("")
	case key.Matches(msg, m.keys.accept):
		if p.fault == nil || p.fault.instead == "" {
			return nil
		}
		p.correct()
	case p.over != nil && !msg.Paste && (msg.Type == tea.KeyUp || msg.Type == tea.KeyDown):
		p.over.Move(map[tea.KeyType]int{tea.KeyUp: -1, tea.KeyDown: 1}[msg.Type])
		return m.want()
	case p.over != nil && m.savedAt(msg) >= 0:
		p.set(m.o.Filters[m.savedAt(msg)].Expr)
	default:
		p.update(msg)
	}
	return m.followPrompt()
}

func (m *Model) followPrompt() (cmd tea.Cmd) {
	m.prompt.fault, cmd = m.prompt.typed(m.prompt.value())
	return cmd
}

// takePrompt takes what was typed, unless something is wrong with it.
func (m *Model) takePrompt() tea.Cmd {
	p := m.prompt
	wrong, cmd := p.taken(p.value())
	if wrong != nil {
		wrong.mild = false
		wrong.words = m.th.Glyphs.Failed + " " + wrong.words
		p.fault = wrong
		return cmd
	}
	if m.prompt == p {
		m.prompt = nil
	}
	return cmd
}

// correct puts what was probably meant in the place of what is wrong.
func (p *prompt) correct() {
	f, v := p.fault, p.value()
	p.input.SetValue(v[:f.from] + f.instead + v[f.to:])
	p.input.SetCursor(len([]rune(v[:f.from] + f.instead)))
}

// letter is one character of the prompt, as it is drawn.
type letter struct {
	text  string
	style theme.Style
	wrong bool
}

// letters are the prompt's text with its cursor, without as much of its start
// as makes the cursor fit into room.
func (m *Model) letters(room int) (all []letter, cursor int) {
	p := m.prompt
	cursor = p.input.Position()
	n := 0
	for at, r := range p.value() {
		l := letter{text: text.Clean(string(r), 0), style: m.th.Input}
		switch f := p.fault; {
		case f != nil && f.from <= at && at < max(f.to, f.from+1):
			l.wrong, l.style = true, m.faultStyle()
		case n > cursor:
			l.style = m.th.Plain
		}
		if n == cursor {
			l.style = m.th.Cursor
		}
		all = append(all, l)
		n++
	}
	if f := p.fault; cursor >= n {
		cursor = n
		all = append(all, letter{text: " ", style: m.th.Cursor, wrong: f != nil && f.from == f.to && f.from == len(p.value())})
	}
	if l := &all[cursor]; m.th.Cursor == (theme.Style{}) && l.text == " " {
		l.text = "_" // without styles a space would not be seen
	}
	for cursor > 0 && width(all[:cursor+1]) > room {
		all[1].wrong = all[1].wrong || all[0].wrong // what is out of sight is pointed at from the edge
		all, cursor = all[1:], cursor-1
	}
	return all, cursor
}

func width(letters []letter) (w int) {
	for _, l := range letters {
		w += text.Width(l.text)
	}
	return w
}

// promptLine draws the prompt, its end if it is too long, and its keys where
// there is room.
func (m *Model) promptLine() string {
	label := m.prompt.label
	room := m.w - text.Width(label) - 1
	all, cursor := m.letters(room)
	var b strings.Builder
	b.WriteString(m.th.Key.Apply(label))
	left := room
	for _, l := range all {
		if text.Width(l.text) > left {
			break
		}
		left -= text.Width(l.text)
		b.WriteString(l.style.Apply(l.text))
	}
	if h := m.promptHints(left - between); cursor == len(all)-1 && h.width > 0 {
		b.WriteString(text.Spaces(left - h.width))
		b.WriteString(h.text)
		left = 0
	}
	b.WriteString(text.Spaces(left + 1))
	return b.String()
}

// promptHints draws the prompt's keys, as many as there is room for.
func (m *Model) promptHints(room int) drawn {
	hints := m.keys.promptHints(m.prompt.enter, m.prompt.fault != nil && m.prompt.fault.instead != "")
	for len(hints) > 0 {
		if h := m.hints(hints); h.width <= room {
			return h
		}
		hints = hints[:len(hints)-1]
	}
	return drawn{}
}
