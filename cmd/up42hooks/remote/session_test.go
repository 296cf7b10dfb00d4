package remote_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/remote"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/forwarding"
)

func TestAViewerLooks(t *testing.T) {
	o, viewer, _ := keysFor(t)
	s := serve(t, o, nil)
	l := look(t, s.dial(t, viewer), 100, 30)
	l.press(t, "2")
	l.sees(t, "order-one")
	l.sees(t, "ssh: 1 looking")
	other := look(t, s.dial(t, viewer), 60, 20)
	l.sees(t, "ssh: 2 looking")

	s.log.Add(receivertest.Order("order-two", "PLACED", receivertest.At(time.Now())))
	l.sees(t, "order-two")
	other.press(t, "2")
	other.sees(t, "order-two")
	assert.Equal(t, 2, s.Looking())

	other.press(t, "q")
	<-other.ended
	l.sees(t, "ssh: 1 looking")
	text := s.lines.await(t, "session ends")
	assert.Contains(t, text, `msg="ssh: session begins" address=127.0.0.1 role=viewer comment=ada@laptop key=SHA256:`)
	assert.Contains(t, text, "runs=screen")
	assert.Contains(t, text, "exit=0")
}

func TestTheScreenFollowsTheSizeOfTheTerminal(t *testing.T) {
	s := serve(t, remote.Options{}, nil)
	l := look(t, s.dial(t, nil), 100, 30)
	l.press(t, "2")
	l.sees(t, "order-one")
	for _, size := range [][2]int{{1, 1}, {1, 40}, {0, 0}, {1 << 20, 1 << 20}, {40, 10}} {
		require.NoError(t, l.WindowChange(size[1], size[0]))
	}
	l.raw.await(t, "terminal too small")
	require.NoError(t, l.WindowChange(30, 100))
	l.sees(t, "order-one")
}

func TestStrangersAreNotLetIn(t *testing.T) {
	o, viewer, _ := keysFor(t)
	s := serve(t, o, nil)
	stranger, _ := newKey(t)
	_, err := s.tryDial(stranger)
	assert.ErrorContains(t, err, "unable to authenticate")
	_, err = s.tryDial()
	assert.ErrorContains(t, err, "unable to authenticate")
	text := s.lines.await(t, "the key is not in the file")
	assert.Contains(t, text, "somebody was not let in")
	assert.Contains(t, text, "key=SHA256:")
	assert.NotContains(t, text, "session begins")
	_, _, code := run(t, s.dial(t, viewer), "", "orders")
	assert.Zero(t, code)
}

// what a session asked for.
type recorder struct {
	tui.API
	mu   sync.Mutex
	did  []string
	kept client.Webhook
}

func (r *recorder) add(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.did = append(r.did, fmt.Sprintf(format, args...))
}

func (r *recorder) all() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return strings.Join(r.did, "\n")
}

func (r *recorder) Targets() []forwarding.Target {
	return []forwarding.Target{{Name: "https://target.example"}}
}
func (r *recorder) Failures(context.Context) ([]receiver.Failure, error) { return nil, nil }
func (r *recorder) Resend(_ context.Context, seq int64, target string) error {
	r.add("resend %d %s", seq, target)
	return nil
}

func (r *recorder) SendTo(_ context.Context, seq int64, url string) error {
	r.add("send %d to %s", seq, url)
	return nil
}

const webhookSecret = "the-secret-of-the-webhook"

func (r *recorder) Webhooks(context.Context) ([]client.Webhook, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return []client.Webhook{r.kept}, nil
}

func (r *recorder) Webhook(context.Context, string) (client.Webhook, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.kept, nil
}

func (r *recorder) UpdateWebhook(_ context.Context, w client.Webhook) (client.Webhook, error) {
	r.add("update %s %v %s", w.ID, w.Active, w.Secret.Reveal())
	r.mu.Lock()
	defer r.mu.Unlock()
	r.kept = w
	return w, nil
}

func (r *recorder) EventTypes(context.Context) ([]client.EventType, error) { return nil, nil }
func (r *recorder) Workspace(context.Context) (string, error)              { return "workspace", nil }
func (r *recorder) Orders(context.Context, int) ([]client.Order, error)    { return nil, nil }
func (r *recorder) Jobs(context.Context, int) ([]client.Job, error)        { return nil, nil }

// managed is a server on which there is something to do.
func managed(t *testing.T, o remote.Options) (*served, *recorder) {
	r := &recorder{kept: client.Webhook{ID: "hook-1", Name: "my hook", URL: "https://hooks.example/x", Events: []string{"order.status"}, Active: false, Secret: webhookSecret}}
	s := serve(t, o, func(b *remote.Board) {
		plain := b.Screen
		b.API = r
		b.Changed = func(all []client.Webhook) { r.add("the receiver knows %s", all[0].Secret.Reveal()) }
		b.Screen = func(env cli.Env) tui.Options {
			o := plain(env)
			o.API, o.Forwarder = r, r
			o.TestEvent = func(_ context.Context, k receiver.Kind) error {
				r.add("test %s", k)
				return nil
			}
			return o
		}
	})
	return s, r
}

func TestAViewerMayChangeNothing(t *testing.T) {
	o, viewer, _ := keysFor(t)
	s, r := managed(t, o)
	l := look(t, s.dial(t, viewer), 140, 36)
	l.press(t, "3")
	l.sees(t, "order-one")
	l.press(t, "f")
	l.sees(t, "your key has the role viewer, which may not resend events: its owner needs role=operator")
	l.press(t, "t")
	l.sees(t, "which may not send test events")
	l.press(t, "R")
	l.sees(t, "which may not ask UP42 again")
	l.press(t, "4")
	l.sees(t, "my hook")
	for _, key := range []string{"o", "c", "e", "d", "D", "u"} {
		l.press(t, "1")
		l.sees(t, "job")
		l.press(t, "4"+key)
		l.sees(t, "which may not change webhooks")
	}
	l.press(t, "v")
	l.sees(t, "secrets are shown to nobody over SSH")
	s.lines.await(t, "tried=webhooks.reveal")
	text := s.lines.await(t, "tried=forward")
	assert.Contains(t, text, `msg="ssh: refused" address=127.0.0.1 role=viewer comment=ada@laptop`)
	assert.Contains(t, text, "tried=webhooks.undo")
	assert.Empty(t, r.all(), "nothing was done")
}

func TestAnOperatorActs(t *testing.T) {
	o, _, operator := keysFor(t)
	s, r := managed(t, o)
	l := look(t, s.dial(t, operator), 140, 36)
	l.press(t, "3")
	l.sees(t, "order-one")
	l.press(t, "f")
	s.lines.await(t, `did="resend events"`)
	l.press(t, "t\r")
	text := s.lines.await(t, `did="send test events"`)
	assert.Contains(t, text, "role=operator comment=bob@desk")
	l.press(t, "4")
	l.sees(t, "my hook")
	l.press(t, "v")
	l.sees(t, "secrets are shown to nobody over SSH")
	l.press(t, "Y")
	s.lines.await(t, "tried=webhooks.copy-secret")
	l.press(t, "o")
	s.lines.await(t, `did="change a webhook" webhook=hook-1`)
	l.sees(t, "on")
	assert.Equal(t, []string{
		"resend 1 ", "test order", "update hook-1 true " + webhookSecret, "the receiver knows " + webhookSecret,
	}, strings.Split(r.all(), "\n"), "the webhook keeps its secret")
	raw, _ := l.raw.look()
	assert.NotContains(t, raw, webhookSecret)
	assert.NotContains(t, text, webhookSecret)
}

// What opens programs, files and other servers has no key, and is in no list.
func TestNothingLeadsOutOfTheDashboard(t *testing.T) {
	o, _, operator := keysFor(t)
	s, r := managed(t, o)
	l := look(t, s.dial(t, operator), 140, 60)
	l.press(t, "3")
	l.sees(t, "order-one")
	for key, shown := range map[string]string{"F": "F", "A": "A", "H": "H", "w": "w", "o": "o", "\x1a": "ctrl+z", "x": "x"} {
		l.press(t, key)
		l.sees(t, shown+" does nothing here")
	}
	l.press(t, "\r\r")
	l.sees(t, "section")
	for _, key := range []string{"w", "o"} {
		l.press(t, key)
		l.sees(t, key+" does nothing here")
	}
	l.press(t, "?")
	help := l.sees(t, "Everywhere")
	for _, words := range []string{"editor", "save the request", "forward to a URL", "admit rejected", "pin the signed", "stops the receiver", "show the secret"} {
		assert.NotContains(t, help, words)
	}
	l.press(t, "?:")
	l.sees(t, "enter run")
	l.press(t, "editor")
	l.sees(t, "no action has these letters")
	assert.Empty(t, r.all())
}

func TestCopiesGoToTheTerminalOfTheClient(t *testing.T) {
	s := serve(t, remote.Options{}, nil)
	l := look(t, s.dial(t, nil), 100, 30)
	l.press(t, "2")
	l.sees(t, "order-one")
	l.press(t, "y")
	l.raw.await(t, "\x1b]52;c;"+base64.StdEncoding.EncodeToString([]byte("order-one")))
}

func TestEachSessionHasItsOwnColoursAndLocale(t *testing.T) {
	s := serve(t, remote.Options{}, nil)
	fine := look(t, s.dial(t, nil), 100, 30, "COLORTERM", "truecolor", "LANG", "de_DE.UTF-8", "EDITOR", "vi")
	plain := look(t, s.dial(t, nil), 100, 30, "LANG", "C")
	for _, l := range []*looker{fine, plain} {
		l.press(t, "2")
		l.sees(t, "order-one")
	}
	fine.sees(t, "●")
	fineText, _ := fine.raw.look()
	plainText, _ := plain.raw.look()
	assert.Contains(t, fineText, "\x1b[38;2;")
	assert.NotContains(t, plainText, "\x1b[38;2;")
	assert.Contains(t, plainText, "\x1b[38;5;", "TERM has 256 colours")
	assert.NotContains(t, plainText, "●", "the locale is not UTF-8")
}

func TestASessionMovesToTheNextBoard(t *testing.T) {
	s := serve(t, remote.Options{}, nil)
	first, endFirst := context.WithCancel(t.Context())
	defer endFirst()
	second, endSecond := context.WithCancel(t.Context())
	defer endSecond()
	logs := [2]*receivertest.Log{receivertest.NewLog(), receivertest.NewLog()}
	for i, log := range logs {
		log.Add(receivertest.Order(fmt.Sprintf("board-%d", i), "PLACED", receivertest.At(time.Now())))
	}
	s.Show(boardOn(first, logs[0]))
	l := look(t, s.dial(t, nil), 100, 30)
	l.press(t, "2")
	l.sees(t, "board-0")
	s.Show(nil)
	endFirst()
	s.Show(boardOn(second, logs[1]))
	l.press(t, "2")
	l.sees(t, "board-1")
	l.press(t, "P")
	l.sees(t, "▀▀▀")
	raw, _ := l.raw.look()
	s.Show(nil)
	endSecond()
	logs[0].Add(receivertest.Order("board-2", "PLACED", receivertest.At(time.Now())))
	s.Show(boardOn(t.Context(), logs[0]))
	l.sees(t, "Orders 2")
	l.press(t, "q")
	<-l.ended
	all, _ := l.raw.look()
	assert.NotContains(t, all[len(raw):], "board-", "the presenter's mode is on")
}

// When the server ends, the terminals of the clients are as they were.
func TestTheEndGivesTheTerminalBack(t *testing.T) {
	s := serve(t, remote.Options{}, nil)
	l := look(t, s.dial(t, nil), 100, 30)
	l.press(t, "2")
	l.sees(t, "order-one")
	s.end()
	<-l.ended
	raw, _ := l.raw.look()
	assert.Contains(t, raw[len(raw)-60:], "\x1b[?1049l")
}

func TestTheAudienceSeesStandInsOnly(t *testing.T) {
	s := serve(t, remote.Options{Audience: true, Limit: 2}, nil)
	l := look(t, s.dial(t, nil), 120, 36)
	l.press(t, "2")
	l.sees(t, "PLACED")
	l.press(t, "P")
	l.sees(t, "P does nothing here")
	l.press(t, "t")
	l.sees(t, "the audience may not send test events")
	out, _, code := run(t, s.dial(t, nil), "", "orders --json")
	assert.Zero(t, code)
	assert.Contains(t, out, `"PLACED"`)
	raw, _ := l.raw.look()
	assert.NotContains(t, raw+out, "order-one")

	second := look(t, s.dial(t, nil), 80, 24)
	second.sees(t, "ssh: 2 looking")
	third, err := s.dial(t, nil).NewSession()
	assert.ErrorContains(t, err, "2 sessions are open, which is the limit: try again later")
	assert.Nil(t, third)
}
