package tui

import (
	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

// prompt edits a filter. It draws itself: what is pasted comes from outside.
type prompt struct{ input textinput.Model }

// maxFilter is the longest filter, in characters.
const maxFilter = 200

func newPrompt(value string) *prompt {
	in := textinput.New()
	in.CharLimit = maxFilter
	// Pasting is the terminal's: it comes as one message.
	in.KeyMap.Paste = key.NewBinding(key.WithDisabled())
	in.SetValue(value)
	in.CursorEnd()
	in.Focus()
	return &prompt{in}
}

func (p *prompt) value() string { return p.input.Value() }

// update edits; its command is the cursor's blinking, which this one does not.
func (p *prompt) update(msg tea.Msg) { p.input, _ = p.input.Update(msg) }

func (m *Model) openPrompt() {
	m.prompt = newPrompt(m.list().Filter())
}

// pressPrompt takes a key while the filter is typed; the page follows at once.
func (m *Model) pressPrompt(msg tea.KeyMsg) tea.Cmd {
	switch {
	case msg.Type == tea.KeyCtrlC:
		return tea.Quit
	case key.Matches(msg, m.keys.suspend):
		m.warnSuspend()
		return nil
	case key.Matches(msg, m.keys.keep):
		m.prompt = nil
		return nil
	case key.Matches(msg, m.keys.clear):
		if m.prompt.value() == "" {
			m.prompt = nil
			return nil
		}
		m.prompt.input.SetValue("")
	case !msg.Paste && (msg.Type == tea.KeyUp || msg.Type == tea.KeyDown):
		m.list().Move(map[tea.KeyType]int{tea.KeyUp: -1, tea.KeyDown: 1}[msg.Type])
		return m.events.Want()
	default:
		m.prompt.update(msg)
	}
	return m.setFilter(m.prompt.value())
}

func (m *Model) setFilter(words string) tea.Cmd {
	if words == m.list().Filter() {
		return nil
	}
	return tea.Batch(m.commands.own(m.list().SetFilter(words)), m.events.Want())
}

// promptLine draws the prompt, its end if it is too long, and its keys where
// there is room.
func (m *Model) promptLine() string {
	const label = " / "
	runes := []rune(m.prompt.value())
	at := min(m.prompt.input.Position(), len(runes))
	before, under, after := text.Clean(string(runes[:at]), 0), " ", ""
	if at < len(runes) {
		under, after = text.Clean(string(runes[at:at+1]), 0), text.Clean(string(runes[at+1:]), 0)
	}
	if m.th.Cursor == (theme.Style{}) && under == " " {
		under = "_" // without styles a space would not be seen
	}
	room := m.w - text.Width(label) - 1
	for text.Width(before)+text.Width(under) > room && before != "" {
		before = string([]rune(before)[1:])
	}
	left := room - text.Width(before) - text.Width(under)
	tail := text.Fit(after, max(0, left))
	if hints := m.hints(m.keys.promptHints()); after == "" && hints.width+2 <= left {
		tail = text.Spaces(left-hints.width) + hints.text
	}
	return m.th.Key.Apply(label) + m.th.Input.Apply(before) + m.th.Cursor.Apply(under) + tail + " "
}
