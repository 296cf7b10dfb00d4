package stage_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/stage"
	"github.com/up42/up42-webhooks/tui/stage/script"
	"github.com/up42/up42-webhooks/tui/theme"
	"github.com/up42/up42-webhooks/tui/tuitest"
)

// world is a log to which a script adds events.
type world struct {
	log *receivertest.Log
	now func() time.Time
	err error

	mu     sync.Mutex
	did    []string
	paused bool
}

func (w *world) Do(_ context.Context, c script.Command) error {
	w.mu.Lock()
	w.did = append(w.did, strings.Join(append([]string{string(c.Verb)}, c.Args...), " "))
	w.mu.Unlock()
	now := receivertest.At(w.now())
	switch c.Verb {
	case script.Order:
		w.log.Add(receivertest.Order(c.Text(), "CREATED", now))
	case script.To:
		w.log.Add(receivertest.Order(c.Text(), receiver.Status(c.Args[1]), now))
	case script.Forge:
		if c.Text() == "replayed" {
			w.log.Duplicate(w.now())
		} else {
			w.log.Reject(receivertest.Order("order-x", "FULFILLED", now, receivertest.Rejected("digest-mismatch")))
		}
	}
	return w.err
}

func (w *world) SetPaused(paused bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.paused = paused
}

// rig is a stage on a screen.
type rig struct {
	*tuitest.Screen
	stage *stage.Stage
	world *world
	// worlds counts the worlds that began, ended those that ended.
	worlds, ended int
	quit          bool
}

func onStage(t *testing.T, w, h int, text string, test func(r *rig), change ...func(*stage.Options)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := &rig{Screen: tuitest.New(t, w, h)}
		o := stage.Options{Set: r.begin(), Again: func(context.Context) (stage.Set, error) { return r.begin(), nil }}
		if text != "" {
			played, err := script.Parse("my.stage", []byte(text), nil)
			require.NoError(t, err)
			o.Script = played
		}
		for _, f := range change {
			f(&o)
		}
		r.stage = stage.New(o)
		defer r.stage.Close()
		r.Update = func(msg tea.Msg) tea.Cmd {
			if _, ok := msg.(tea.QuitMsg); ok {
				r.quit = true
				return nil
			}
			_, cmd := r.stage.Update(msg)
			return cmd
		}
		r.Draw = r.stage.View
		r.Do(r.stage.Init())
		r.Send(tea.WindowSizeMsg{Width: w, Height: h})
		test(r)
	})
}

func (r *rig) begin() stage.Set {
	r.worlds++
	r.world = &world{log: receivertest.NewLog(), now: r.Now}
	return stage.Set{
		World: r.world, End: func() { r.ended++ },
		Screen: tui.Options{Log: r.world.log, Theme: theme.New(theme.Options{Profile: termenv.Ascii}), Now: r.Now},
	}
}

// Press presses keys one after the other, with time for what they do.
func (r *rig) Press(keys ...string) {
	for _, k := range keys {
		r.Screen.Press(k)
		r.pass(300 * time.Millisecond)
	}
}

func (r *rig) pass(d time.Duration) { r.Advance(d, 50*time.Millisecond, nil) }

const twoSteps = `title Two steps
caption The first one.
press 3
order alps
sees alps
caption The second one.
wait 10s
to alps PLACED
sees PLACED
caption The last one.
`

func TestAScriptPlays(t *testing.T) {
	onStage(t, 80, 24, twoSteps, func(r *rig) {
		r.pass(time.Second)
		r.Shows("The first one.", "Two steps  1/3", "alps", "3 Events 1")
		r.pass(script.ReadingTime("The first one.") + time.Second)
		r.Shows("The second one.", "2/3")
		r.Lacks("PLACED")
		r.pass(10 * time.Second)
		r.Shows("PLACED", "The last one.")
		r.pass(10 * time.Second)
		r.Shows("the end")
		assert.False(t, r.quit)
		assert.Empty(t, r.stage.Faults())
	})
}

func TestSpaceGoesToTheNextStep(t *testing.T) {
	onStage(t, 80, 24, twoSteps, func(r *rig) {
		r.Press("space")
		r.Shows("The second one.")
		r.Press("space")
		r.Shows("The last one.", "PLACED")
		r.Press("space", "space")
		r.Shows("3/3  the end")
	})
}

// The keys that steer a script are the speaker's. In a script they are keys of the dashboard, as all
// others.
func TestAScriptDoesNotSteerItself(t *testing.T) {
	onStage(t, 80, 24, "caption One.\npress 3\norder alps\nsees alps\npress space + -\nsees 1 marked\ncaption Two.\n", func(r *rig) {
		r.pass(2 * time.Second)
		r.Shows("One.", "1/2", "1 marked")
		r.Lacks("×")
		r.pass(script.ReadingTime("One."))
		r.Shows("Two.")
		assert.Empty(t, r.stage.Faults())
	})
}

// A key that steers the script is not that of the dashboard too, so the help has it once.
func TestTheHelpHasTheKeysOfAScriptOnce(t *testing.T) {
	onStage(t, 200, 60, twoSteps, func(r *rig) {
		r.Press("?")
		r.Shows("next step of the script", "mark all up to here", "in a body: fold, unfold")
		r.Lacks("mark the row", "enter/space")
	})
	onStage(t, 200, 60, "", func(r *rig) {
		r.Press("?")
		r.Shows("mark the row", "enter/space")
	})
}

func TestTheSpeedOfAScript(t *testing.T) {
	onStage(t, 80, 24, twoSteps, func(r *rig) {
		r.Press("+++++++++")
		r.Shows("16×")
		r.pass(2 * time.Second)
		r.Shows("The last one.")
		r.Press("---------")
		r.Shows("0.25×")
		r.Press("++")
		r.Lacks("×  ")
	})
}

func TestAScriptWaitsForTheSpeaker(t *testing.T) {
	onStage(t, 80, 24, "caption One.\nstop\ncaption Two.", func(r *rig) {
		r.pass(time.Hour)
		r.Shows("One.", "waits for space")
		r.Press("space")
		r.Shows("Two.")
	})
}

// On the smallest screen for a talk its state is whole: the title and the hints of keys give way.
func TestTheStateOfAScriptIsWhole(t *testing.T) {
	const long = "title Webhooks, from the first to the very last storm\ncaption One.\nstop\ncaption Two.\n"
	for _, w := range []int{80, 100, 132, 200} {
		onStage(t, w, 24, long, func(r *rig) {
			r.Press("p")
			r.Shows("Webhooks, from", "1/2  paused  2×", " space next  p pause ")
			r.Press("p")
			r.pass(time.Minute)
			r.Shows("Webhooks, from", "1/2  waits for space  2×", " space next ")
			r.Press("space")
			r.pass(time.Minute)
			r.Shows("Webhooks, from", "2/2  the end  2×", " space next ")
			r.Press("ctrl+r", "/")
			r.Shows("Webhooks, from", "1/2  waits for you: esc goes on  2×")
			r.Lacks("space next")
		}, func(o *stage.Options) { o.Speed = 2 })
	}
	onStage(t, 80, 24, "caption One.\nsees what is never on this screen\ncaption Two.\n", func(r *rig) {
		r.pass(time.Minute)
		r.Shows(`my.stage:2: the screen does not show "what is never on this screen"  the end`)
		r.Press("ctrl+r")
		r.Lacks("my.stage:2")
	})
}

func TestPausePausesTheWorld(t *testing.T) {
	onStage(t, 80, 24, twoSteps, func(r *rig) {
		r.Press("p")
		assert.True(t, r.world.paused)
		r.Shows("paused")
		r.pass(time.Minute)
		r.Shows("The first one.")
		r.Press("space") // one step
		r.Shows("The second one.")
		assert.False(t, r.world.paused)
		r.pass(15 * time.Second)
		r.Shows("The second one.", "PLACED", "paused")
		assert.True(t, r.world.paused)
		r.Press("p")
		r.pass(time.Second)
		r.Shows("The last one.")
	})
}

func TestAScriptStartsOver(t *testing.T) {
	onStage(t, 80, 24, twoSteps, func(r *rig) {
		r.Press("space", "space", "+")
		r.Shows("The last one.")
		r.Press("0")
		r.Shows("The last one.", "◐ Running")
		r.Press("ctrl+r")
		r.Shows("The first one.", "1/3", "1.5×", "3 Events 1")
		r.Lacks("PLACED")
		assert.Equal(t, []int{2, 1}, []int{r.worlds, r.ended})
		assert.Equal(t, []string{"order alps"}, r.world.did)
	})
	onStage(t, 80, 24, twoSteps, func(r *rig) {
		r.Press("space", "ctrl+r")
		r.Shows("It can't start over: no port is free")
	}, func(o *stage.Options) {
		o.Again = func(context.Context) (stage.Set, error) { return stage.Set{}, errors.New("no port is free") }
	})
}

// What does not come to pass is named, and the script goes on.
func TestWhatAScriptDoesNotSee(t *testing.T) {
	onStage(t, 80, 24, "caption One.\nsees alps\ncaption Two.", func(r *rig) {
		r.pass(14 * time.Second)
		r.Shows("One.")
		r.pass(2 * time.Second)
		r.Shows("Two.", `my.stage:2: the screen does not show`)
		require.Len(t, r.stage.Faults(), 1)
	})
	onStage(t, 80, 24, "caption One.\nstorm 5\ncaption Two.", func(r *rig) {
		r.Press("space")
		r.Shows("my.stage:2: refused")
	}, func(o *stage.Options) { o.World.(*world).err = errors.New("refused") })
}

func TestAScriptEndsTheScreen(t *testing.T) {
	onStage(t, 80, 24, twoSteps, func(r *rig) {
		r.pass(2 * time.Second)
		assert.True(t, r.quit)
	}, func(o *stage.Options) { o.Once, o.Speed = true, 1000 })
}

// Without a speaker a script neither halts nor stays paused.
func TestAScriptAloneComesToItsEnd(t *testing.T) {
	const pauses = "caption One.\nstop\ncaption Two.\npress 3 :\ntype pause\npress enter\ncaption Three.\n"
	onStage(t, 80, 24, pauses, func(r *rig) {
		r.pass(time.Minute)
		assert.True(t, r.quit)
		require.Len(t, r.stage.Faults(), 1)
		assert.ErrorContains(t, r.stage.Faults()[0], "my.stage:6: this pauses the script, too")
	}, func(o *stage.Options) { o.Once = true })
}

// What is typed belongs to the text, also the keys of the script.
func TestKeysOfAScriptAreLettersInAFilter(t *testing.T) {
	onStage(t, 80, 24, twoSteps, func(r *rig) {
		r.Press("/", "a b+0-xP")
		r.Shows("a b+0-xP", "1/3")
		r.Press("esc", "esc")
		r.Press("space")
		r.Shows("2/3")
	})
	onStage(t, 80, 24, "caption One.\npress 3\npress /\ntype a b\n", func(r *rig) { r.Shows("/ a b") })
}

// What the speaker has open is not the script's: it waits until that is closed.
func TestAScriptWaitsWhileTheSpeakerHasSomethingOpen(t *testing.T) {
	const played = "caption One.\nwait 8s\npress 3\nsees verified\npress 2\nforge tampered\ncaption Two.\nwait 1s\n"
	for name, opened := range map[string]struct {
		press, close []string
		shows        string
	}{
		"the forger":  {[]string{"x"}, []string{"esc"}, "3  stale"},
		"a filter":    {[]string{"3", "/", "s", "t"}, []string{"esc", "esc", "esc"}, "/ st"},
		"the palette": {[]string{":"}, []string{"esc"}, "↑↓ choose"},
		"the help":    {[]string{"?"}, []string{"esc"}, "half a page up"},
	} {
		onStage(t, 80, 24, played, func(r *rig) {
			r.world.log.Add(receivertest.Order("alps", "CREATED", receivertest.At(r.Now())))
			r.pass(2 * time.Second)
			r.Press(opened.press...)
			r.pass(time.Hour)
			r.Shows(opened.shows, "waits for you: esc goes on")
			assert.Empty(t, r.world.did, name)
			r.Press(opened.close...)
			r.Lacks("waits for you")
			r.pass(time.Minute)
			r.Shows("Two.")
			assert.Empty(t, r.stage.Faults(), name)
			assert.Equal(t, []string{"forge tampered"}, r.world.did, name)
		})
	}
}

// What came of the speaker's forgery stays until a key, and no caption goes by meanwhile.
func TestTheSpeakersForgeryStaysUntilAKey(t *testing.T) {
	onStage(t, 80, 24, "caption One.\ncaption Two.\ncaption Three.\n", func(r *rig) {
		r.Press("x", "1")
		r.pass(time.Hour)
		r.Shows("tampered body", "row r1 · rejected", "waits for you: esc goes on")
		r.Press("esc")
		r.Shows("One.")
		r.pass(script.ReadingTime("One.") + time.Second)
		r.Shows("Two.")
	})
}

// A script may open what it types into, and is not held by it.
func TestAScriptTypesIntoWhatItOpens(t *testing.T) {
	onStage(t, 80, 24, "caption One.\npress x 1\nsees rejected\npress 3 /\ntype quota\nforge forged\ncaption Two.\n", func(r *rig) {
		r.pass(script.ReadingTime("One.") + time.Second)
		r.Shows("/ quota", "Two.")
		r.Lacks("quota3")
		assert.Empty(t, r.stage.Faults())
		assert.Equal(t, []string{"forge tampered", "forge forged"}, r.world.did)
	})
	onStage(t, 80, 24, "caption One.\ntype q\ncaption Two.\n", func(r *rig) {
		r.Press("space")
		r.Shows("Two.", "my.stage:2: nothing is open")
		assert.False(t, r.quit)
	})
}

// q ends a talk only if it is pressed twice.
func TestQAsksBeforeATalkEnds(t *testing.T) {
	onStage(t, 80, 24, twoSteps, func(r *rig) {
		r.Press("p", "q")
		r.Shows("q again ends the talk")
		r.Press("space", "q")
		assert.False(t, r.quit)
		r.Press("q")
		assert.True(t, r.quit)
	})
}

// The script presses no key while q asks: it would take away the question, and the next q would ask
// again.
func TestAScriptWaitsWhileQAsks(t *testing.T) {
	const text = "press 2\ncaption One.\nwait 5s\npress 3\ncaption Two.\n"
	for name, c := range map[string]struct {
		keys  []string
		waits time.Duration
		quits bool
	}{
		"q again":       {keys: []string{"q"}, quits: true},
		"another key":   {keys: []string{"esc"}},
		"no answer":     {waits: 5 * time.Second},
		"after another": {keys: []string{"1", "q", "q"}, quits: true},
	} {
		t.Run(name, func(t *testing.T) {
			onStage(t, 80, 24, text, func(r *rig) {
				r.pass(4 * time.Second)
				r.Press("q")
				r.pass(2 * time.Second)
				r.Shows("q again ends the talk", "One.", "waits for you", "sort: latest event")
				r.Press(c.keys...)
				r.pass(c.waits)
				assert.Equal(t, c.quits, r.quit)
				if !c.quits {
					r.pass(2 * time.Second)
					r.Shows("Two.", "sort: newest")
				}
			})
		})
	}
}

// A step may end while the script has a filter open: the pause after it is no letter.
func TestAPauseIsNoLetter(t *testing.T) {
	onStage(t, 80, 24, "caption One.\ncaption Two.\npress 3 /\ntype st\ncaption Three.\n", func(r *rig) {
		r.Press("p", "space")
		r.Shows("Two.", "paused", "/ st")
		r.Lacks("stp")
		assert.True(t, r.world.paused)
	})
}

func TestForgeries(t *testing.T) {
	onStage(t, 80, 24, "", func(r *rig) {
		r.Press("1", "x")
		r.Shows("1  tampered body", "6  no signature")
		r.Press("7", "esc")
		r.Lacks("tampered")
		r.Press("x", "1")
		r.Shows("12:00:01.500  tampered body", "row r1 · rejected · body does not match its digest", "█▀▄ ▀█▀ ▄▀▀ █▀▀ ▄▀▀ ▀█▀", "✕ rejected", "digest-mismatch")
		r.Press("esc")
		r.Lacks("tampered body")
		r.Press("x", "4")
		r.ShowsWords("stores nothing twice")
		r.Press("2")
		r.Lacks("stores nothing twice")
		r.Shows("2 Orders")
		r.Press("?")
		r.Shows("On stage", "forge a delivery")
		assert.Equal(t, []string{"forge tampered", "forge replayed"}, r.world.did)
	})
}

// What the forger shows says how to close it, and closes with the page that it was opened on.
func TestTheForgerCloses(t *testing.T) {
	onStage(t, 80, 24, "", func(r *rig) {
		r.pass(time.Second)
		for _, key := range []string{"0", "tab", "shift+tab"} {
			r.Press("2", "x")
			r.Shows("1  tampered body", "esc closes this")
			r.Press(key)
			r.Lacks("tampered body")
			assert.NotEqual(t, "Orders", r.stage.Dashboard().Page())
		}
		r.Press("x", "q", "x", "1")
		r.Shows("row r1 · rejected · body does not match its digest", "esc closes this")
		r.Press("q")
		r.Lacks("tampered body")
		assert.False(t, r.quit)
		r.Press("x", "1", "2")
		r.Lacks("tampered body")
		r.Press("x", "4")
		r.Shows("replayed")
		const tabs = 8 // the lines of the forger, and the header
		r.Send(tea.MouseMsg{X: 2, Y: tabs, Action: tea.MouseActionPress, Button: tea.MouseButtonLeft})
		r.Send(tea.MouseMsg{X: 2, Y: tabs, Action: tea.MouseActionRelease, Button: tea.MouseButtonLeft})
		r.pass(time.Second)
		r.Shows("◐ Running")
		r.Lacks("replayed")
	})
}

// A low terminal shows a short list. A terminal that is too low for this ignores the key.
func TestTheForgerOnASmallScreen(t *testing.T) {
	onStage(t, 80, 19, "", func(r *rig) {
		r.Press("x")
		r.ShowsWords("Forge 1 tampered body, 2 wrong secret")
		r.ShowsWords("or esc closes this")
		r.Press("1")
		r.Shows("tampered body: DIGEST-MISMATCH", "row r1 · rejected", "esc closes this")
	})
	onStage(t, 60, 15, "", func(r *rig) {
		r.Press("x", "2")
		r.Shows("JOURNEY")
		assert.Empty(t, r.world.did)
	})
}

func TestAForgeryThatCannotBeSent(t *testing.T) {
	onStage(t, 80, 24, "", func(r *rig) {
		r.Press("x", "4")
		r.ShowsWords("It could not be sent: not possible yet")
	}, func(o *stage.Options) { o.World.(*world).err = errors.New("not possible yet") })
}

// On a small terminal the dashboard needs all lines. One of any size has as many as it has.
func TestSizes(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {80, 20}, {60, 15}, {60, 17}, {60, 18}, {20, 5}, {1, 1}, {200, 60}} {
		onStage(t, size[0], size[1], twoSteps, func(r *rig) {
			for _, keys := range []string{"p", "x", "2", "x6"} {
				r.Press(keys)
				_ = r.View() // it checks the size
			}
		})
	}
}
