package remote

import (
	"context"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	charm "github.com/charmbracelet/ssh"
	"golang.org/x/crypto/ssh"

	"github.com/up42/up42-webhooks/receiver/safe"
	"github.com/up42/up42-webhooks/tui/stage"
)

// session is one session of a client.
type session struct {
	server *Server
	who    *visitor
	key    Key
	conn   ssh.Conn
	ctx    context.Context
	cancel context.CancelFunc

	channel  ssh.Channel
	out      *output
	errs     *output
	keyboard *keyboard
	window   *window
	idle     *idleWatch
	onScreen atomic.Bool
	mode     stage.Mode
	// begin gets what the client runs: a command, or "" for the screen.
	begin chan string

	// Only the goroutine of requests uses these until begin has got something.
	began     bool   // something is to be run
	released  bool   // begin has got it
	command   string // what begin gets
	terminal  string // TERM; "" if there is no terminal
	variables map[string]string
}

// channel serves a session that a client asks for.
func (s *Server) channel(_ *charm.Server, conn *ssh.ServerConn, asked ssh.NewChannel, ctx charm.Context) {
	if !s.begin() {
		_ = asked.Reject(ssh.ConnectionFailed, "the server ends")
		return
	}
	defer s.running.Done()
	v := ctx.Value(visitorKey{}).(*visitor)
	key, err := s.keyOf(ctx, v)
	if err != nil {
		_ = asked.Reject(ssh.Prohibited, "the key may not be used any more")
		return
	}
	if !v.enter(key) {
		_ = asked.Reject(ssh.ResourceShortage, "a connection has one session at a time")
		return
	}
	leave, err := s.sessions.take(key.seat())
	if err != nil {
		s.refusals.log("no session: too many", v.attrs()...)
		_ = asked.Reject(ssh.ResourceShortage, err.Error())
		v.endSession()
		return
	}
	channel, requests, err := asked.Accept()
	if err != nil {
		leave()
		v.endSession()
		return
	}
	newSession(s, v, key, conn, channel).serve(requests, leave)
}

// seat is by what sessions of one key are counted.
func (k *Key) seat() string {
	if k.public == nil {
		return ""
	}
	return k.Fingerprint()
}

func newSession(s *Server, v *visitor, key Key, conn ssh.Conn, channel ssh.Channel) *session {
	ses := &session{
		server: s, who: v, key: key, conn: conn, channel: channel, window: newWindow(), begin: make(chan string, 1), variables: map[string]string{},
	}
	ses.ctx, ses.cancel = context.WithCancel(v.ctx)
	stalled := func() {
		s.o.Logger.Warn("ssh: hung up on a client that does not read", v.attrs()...)
		v.hangUp()
	}
	ses.out = newOutput(channel, ses.window, v.waits.Stall, stalled)
	ses.errs = newOutput(channel.Stderr(), ses.window, v.waits.Stall, stalled)
	ses.idle = newIdleWatch(v.waits.Idle, ses.goIdle)
	ses.keyboard = newKeyboard(ses.idle.touch)
	return ses
}

// serve runs what the client asks for. leave gives its seat back.
func (s *session) serve(requests <-chan *ssh.Request, leave func()) {
	var background sync.WaitGroup
	background.Go(func() {
		for r := range requests {
			ok := s.take(r)
			if r.WantReply {
				_ = r.Reply(ok, nil) // an error means that the client is gone
			}
			s.release()
		}
		s.cancel()
	})
	late := time.NewTimer(s.who.waits.New)
	select {
	case command := <-s.begin:
		late.Stop()
		background.Go(func() { s.keyboard.pump(s.ctx, s.channel) })
		background.Go(s.keepAlive)
		s.run(command)
	case <-late.C:
	case <-s.ctx.Done():
	}
	s.cancel()
	leave()
	s.who.endSession() // before the client learns of the end: it may begin another one then
	_ = s.channel.Close()
	background.Wait()
	s.idle.timer.Stop() // the keyboard touches it until here
}

// run runs what was asked for, and tells the client its exit code.
func (s *session) run(command string) {
	began := time.Now()
	what := "screen"
	if command != "" {
		what = firstWords(command)
	}
	log := s.server.o.Logger
	log.Info("ssh: session begins", append(s.who.attrs(), "runs", what)...)
	code := s.execute(command)
	status := struct{ Status uint32 }{uint32(code)}
	_, _ = s.channel.SendRequest("exit-status", false, ssh.Marshal(&status)) // the client may be gone
	log.Info("ssh: session ends", append(s.who.attrs(), "runs", what, "took", time.Since(began).Round(time.Millisecond), "exit", code)...)
}

// take takes a request of a client. It returns false for all that there is not.
func (s *session) take(r *ssh.Request) bool {
	switch r.Type {
	case "pty-req":
		return !s.began && s.takeTerminal(r.Payload)
	case "window-change":
		size, ok := parseSize(r.Payload)
		if ok {
			s.window.set(size.Columns, size.Rows)
		}
		return ok
	case "env":
		return !s.began && s.takeVariable(r.Payload)
	case "shell":
		return s.start("")
	case "exec":
		var asked struct{ Command string }
		if ssh.Unmarshal(r.Payload, &asked) != nil || strings.TrimSpace(asked.Command) == "" || len(asked.Command) > maxCommand {
			return false
		}
		return s.start(asked.Command)
	case "signal":
		s.takeSignal(r.Payload)
		return true
	default: // no agent, no X11, no subsystem
		return false
	}
}

func (s *session) start(command string) bool {
	if s.began {
		return false
	}
	s.began, s.command = true, command
	return true
}

// release runs what was asked for, once. The client has the answer to its request before: what is
// run may be over, and the channel closed, in no time.
func (s *session) release() {
	if s.began && !s.released {
		s.released = true
		s.begin <- s.command
	}
}

func (s *session) takeTerminal(payload []byte) bool {
	t, ok := parseTerminal(payload)
	if !ok || s.terminal != "" || s.key.NoTerminal {
		return false
	}
	s.terminal = t.Term
	if t.Term == "" {
		s.terminal = "dumb"
	}
	s.window.set(t.Columns, t.Rows)
	return true
}

// takeVariable takes the variables of the locale, and of colours. It is not told which others there
// are.
func (s *session) takeVariable(payload []byte) bool {
	var v struct{ Name, Value string }
	if ssh.Unmarshal(payload, &v) != nil || len(s.variables) >= maxVariables || len(v.Name) > maxVariable || len(v.Value) > maxVariable {
		return false
	}
	if !slices.Contains([]string{"LANG", "COLORTERM"}, v.Name) && !strings.HasPrefix(v.Name, "LC_") {
		return false
	}
	s.variables[v.Name] = v.Value
	return true
}

// takeSignal ends the session by the signals that end programs.
func (s *session) takeSignal(payload []byte) {
	var asked struct{ Name string }
	if ssh.Unmarshal(payload, &asked) == nil && slices.Contains([]string{"INT", "TERM", "HUP", "QUIT", "KILL"}, asked.Name) {
		s.cancel()
	}
}

// goIdle ends a session on whose screen nobody types. Commands may wait for long.
func (s *session) goIdle() {
	if !s.onScreen.Load() {
		return
	}
	s.server.o.Logger.Info("ssh: ended an idle session", s.who.attrs()...)
	s.cancel()
}

// keepAlive hangs up on a client that is not there any more.
func (s *session) keepAlive() {
	every := time.NewTicker(min(aliveEvery, s.who.waits.Alive))
	defer every.Stop()
	for {
		select {
		case <-every.C:
		case <-s.ctx.Done():
			return
		}
		late := time.AfterFunc(s.who.waits.Alive, s.who.hangUp)
		_, _, err := s.conn.SendRequest("keepalive@openssh.com", true, nil)
		late.Stop()
		if err != nil {
			s.cancel()
			return
		}
	}
}

// say writes a line to the client's standard error.
func (s *session) say(line string) {
	_, _ = io.WriteString(s.stderr(), "up42hooks: "+line+"\n") // the client may be gone
}

// stdout and stderr are for texts.
func (s *session) stdout() io.Writer { return s.texts(s.out) }
func (s *session) stderr() io.Writer { return s.texts(s.errs) }

func (s *session) texts(to io.Writer) io.Writer {
	if s.terminal == "" {
		return to
	}
	return lineEnds{to}
}

// firstWords is the beginning of a command, for the log.
func firstWords(line string) string {
	const most = 120
	return safe.Shorten(safe.Line(line), most)
}
