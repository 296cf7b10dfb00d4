package tui_test

import (
	"os/exec"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/program"
)

func TestOwnKeysWorkAndAreShown(t *testing.T) {
	own := func(o *tui.Options) {
		o.Keys = keys.Own{"sort": {"O"}, "down": {"n", "down"}, "filter": {"ctrl+k"}, "quit": {"Q"}, "back": {"backspace"}, "accept": {"right"}, "pause": {}}
	}
	within(t, 120, 36, aDay, func(s *screen) {
		s.Shows("ctrl+k filter", "O sort", "Q quit")
		s.Lacks("/ filter", "pause")
		s.Press("O")
		s.Shows("sorted by")
		s.Press("s")
		s.Shows("s does nothing here")
		s.Press("n")
		s.Shows("2/8")
		s.Press("p")
		s.Shows("p does nothing here")
		s.Press("ctrl+k", "st", "right")
		s.Shows(" / status:_", "→ take the first")
		s.Press("esc", "esc", "esc", "enter", "n")
		s.Shows("backspace/Q back")
		s.Press("backspace", "?")
		s.Shows("O            sort", "n/↓          down", "Q            quit")
		s.Lacks("/            filter")
		s.Press("Q", "Q")
	}, own)
}

// Notes and hints name the keys that the user has chosen.
func TestNotesNameOwnKeys(t *testing.T) {
	own := func(o *tui.Options) {
		o.Keys = keys.Own{
			"quit": {"Q"}, "filter": {"f5"}, "details": {"i"}, "help": {"f1"}, "saved-1": {}, "back": {"backspace"}, "pane": {"W"}, "events": {"E"},
			"fold-all": {"O"}, "unfold-all": {"U"}, "toggle-fold": {"T"}, "fold": {"-"}, "unfold": {"+"}, "search": {"f5"}, "mark": {"m"}, "pause": {" "},
			"webhooks.create": {"K"}, "admit": {"a"}, "forward": {"x"}, "forward-to": {"X"}, "forge": {},
		}
	}
	within(t, 80, 40, aDay, func(s *screen) {
		s.Press("backspace")
		s.Shows("nothing to go back from; Q quits")
		s.Press("?")
		s.Shows("? does nothing here; F1 shows the keys")
		s.Press("n")
		s.Shows("no filter is set: F5 looks for something first")
		s.Press("f5", "nothinghasthis", "enter")
		s.Shows("backspace clears it; F5 changes it.")
		s.Press("backspace", "c")
		s.Shows("open the details first: i")
		s.Press("W")
		s.ShowsWords("i opens them")
		s.Press("X")
		s.Shows("forwarding is off")
		s.Press("E", "i", "n")
		s.Shows("nothing is sought: F5 searches the details")
		s.Press("f5", "orderId", "enter")
		s.Press("O")
		s.Shows(`▸ "body"`)
		s.Press("T")
		s.Shows(`▾ "body"`)
		s.Press("+", "T")
		s.Shows("nothing to fold on this line; O folds all, U unfolds all")
		s.Press("-", "-")
		s.Shows(`▸ "body"`)
		s.Press("U")
		s.Shows(`▾ "body"`, "F5 search", "backspace/Q back")
		s.Press("z")
		s.Shows("z does nothing here") // it has no meaning any more
	}, own)
}

func TestOwnCommandsRunWithTheRow(t *testing.T) {
	t.Setenv("UP42_TOKEN", "hidden")
	own := func(o *tui.Options) {
		o.Commands = []program.Command{
			{Key: "J", Name: "show it", Run: []string{"sh", "-c", "read -r line; echo first; echo \"$UP42_KIND $UP42_STATUS $line\""}},
			{Key: "ctrl+k", Run: []string{"sh", "-c", "echo fine; echo 'bad \x1b[2J luck' >&2; exit 3"}},
			{Key: "U", Name: "nothing", Run: []string{"no-such-program"}},
			{Key: "E", Name: "secrets", Run: []string{"sh", "-c", "env | grep -c TOKEN"}},
			{Key: "T", Name: "quiet", Run: []string{"true"}},
		}
	}
	within(t, 160, 40, aDay, func(s *screen) {
		s.Shows("J show it")
		s.Press("J")
		s.ShowsWords(`show it: order FULFILLED {"kind":"order","id":"259d5858`)
		s.Press("3", "J")
		s.ShowsWords(`show it: order FULFILLED {"seq":24,`)
		s.Press("ctrl+k")
		s.ShowsWords(`sh failed with exit status 3: bad \u001b[2J luck`)
		s.Press("U")
		s.ShowsWords("nothing can't be run:")
		s.Press("E")
		s.Shows("secrets failed with exit status 1") // none is found
		s.Press("T", "enter", "T")
		s.Shows("quiet is done")
		s.Press("?")
		s.Shows("J            show it")
		s.Press("?", "esc", "4", "J")
		s.Shows("show it needs a row or a delivery")
		s.Press("2", "/", "J")
		s.Shows(" / J_")
	}, own)
	within(t, 160, 40, newMemory, func(s *screen) {
		s.Press("J")
		s.Shows("show it needs a row or a delivery: none is selected")
		s.Paste("J")
		s.Lacks("show it needs")
	}, own)
}

// A command with screen gets the terminal, and what the user looks at in a file.
func TestOwnCommandsOnTheTerminal(t *testing.T) {
	var wrote strings.Builder
	var file string
	own := func(o *tui.Options) {
		o.Commands = []program.Command{
			{Key: "J", Name: "look", Run: []string{"sh", "-c", `echo "$UP42_KIND $UP42_ID $(cat "$UP42_JSON")"; echo "$UP42_JSON"; env | grep -c TOKEN`}, Screen: true},
			{Key: "U", Run: []string{"no-such-program"}, Screen: true},
		}
		o.Lend = func(p *exec.Cmd, then func(error) tea.Msg) tea.Cmd {
			return func() tea.Msg {
				wrote.Reset()
				p.Stdout = &wrote
				err := p.Run()
				if lines := strings.Split(wrote.String(), "\n"); len(lines) > 1 {
					file = lines[1]
				}
				return then(err)
			}
		}
	}
	t.Setenv("UP42_TOKEN", "hidden")
	within(t, 80, 24, aDay, func(s *screen) {
		s.Press("2", "J")
		s.Shows("look failed with exit status 1") // no TOKEN
		assert.Contains(t, wrote.String(), `order 259d5858-04ab-4d68-9f2e-000000000001 {"kind":"order","id":"259d5858`)
		assert.NoFileExists(t, file)
		assert.NotEmpty(t, file)
		s.Press("3", "enter", "J")
		assert.Contains(t, wrote.String(), `{"seq":24,`)
		s.Press("U")
		s.ShowsWords("no-such-program can't be run:")
		s.Press("J", "J")
		s.Lacks("still runs")
	}, own)
	within(t, 80, 24, newMemory, func(s *screen) {
		s.Press("J")
		s.Shows("look needs a row or a delivery: none is selected")
	}, own)
}

func TestOwnColumnsAreShownInTheirOrder(t *testing.T) {
	own := func(o *tui.Options) {
		o.Columns = map[string][]string{
			"orders": {"age", "name", "order"}, "jobs": {"job"}, "events": {"number", "webhook", "order/job"},
			"undelivered": {"reason", "target"}, "webhooks": {"last test", "url"},
		}
	}
	for _, w := range []int{80, 120} {
		within(t, w, 24, aDay, func(s *screen) {
			s.ShowsWords("AGE NAME ORDER")
			s.Lacks("STATUS", "JOURNEY")
			s.Press("1")
			s.ShowsWords(" JOB ")
			s.Lacks("IN STATE", "TYPE")
			s.Press("3")
			s.ShowsWords("NUMBER WEBHOOK ORDER/JOB")
			s.Lacks("VERDICT", "TIME")
		}, own)
	}
	within(t, 60, 15, aDay, func(s *screen) {
		s.ShowsWords("AGE NAME ORDER")
	}, own)
}
