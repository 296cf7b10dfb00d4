package remote

import (
	"context"
	"io"
	"strings"
	"time"

	"github.com/aymanbagabas/go-osc52/v2"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/frame"
	"github.com/up42/up42-webhooks/tui/stage"
)

// execute runs the screen or a command, and returns its exit code.
func (s *session) execute(command string) int {
	switch {
	case command != "":
		return s.runCommand(command)
	case s.terminal == "" && s.key.NoTerminal:
		s.say("this key has no terminal here, but it runs commands: " + commandNames())
	case s.terminal == "":
		s.say("the dashboard needs a terminal: ssh -t; without one there are commands: " + commandNames())
	case s.terminal == "dumb":
		s.say("no dashboard on this terminal (TERM is dumb), but commands: " + commandNames())
	default:
		return s.show()
	}
	return exitUsage
}

// show shows the dashboard until the user quits.
func (s *session) show() int {
	leave, err := s.server.looking.take("")
	if err != nil {
		s.say(err.Error())
		return exitFailed
	}
	defer leave()
	s.server.giveMemory(memoryOfScreen)
	defer s.server.giveMemory(-memoryOfScreen)
	s.onScreen.Store(true)
	s.idle.touch()
	for {
		b := s.server.place.await(s.ctx)
		if b == nil {
			return exitOK
		}
		if err := s.showBoard(b); err != nil {
			s.server.o.Logger.Error("ssh: a screen failed", append(s.who.attrs(), "error", err)...)
			s.say("the dashboard has a bug, and ended; the log of the server says more")
			return exitFailed
		}
		if b.Ctx.Err() == nil || s.ctx.Err() != nil {
			return exitOK
		}
	}
}

// showBoard shows a board until it ends, or the user quits.
func (s *session) showBoard(b *Board) error {
	ctx, stop := context.WithCancel(s.ctx)
	defer stop()
	defer context.AfterFunc(b.Ctx, stop)()
	s.out.patience.Store(int64(s.who.waits.Stall))
	return tui.Run(ctx, inTurn{s.stage(b), s.server.turns}, s.keyboard.reader(ctx), s.out)
}

// stage is the dashboard of this session.
func (s *session) stage(b *Board) tui.Screen {
	env := s.environment(b.Env)
	env.Getenv = s.getenv
	return stage.New(stage.Options{
		Set: stage.Set{Screen: s.confine(b.Screen(env), b)}, Key: s.server.o.MaskKey, Masked: s.key.Role == Audience, Mode: &s.mode,
	})
}

// environment is that of a process for this session.
func (s *session) environment(env cli.Env) cli.Env {
	env.Stdout, env.Stderr, env.Environ, env.ErrorLog, env.Quiet = s.stdout(), s.stderr(), nil, nil, nil
	env.Program, env.Inside = "up42hooks", true
	env.Columns = nil
	if s.terminal != "" {
		env.Columns = func() int {
			width, _, _ := s.window.get()
			return width
		}
	}
	return env
}

// getenv returns what the client said of its terminal and its locale. If it said nothing of the
// locale, that is one of UTF-8, as almost all are.
func (s *session) getenv(name string) string {
	switch {
	case name == "TERM":
		return s.terminal
	case name == "LANG" && !s.saysLocale():
		return "C.UTF-8"
	default:
		return s.variables[name]
	}
}

func (s *session) saysLocale() bool {
	return s.variables["LANG"] != "" || s.variables["LC_ALL"] != "" || s.variables["LC_CTYPE"] != ""
}

// confine takes away all that reaches out of the dashboard: programs, files and other servers. What
// changes something goes through the role of the key.
func (s *session) confine(o tui.Options, b *Board) tui.Options {
	o.Commands, o.Lend, o.Browse, o.Getenv = nil, nil, nil, nil
	o.Remember, o.Ended, o.Home = nil, nil, ""
	o.Pinned, o.Pin, o.PinFile, o.Listed, o.Admissions = nil, nil, "", nil, nil
	r := &o.Receiver
	r.SecretFile, r.Store, r.Notice, r.Warning, r.BeforeEnd = "", "", "", "", ""
	o.Sources.Recording, o.Sources.Looking = nil, s.server.Looking
	o.Rows, o.Pace, o.Turn, o.Copy = rowsInMemory, s.server.pace, s.server.turns.await, s.copy
	may := &permit{s}
	o.Limits = may.limits()
	if o.API != nil {
		o.API = newSessionAPI(b, may)
	}
	if o.Forwarder != nil {
		o.Forwarder = forwarder{o.Forwarder, may}
	}
	if send := o.TestEvent; send != nil {
		o.TestEvent = may.testEvent(send)
	}
	o.Sources = withoutFiles(o.Sources)
	return o
}

// withoutFiles leaves out words about files of the server.
func withoutFiles(o frame.Sources) frame.Sources {
	if public := o.PublicURL; public != nil {
		o.PublicURL = func() frame.PublicURL {
			p := public()
			if p.Err != "" {
				p.Err = "the log of the server says more"
			}
			return p
		}
	}
	return o
}

// pace is how often a session looks at the log: the more sessions, the less often.
func (s *Server) pace() time.Duration {
	return max(leastPace, time.Duration(s.Looking())*pacePerSession)
}

// copy puts text into the clipboard of the client's terminal (OSC 52). tmux takes it plain or
// wrapped, depending on its settings, so it gets both.
func (s *session) copy(text string) error {
	seq := osc52.New(text)
	all := seq.String()
	if strings.HasPrefix(s.terminal, "tmux") || strings.HasPrefix(s.terminal, "screen") {
		all += seq.Tmux().String()
	}
	_, err := io.WriteString(s.out, all)
	return err
}
