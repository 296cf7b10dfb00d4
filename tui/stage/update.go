package stage

import (
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/session"
)

var _ tui.Screen = (*Stage)(nil)

// New makes a Stage. Its Close ends the dashboard, and worlds that were replaced, but not the
// last one.
func New(o Options) *Stage {
	s := &Stage{o: o, set: o.Set, keys: keysOf(&o.Screen), commands: command.NewPool(), mode: o.begin()}
	if s.mode.presenting {
		s.aside = session.View{State: o.Screen.Remembered}
	}
	if o.Script != nil {
		s.player = newPlayer(o.Script, o.Speed)
	}
	if o.World != nil {
		s.forger = &forger{}
	}
	s.model = tui.New(s.screen())
	return s
}

// Init starts the dashboard and the script.
func (s *Stage) Init() tea.Cmd { return tea.Batch(s.model.Init(), s.play()) }

// Update takes a message. What is not the stage's own goes to the dashboard.
func (s *Stage) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		s.w, s.h = max(0, msg.Width), max(0, msg.Height)
		s.above = -1
	case tea.MouseMsg:
		if msg.Y -= s.above; msg.Y >= 0 && !s.showsCode {
			cmd = s.bySpeaker(func() tea.Cmd { return s.pass(msg) })
		}
	case tea.KeyMsg:
		cmd = s.typed(msg)
	default:
		cmd = s.pass(msg)
	}
	s.theirs = s.theirs && s.occupied()
	s.closeForgerElsewhere()
	s.followPause()
	return s, tea.Batch(cmd, s.pressEarly(), s.play(), s.fit())
}

// fit gives the dashboard the lines that are left.
func (s *Stage) fit() tea.Cmd {
	if n := len(s.block()); n != s.above {
		s.above = n
		return s.pass(tea.WindowSizeMsg{Width: s.w, Height: s.h - n})
	}
	return nil
}
