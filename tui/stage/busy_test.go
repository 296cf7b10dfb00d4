package stage_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/tui/program"
	"github.com/up42/up42-webhooks/tui/stage"
	"github.com/up42/up42-webhooks/tui/webhooks/pagetest"
)

// hold keeps the commands of the next messages, and returns what does them.
func (r *rig) hold() (do func()) {
	var held []tea.Cmd
	update := r.Update
	r.Update = func(msg tea.Msg) tea.Cmd {
		held = append(held, update(msg))
		return nil
	}
	return func() {
		r.Update = update
		for _, cmd := range held {
			r.Do(cmd)
		}
	}
}

// busy has all that can be under way.
func busy(o *stage.Options) {
	w := o.World.(*world)
	for _, id := range []string{"one", "two", "three"} {
		e := receivertest.Order(id, "PLACED", receivertest.At(w.now()))
		e.Proof.Components = []string{"date", "digest"}
		w.log.Add(e)
	}
	up42 := pagetest.NewUP42(o.Screen.Now, w.log)
	up42.Have(pagetest.Mine)
	o.Screen.API = account{up42}
	o.Screen.Commands = []program.Command{
		{Key: "J", Name: "slow", Run: []string{"true"}}, {Key: "K", Name: "edit", Run: []string{"true"}, Screen: true},
	}
	o.Screen.Lend = func(_ *exec.Cmd, then func(error) tea.Msg) tea.Cmd { return func() tea.Msg { return then(nil) } }
	o.Screen.Getenv = func(name string) string { return map[string]string{"EDITOR": "true"}[name] }
	o.Screen.Browse = func(context.Context, string) error { return nil }
	o.Screen.Console = "https://console.example/{id}"
	o.Screen.TestEvent = func(context.Context, receiver.Kind) error { return nil }
	o.Screen.Pinned = func() []string { return nil }
	o.Screen.Pin = func([]string) (string, error) { return "pinned", nil }
	o.Screen.PinFile = "config.yaml"
}

// Whatever is sent, changed, written or run, P waits for it: nothing ends unseen.
func TestPresentingWaitsForAllThatIsUnderWay(t *testing.T) {
	there := filepath.Join(t.TempDir(), "there.http")
	require.NoError(t, os.WriteFile(there, nil, 0o600))
	for name, tc := range map[string]struct {
		before, begin []string
		does, said    string
	}{
		"a program":               {[]string{"2"}, []string{"J"}, "running slow", "slow is done"},
		"one with the terminal":   {[]string{"2"}, []string{"K"}, "running edit", "edit is done"},
		"a test event":            {[]string{"2", "t"}, []string{"enter"}, "sending a test event", "sent a test event about a new order"},
		"a question to UP42":      {[]string{"2"}, []string{"R"}, "asking UP42 about three", "UP42"},
		"pins":                    {[]string{"2", "wait", "H"}, []string{"H"}, "pinning headers", "date, digest pinned"},
		"pins of a test":          {[]string{"4", "t", "wait", "H"}, []string{"H"}, "pinning headers", "pinned"},
		"a file":                  {[]string{"3", "enter", "w", "ctrl+u", filepath.Join(t.TempDir(), "new.http")}, []string{"enter", "esc"}, "saving a request", "saved as"},
		"a file that is there":    {[]string{"3", "enter", "w", "ctrl+u", there, "enter"}, []string{"enter"}, "saving a request", "saved as"},
		"an editor":               {[]string{"3", "enter", "o"}, []string{"e"}, "opening the editor", "back from the editor"},
		"a browser":               {[]string{"3", "enter", "o"}, []string{"c"}, "opening a page in the browser", "opened https://console.example/"},
		"a call that is given up": {[]string{"4", "d", "monitor"}, []string{"enter", "esc", "esc"}, "asking UP42 what it has done with monitor", "deleted monitor; u creates it again"},
	} {
		t.Run(name, func(t *testing.T) {
			onStage(t, 120, 36, "", func(r *rig) {
				for _, key := range tc.before {
					if key == "wait" {
						r.pass(10 * time.Second)
					} else {
						r.Press(key)
					}
				}
				do := r.hold()
				r.Screen.Press(tc.begin...)
				r.Screen.Press("P")
				r.Shows("P does nothing yet: still " + tc.does)
				r.Lacks("▀")
				do()
				r.pass(time.Second)
				r.ShowsWords(tc.said)
				r.Press("P")
				r.Shows("▀")
				assert.NotContains(t, r.View(), "does nothing yet")
			}, busy)
		})
	}
}
