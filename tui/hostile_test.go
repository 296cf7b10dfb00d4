package tui_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/admission"
	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/forwarding"
	"github.com/up42/up42-webhooks/tui/theme"
	"github.com/up42/up42-webhooks/tui/tuitest/emulator"
	"github.com/up42/up42-webhooks/tui/tuitest/hostile"
)

// scattered gives each place another hostile text. In as many rounds as there are texts, each
// place gets each text.
type scattered struct {
	texts []hostile.Text
	next  atomic.Int64
}

func (s *scattered) text(string) string {
	return s.texts[int(s.next.Add(1))%len(s.texts)].Text
}

// filled is a value whose texts are all hostile, but for those at some paths.
func filled[T any](s *scattered, without ...string) (v T) {
	hostile.Fill(&v, s.text, without...)
	return v
}

// closed are the texts of an event that are of a few known ones: the store has numbers for them.
var closed = []string{".Verdict", ".Message.Kind"}

// events are one event for each text of an event, in which only that one is hostile, and one in
// which all are.
func (s *scattered) events() (all []*receiver.Event) {
	for i := range hostile.Places(&receiver.Event{}, closed...) {
		e := order(i, "PLACED", time.Duration(i)*time.Second)
		if i%2 == 1 {
			e = job(i, "RUNNING", time.Duration(i)*time.Second)
		}
		p := hostile.Places(e, closed...)[i]
		p.Set(s.text(p.Path))
		all = append(all, e)
	}
	whole := order(900, "PLACED", 0)
	hostile.Fill(whole, s.text, closed...)
	rejected := order(901, "PLACED", 0)
	hostile.Fill(rejected, s.text, closed...)
	rejected.Verdict = receiver.Rejected
	return append(all, whole, rejected)
}

// hostileUP42 is a UP42 whose every text is hostile. It refuses every other call.
type hostileUP42 struct {
	*scattered
	calls atomic.Int64
}

func (u *hostileUP42) answer() error {
	if u.calls.Add(1)%2 == 0 {
		return nil
	}
	e := filled[client.Error](u.scattered)
	e.Status = 403
	return &e
}

func (u *hostileUP42) Workspace(context.Context) (string, error) { return u.text(""), u.answer() }

func (u *hostileUP42) Orders(context.Context, int) ([]client.Order, error) {
	known := filled[client.Order](u.scattered, ".ID")
	known.ID = id(0)
	return []client.Order{filled[client.Order](u.scattered), known}, u.answer()
}

func (u *hostileUP42) Jobs(context.Context, int) ([]client.Job, error) {
	known := filled[client.Job](u.scattered, ".ID")
	known.ID = id(1)
	return []client.Job{filled[client.Job](u.scattered), known}, u.answer()
}

func (u *hostileUP42) Order(context.Context, string) (client.Order, error) {
	return filled[client.Order](u.scattered), u.answer()
}

func (u *hostileUP42) Job(context.Context, string) (client.Job, error) {
	return filled[client.Job](u.scattered), u.answer()
}

func (u *hostileUP42) Webhooks(context.Context) ([]client.Webhook, error) {
	return []client.Webhook{filled[client.Webhook](u.scattered), filled[client.Webhook](u.scattered)}, u.answer()
}

func (u *hostileUP42) Webhook(context.Context, string) (client.Webhook, error) {
	return filled[client.Webhook](u.scattered), u.answer()
}

func (u *hostileUP42) CreateWebhook(context.Context, client.Webhook) (client.Webhook, error) {
	return filled[client.Webhook](u.scattered), u.answer()
}

func (u *hostileUP42) UpdateWebhook(context.Context, client.Webhook) (client.Webhook, error) {
	return filled[client.Webhook](u.scattered), u.answer()
}

func (u *hostileUP42) DeleteWebhook(context.Context, string) error { return u.answer() }

func (u *hostileUP42) TestWebhook(context.Context, string) (client.TestReport, error) {
	r := filled[client.TestReport](u.scattered)
	r.HasTests, r.Run, r.Failed = true, 1, 1
	return r, u.answer()
}

func (u *hostileUP42) EventTypes(context.Context) ([]client.EventType, error) {
	return []client.EventType{filled[client.EventType](u.scattered), {Name: receiver.OrderStatus}}, u.answer()
}

// surroundings are options whose every text is hostile: what the configuration has, what the
// receiver says, what targets answer.
func (s *scattered) surroundings(o *tui.Options) {
	// These were checked, or are no texts that are shown; the environment names programs.
	hostile.Fill(o, s.text, ".Columns", ".Keys", ".Theme", ".Getenv", ".MoreKeys", ".Remembered.Page", ".Sources", ".CrashDir", ".Lend", ".PointsHere")
	hostile.Fill(&o.Sources, s.text)
	o.Commands[0].Key = "J"
	o.Theme = theme.New(theme.Options{Profile: termenv.TrueColor, Name: theme.Dark, Links: true})
	failures := []receiver.Failure{filled[receiver.Failure](s), filled[receiver.Failure](s)}
	for i := range failures {
		failures[i].Seq = int64(i + 1)
	}
	targets := []forwarding.Target{filled[forwarding.Target](s), filled[forwarding.Target](s)}
	targets[0].Failing, targets[0].GivenUp = noon, 2
	failures[0].Reader = targets[0].Name
	o.Forwarder = &fakeForwarder{targets: targets, failures: failures, answer: errors.New(s.text(""))}
	o.Admissions = &hostileAdmissions{s}
}

type hostileAdmissions struct{ *scattered }

func (a *hostileAdmissions) Good() []int64 { return []int64{1} }
func (a *hostileAdmissions) Err() error    { return errors.New(a.text("")) }
func (a *hostileAdmissions) Do(context.Context, admission.Request) ([]admission.Result, error) {
	return []admission.Result{filled[admission.Result](a.scattered)}, errors.New(a.text(""))
}

// drawnOnATerminal draws a screen on a terminal: it may change the cells, and nothing else.
func drawnOnATerminal(s *screen) {
	s.T.Helper()
	lines := strings.Split(s.View(), "\n")
	terminal := emulator.New(s.W, s.H)
	for i, l := range lines {
		_, err := fmt.Fprintf(terminal, "\x1b[%d;1H%s", i+1, l)
		require.NoError(s.T, err, "line %d", i+1)
		lines[i] = strings.TrimRight(ansi.Strip(l), " ")
		y, x := terminal.Cursor()
		require.Equal(s.T, i, y, "the line of the cursor after line %d: %q", i+1, l)
		require.LessOrEqual(s.T, x, s.W, "a terminal may draw emoji that are joined narrower, but nothing wider: line %d: %q", i+1, l)
	}
	require.Equal(s.T, emulator.State{}, terminal.State())
	require.Equal(s.T, strings.Join(lines, "\n"), terminal.String())
	for _, shown := range append(s.copied, terminal.String()) {
		require.False(s.T, strings.ContainsFunc(shown, unseen), "%q", shown)
	}
}

// unseen reports whether a character does something to a terminal, or hides.
func unseen(r rune) bool {
	control := r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0
	return control || slices.Contains([]rune("\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\u061c\u00ad\u2028\u2029"), r)
}

// tour are the keys that lead through everything on a page, in steps. A key that has no meaning does
// nothing. PASTE stands for a text that is pasted, SPACE for the space bar.
func tour() [][]string {
	const keys = "end,home,y,v,v,s,s,S,SPACE V,f,esc,A,esc,H,esc,R,t,esc,J,f1,esc,/ PASTE,enter n esc esc,F PASTE,enter,esc esc,: PASTE,esc esc,:,esc,?,pgdown,esc,c,esc esc,o,esc,e,esc"
	var steps [][]string
	for step := range strings.SplitSeq(keys, ",") {
		steps = append(steps, strings.Fields(step))
	}
	return steps
}

// Every text from outside, in every field, on every page. UP42_HOSTILE is how many rounds there are; in
// each, another text is in each field. Without it there is one short round: each key is pressed on one
// of the pages only.
func TestHostileTextChangesOnlyCells(t *testing.T) {
	rounds, whole := 1, os.Getenv("UP42_HOSTILE") != ""
	if whole {
		var err error
		rounds, err = strconv.Atoi(os.Getenv("UP42_HOSTILE"))
		require.NoError(t, err, "UP42_HOSTILE")
		require.Positive(t, rounds, "UP42_HOSTILE")
	}
	texts := hostile.Texts()
	for round := range min(rounds, len(texts)) {
		t.Run(fmt.Sprint(round), func(t *testing.T) {
			s := &scattered{texts: texts}
			s.next.Store(int64(round))
			log := func() *memory {
				l := newMemory()
				l.Add(s.events()...)
				return l
			}
			within(t, 132, 44, log, func(screen *screen) { s.visit(screen, whole) }, s.surroundings, func(o *tui.Options) {
				o.API = &hostileUP42{scattered: s}
			})
		})
	}
}

// visit looks at every page, and at the details of its rows.
func (s *scattered) visit(screen *screen, whole bool) {
	pages := []string{"0", "1", "2", "3", "4", "5"}
	for n, page := range pages {
		screen.Press(page)
		drawnOnATerminal(screen)
		for i, keys := range tour() {
			if !whole && i%len(pages) != n {
				continue
			}
			for _, k := range keys {
				switch k {
				case "PASTE":
					screen.Paste(s.text(""))
				case "SPACE":
					screen.Press(" ")
				default:
					screen.Press(k)
				}
			}
			drawnOnATerminal(screen)
		}
		screen.Press("esc", "esc", page, "home", "enter")
		drawnOnATerminal(screen)
		details := 4
		if whole {
			details = 24
		}
		for range details {
			screen.Press("right")
			drawnOnATerminal(screen)
			screen.Press("end")
			drawnOnATerminal(screen)
		}
		screen.Press("c")
		drawnOnATerminal(screen)
		screen.Press("enter", "Y", "esc", "esc", "esc")
		screen.advance(time.Second)
		drawnOnATerminal(screen)
	}
}

// The test above would notice a text that reached the terminal.
func TestHostileTextsDoSomethingToATerminal(t *testing.T) {
	quiet := []string{"10,000", "a flood of zero", "a flood of marks", "a mark first", "wide"}
	for _, text := range hostile.Texts() {
		if slices.ContainsFunc(quiet, func(start string) bool { return strings.HasPrefix(text.Name, start) }) {
			continue
		}
		terminal := emulator.New(80, 24)
		_, err := fmt.Fprintf(terminal, "one %s two", text.Text)
		noticed := err != nil || terminal.State() != emulator.State{} || terminal.String() != "one "+text.Text+" two"
		hidden := strings.ContainsFunc(text.Text, func(r rune) bool { return ansi.StringWidth(string(r)) == 0 })
		assert.True(t, noticed || hidden, "%s: %q", text.Name, text.Text)
	}
}
