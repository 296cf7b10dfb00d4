package stage_test

import (
	"context"
	"errors"
	"os/exec"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/tui/frame"
	"github.com/up42/up42-webhooks/tui/program"
	"github.com/up42/up42-webhooks/tui/stage"
	"github.com/up42/up42-webhooks/tui/webhooks/pagetest"
)

const realID = "92ceac2c-9a3e-4c0e-8a52-1b1f3d0f7a11"

func presented(o *stage.Options) {
	w := o.World.(*world)
	at := receivertest.At(w.now())
	w.log.Add(receivertest.Order(realID, "PLACED", receivertest.Named("Project Nightfall"), at), receivertest.Order(realID, "FULFILLED", at))
	w.log.Reject(receivertest.Order(realID, "CREATED", at, receivertest.Rejected("stale")))
	o.Key = []byte("a key")
	o.Screen.Receiver.Address = "hooks.acme.com:443"
	o.Screen.Receiver.Notice = "Nightfall"
}

func TestPresenting(t *testing.T) {
	onStage(t, 132, 36, "", func(r *rig) {
		r.Press("2")
		r.Shows("92ceac2c", "Nightfall", "acme")
		r.Press("P")
		// 2 verified, 1 rejected
		r.Shows("▀▀█             ▄█ ", "verified", "rejected", "duplicates", "  P  ")
		for _, keys := range []string{"1", "2", "3", "enter", "enter", "esc", "esc", "g", "4", "?", "esc", "2", "e", "esc", "y"} {
			r.Press(keys)
			r.Lacks("92ceac2c", "1b1f3d0f7a11", "Nightfall", "acme")
			r.Shows("  " + keys + "  ")
		}
		row := standIn(r)
		r.Press("P")
		r.Shows("92ceac2c", "Nightfall")
		r.Press("2", "P")
		assert.Equal(t, row, standIn(r), "the same id has the same stand-in")
	}, presented)
}

// standIn is the id that the page Orders shows.
func standIn(r *rig) string {
	for l := range strings.Lines(r.View()) {
		if i := strings.Index(l, "FULFILLED"); i >= 0 {
			return strings.Fields(l[i:])[1]
		}
	}
	return ""
}

// The presenter's mode goes together with a script, and with a new world.
func TestPresentingAScript(t *testing.T) {
	onStage(t, 80, 24, strings.ReplaceAll(twoSteps, "sees alps\n", ""), func(r *rig) {
		r.Press("P")
		r.Shows("The first one.", "verified", "█▀█")
		r.pass(time.Second)
		r.Shows("id-")
		r.Lacks("alps")
		r.Press("p", "P")
		assert.False(t, r.world.paused, "another dashboard is not paused")
		r.Press("P", "ctrl+r")
		r.pass(time.Second)
		r.Lacks("alps")
		r.Shows("  3  ", "verified") // the script has pressed it
	})
}

// Warnings do not say why, as that may name a file or a customer.
func TestPresentingAFailure(t *testing.T) {
	onStage(t, 100, 30, "", func(r *rig) {
		r.pass(time.Second)
		r.Shows("nothing more is recorded: write /home/anna/nightfall.rec")
		r.Press("P")
		r.pass(time.Second)
		r.Shows("nothing more is recorded: the reason is not shown")
		r.Lacks("nightfall", "anna")
	}, presented, func(o *stage.Options) {
		o.Screen.Sources.Recording = func() (int, error) { return 3, errors.New("write /home/anna/nightfall.rec: no space left") }
	})
}

// Keys that come while another dashboard is being read wait for its rows.
func TestKeysRightAfterPresenting(t *testing.T) {
	onStage(t, 100, 30, "", func(r *rig) {
		r.Press("3")
		r.Send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("Pjj")})
		r.Shows("verified", " 3/3 ──", "  j  ")
		r.Send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("PPj")})
		r.Shows("verified", " 2/3 ──")
	}, presented)
}

// What is typed is not in the corner.
func TestTypedTextIsNotInTheCorner(t *testing.T) {
	onStage(t, 80, 24, "", func(r *rig) {
		r.Press("P", "2", "/")
		r.Shows("  /  ")
		r.Press("s")
		r.Lacks("  s  ")
	}, presented)
}

// account is an account at UP42 with webhooks, without orders and jobs.
type account struct {
	*pagetest.UP42
}

func (account) Workspace(context.Context) (string, error)           { return "", nil }
func (account) Orders(context.Context, int) ([]client.Order, error) { return nil, nil }
func (account) Order(context.Context, string) (client.Order, error) { return client.Order{}, nil }
func (account) Jobs(context.Context, int) ([]client.Job, error)     { return nil, nil }
func (account) Job(context.Context, string) (client.Job, error)     { return client.Job{}, nil }

// What was done to webhooks is known in both modes: nothing of it is lost, and nothing real is shown.
func TestPresentingKeepsWhatWasDoneToWebhooks(t *testing.T) {
	var up42 *pagetest.UP42
	onStage(t, 120, 36, "", func(r *rig) {
		r.Press("4", "t")
		r.pass(10 * time.Second)
		r.Press("esc")
		r.Shows("monitor", "✓ 2/2")
		r.Press("P")
		r.Lacks("monitor", "example.com/up42")
		r.Shows("✓ 2/2")
		r.Press("P")
		r.Shows("monitor", "✓ 2/2")
		r.Press("enter")
		r.Shows("2 of 2 test events passed", "✓ stored")
		r.Press("esc", "d", "monitor", "enter")
		r.Shows("u creates it again")
		r.Press("P", "P", "u")
		r.Shows("created monitor again")
		r.Press("d", "monitor", "enter", "P", "u")
		r.Shows("again; its id is new")
		r.Lacks("monitor")
		r.Press("P")
		r.Shows("monitor")
		back := up42.All[len(up42.All)-1]
		assert.Equal(t, []string{pagetest.Mine.Name, pagetest.Mine.URL, pagetest.Mine.Secret.Reveal()}, []string{back.Name, back.URL, back.Secret.Reveal()})
		r.Press("u")
		r.Shows("nothing left to undo")
	}, func(o *stage.Options) {
		up42 = pagetest.NewUP42(o.Screen.Now, o.World.(*world).log)
		up42.Have(pagetest.Mine, pagetest.Other)
		o.Screen.API = account{up42}
	})
}

// A script names a webhook, and the screen shows its stand-in.
func TestAScriptNamesAWebhookInThePresentersMode(t *testing.T) {
	const text = "press P\npress 4\nsees monitor https\npress d\ncaption One.\ntype monitor\npress enter\nsees deleted monitor\ncaption Two.\n"
	for _, text := range []string{text, strings.TrimPrefix(text, "press P\n")} {
		onStage(t, 120, 36, text, func(r *rig) {
			r.pass(time.Minute)
			r.Shows("Two.")
			assert.Empty(t, r.stage.Faults())
			assert.Empty(t, r.stage.Set().Screen.API.(account).All)
		}, withWebhooks)
	}
}

// withWebhooks has a webhook in each world.
func withWebhooks(o *stage.Options) {
	have := func(set *stage.Set) {
		up42 := pagetest.NewUP42(set.Screen.Now, set.World.(*world).log)
		up42.Have(pagetest.Mine)
		set.Screen.API = account{up42}
	}
	have(&o.Set)
	another := o.Again
	o.Again = func(ctx context.Context) (stage.Set, error) {
		set, err := another(ctx)
		have(&set)
		return set, err
	}
}

// A script that starts over on the page Webhooks reads the list, which its first key would give up.
func TestAScriptThatStartsOverReadsTheWebhooks(t *testing.T) {
	onStage(t, 120, 36, "press esc 4\ncaption One.\n", func(r *rig) {
		for range 3 {
			r.pass(time.Second)
			r.Shows("One.", "monitor", "read 1s ago")
			r.Press("ctrl+r")
		}
	}, withWebhooks)
}

// UP42's words about a test may name what is real. They come back with what is real.
func TestPresentingHidesTheWordsAboutATest(t *testing.T) {
	onStage(t, 120, 36, "", func(r *rig) {
		r.Press("4", "t")
		r.pass(20 * time.Second)
		r.ShowsWords("nightfall.acme.com refused")
		r.Press("esc", "P", "enter")
		r.Shows("0 of 2 test events passed")
		r.Lacks("nightfall", "acme", "hooks.example")
		r.Press("esc", "P", "enter")
		r.ShowsWords("nightfall.acme.com refused")
	}, func(o *stage.Options) {
		up42 := pagetest.NewUP42(o.Screen.Now, o.World.(*world).log)
		up42.Have(pagetest.Mine)
		up42.Undelivered = "nightfall.acme.com refused"
		o.Screen.API = account{up42}
	})
}

// What would end with the dashboard is not ended unseen.
func TestPresentingWaitsForACall(t *testing.T) {
	onStage(t, 120, 36, "", func(r *rig) {
		up42 := r.stage.Set().Screen.API.(account).UP42
		r.Press("4", "d", "monitor", "enter")
		release := up42.Hold("create")
		r.Press("u", "P")
		r.Shows("P does nothing yet: still creating monitor")
		r.Lacks("▀")
		release()
		r.pass(time.Second)
		r.Shows("created monitor again")
		r.Press("P", "P", "u")
		r.Shows("nothing left to undo")
	}, func(o *stage.Options) {
		up42 := pagetest.NewUP42(o.Screen.Now, o.World.(*world).log)
		up42.Have(pagetest.Mine)
		o.Screen.API = account{up42}
	})
}

// Filters and marks have names: each mode has its own, which come back with it.
func TestPresentingKeepsFiltersAndMarks(t *testing.T) {
	onStage(t, 120, 36, "", func(r *rig) {
		r.Press("3", "space", "/", "nightfall", "enter")
		r.Shows("filter: nightfall", "1 marked")
		r.Press("P")
		r.Lacks("nightfall", "marked", "filter:")
		r.Shows(" 1/3 ──")
		r.Press("n")
		r.Shows("no filter is set")
		r.Press("/", "up")
		r.Lacks("nightfall")
		r.Press("esc", "esc", "/", "stale", "enter")
		r.Shows("filter: stale")
		r.Press("P")
		r.Shows("filter: nightfall", "1 marked")
		r.Lacks("stale (")
		r.Press("esc", "esc")
		r.Lacks("filter:", "marked")
		r.Press("P")
		r.Shows("filter: stale")
		r.Press("P", "n")
		r.Shows("filter again: nightfall")
		r.Press("/", "ctrl+u", "up")
		r.Shows("/ nightfall")
	}, presented)
}

// What is said once at the start or once a run is not said again.
func TestPresentingSaysNothingAgain(t *testing.T) {
	onStage(t, 120, 36, "", func(r *rig) {
		r.Shows("This is said at the start")
		r.Press("3")
		r.pass(2 * time.Second)
		r.Shows("H pins that list")
		r.pass(10 * time.Second)
		for range 2 {
			r.Press("P")
			for range 20 {
				r.Lacks("This is said at the start", "H pins that list")
				r.pass(time.Second)
			}
			r.Shows("H pins signed headers")
		}
	}, func(o *stage.Options) {
		w := o.World.(*world)
		for _, id := range []string{"one", "two", "three"} {
			e := receivertest.Order(id, "PLACED", receivertest.At(w.now()))
			e.Proof.Components = []string{"date", "digest"}
			w.log.Add(e)
		}
		o.Screen.Receiver.Notice = "This is said at the start"
		o.Screen.Pinned = func() []string { return nil }
		o.Screen.Pin = func([]string) (string, error) { return "", nil }
		o.Screen.PinFile = "config.yaml"
	})
}

// What a program prints, and why it can't be run, is not shown.
func TestPresentingHidesWhatProgramsSay(t *testing.T) {
	for run, says := range map[string][2]string{
		"echo Nightfall":                   {"Nightfall runs: Nightfall", "your program on J is done"},
		"echo Nightfall >&2; exit 3":       {"Nightfall runs failed with exit status 3: Nightfall", "your program on J failed with exit status 3"},
		"exec /home/anna/acme 2>&1":        {"Nightfall runs failed with exit status 127", "your program on J failed with exit status 127"},
		"":                                 {"Nightfall runs can't be run", "your program on J failed; the reason is not shown"},
		"echo Nightfall; sleep 1; kill $$": {"Nightfall runs failed with signal: terminated", "your program on J failed with signal: terminated"},
	} {
		t.Run(run, func(t *testing.T) {
			onStage(t, 120, 36, "", func(r *rig) {
				r.Press("2", "J")
				r.pass(2 * time.Second)
				r.ShowsWords(says[0])
				r.Press("P", "?")
				r.Lacks("Nightfall")
				r.Press("esc", "J")
				r.pass(2 * time.Second)
				r.Shows(says[1])
				r.Lacks("Nightfall", "anna")
			}, presented, func(o *stage.Options) {
				c := program.Command{Key: "J", Name: "Nightfall runs", Run: []string{"sh", "-c", run}}
				if run == "" {
					c.Run = []string{"/home/anna/Nightfall"}
				}
				o.Screen.Commands = []program.Command{c}
			})
		})
	}
}

// The user's editor and UP42's console are named without the settings.
func TestPresentingHidesWhatOpensARow(t *testing.T) {
	onStage(t, 120, 36, "", func(r *rig) {
		r.Press("3", "enter", "o")
		r.Shows("/home/anna/edit (VISUAL)", "https://console.example/nightfall/"+realID)
		r.Press("esc", "esc", "P", "enter", "o")
		r.Shows("editor", "its link is not shown")
		r.Lacks("anna", "console.example", "nightfall", "--console-url")
		r.Press("c")
		r.Shows("the link to UP42's console is not shown now")
		r.Press("o", "e")
		r.Shows("the editor failed; the reason is not shown")
		r.Lacks("anna")
	}, presented, func(o *stage.Options) {
		o.Screen.Getenv = func(name string) string { return map[string]string{"VISUAL": "/home/anna/edit"}[name] }
		o.Screen.Console = "https://console.example/nightfall/{id}"
		o.Screen.Lend = func(_ *exec.Cmd, then func(error) tea.Msg) tea.Cmd {
			return func() tea.Msg { return then(errors.New("/home/anna/edit: not found")) }
		}
	})
}

// A receiver that moves, and members of a team, are not named.
func TestPresentingHidesMachines(t *testing.T) {
	status := frame.ReceiverStatus{}
	onStage(t, 160, 36, "", func(r *rig) {
		r.Press("P")
		r.Shows("receiver.example:443", "2 members, ", "forwards")
		status.Address = "0.0.0.0:9937"
		r.pass(2 * time.Second)
		r.Shows("receiver.example:443")
		r.Lacks("9937", "annas-laptop")
		status.Err = errors.New("annas-laptop is gone")
		r.pass(2 * time.Second)
		r.Shows("stopped", "the reason is not shown")
		r.Press("3", "enter", "end")
		r.Lacks("9937", "annas-laptop")
		r.Press("P")
		r.Shows("annas-laptop is gone")
	}, presented, func(o *stage.Options) {
		e := receivertest.Order("far", "PLACED", receivertest.At(o.Screen.Now()))
		e.Origin = "annas-laptop"
		o.World.(*world).log.Add(e)
		o.Screen.Sources.Now = func() (frame.ReceiverStatus, error) { return status, nil }
		o.Screen.Sources.Team = func() frame.Team {
			return frame.Team{Stream: "UP42", Members: []frame.Member{{Name: "annas-laptop", Role: "member", Forwards: 1}, {Name: "office", Role: "member"}}}
		}
	})
}
