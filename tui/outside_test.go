package tui_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/theme"
)

// taken is a log with one delivery that has headers.
func taken() *memory {
	l := newMemory()
	l.Add(with(order(1, "PLACED", time.Minute), func(e *receiver.Event) {
		e.Raw = []byte(`{"event":"order.status","body":{"name":"O'Brien","list":[1, 2]}}`)
		e.Headers = []receiver.Header{{Name: "Content-Type", Value: "application/json"}, {Name: "Signature", Value: "up42-sig=abc"}}
	}))
	return l
}

func TestTheCopyMenu(t *testing.T) {
	within(t, 80, 24, taken, func(s *screen) {
		s.Press("c")
		s.Shows("open the details first: enter")
		s.Press("3", "enter", "/", "Brien", "enter", "c")
		s.Shows("copy", `▌      "name"`, "f  field .body.name", "O'Brien", "p  its path", "u  curl command")
		s.Golden("copy-menu-80x24")
		s.Paste("f")
		s.Press("x", "f")
		s.Shows("copied field .body.name")
		s.Press("c", "p", "c", "down", "up", "down", "enter", "c", "r", "c", "m", "c", "b", "c", "u")
		s.Shows("copied a curl command")
		require.Len(t, s.copied, 7)
		assert.Equal(t, []string{"O'Brien", ".body.name", ".body.name"}, s.copied[:3])
		assert.Contains(t, s.copied[3], "POST /receive-webhooks HTTP/1.1\nContent-Type: application/json\n")
		assert.True(t, strings.HasPrefix(s.copied[5], `{"event"`))
		assert.Contains(t, s.copied[6], `'http://127.0.0.1:9888/receive-webhooks'`)
		assert.Contains(t, s.copied[6], `O'\''Brien`)
		s.Press("j", "c", "f")
		assert.Equal(t, "[1,2]", s.copied[7], "what is in it, in one line")
		s.Press("home", "down", "down", "c", "f")
		s.Shows("copied field Received")
		s.Press("c", "esc")
		s.Shows("Received")
		s.resize(60, 15)
		s.Press("c")
		s.Shows("esc leave")
	})
	within(t, 80, 24, aDay, func(s *screen) {
		s.Press("3", "down", "down", "down", "down", "enter", "c", "u")
		s.Shows("no command: its headers are not kept")
	})
}

func TestTheRequestIsSaved(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "event-1.http")
	within(t, 120, 30, taken, func(s *screen) {
		s.Press("3", "enter", "w")
		s.Shows("save the request as event-1.http")
		s.Press("x")
		s.Shows("save the request as x_") // typing replaces the proposal
		s.Press("esc", "esc", "w", "left", "x")
		s.Shows("save the request as event-1.httxp") // other keys edit it
		s.Press("esc", "enter")
		s.Shows("give the name of a file")
		s.Paste("~/event-1.http")
		s.Press("enter")
		s.Shows("saved as ", "up42hooks verify --now 2026-03-14T11:59:00")
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.True(t, strings.HasPrefix(string(content), "POST /receive-webhooks HTTP/1.1\r\n"))
		info, err := os.Stat(file)
		require.NoError(t, err)
		if runtime.GOOS != "windows" { // where Go makes up the permissions
			assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
		}

		require.NoError(t, os.WriteFile(file, []byte("mine"), 0o600))
		again := func(answer string) {
			s.Press("w", "esc")
			s.Paste(file)
			s.Press("enter")
			s.Shows("replace ", "It is there already.")
			s.Press(answer)
		}
		again("esc")
		content, err = os.ReadFile(file)
		require.NoError(t, err)
		assert.Equal(t, "mine", string(content))
		again("enter")
		content, err = os.ReadFile(file)
		require.NoError(t, err)
		assert.NotEqual(t, "mine", string(content))
		s.Press("w", "esc")
		s.Paste("/nowhere/at/all")
		s.Press("enter")
		s.Shows("✕ not saved: ", "name another file", "save the request as /nowhere/at/all_")
		s.Press("esc")
		s.Paste(file)
		s.Press("enter", "enter")
		s.Shows("saved as ")
	}, func(o *tui.Options) { o.Home = dir })
}

func TestOpenInAProgram(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("reads the file's name from the arguments of a shell of Unix")
	}
	var run *exec.Cmd
	var content, mode string
	var fails error
	environment := map[string]string{"EDITOR": "my-editor -w", "PAGER": "my-pager"}
	lend := func(o *tui.Options) {
		o.Getenv = func(name string) string { return environment[name] }
		o.Lend = func(p *exec.Cmd, then func(error) tea.Msg) tea.Cmd {
			return func() tea.Msg {
				run = p
				file := p.Args[len(p.Args)-1]
				raw, _ := os.ReadFile(file)
				info, _ := os.Stat(file)
				folder, _ := os.Stat(filepath.Dir(file))
				content, mode = string(raw), info.Mode().String()+" "+folder.Mode().String()
				return then(fails)
			}
		}
		o.Browse = func(_ context.Context, url string) error {
			if strings.Contains(url, id(1)) {
				return nil
			}
			return errors.New("another order")
		}
		o.Console = "https://console.example.com/orders/{id}"
	}
	within(t, 100, 30, taken, func(s *screen) {
		s.Press("3", "enter", "o")
		s.Shows("e  editor", "my-editor -w (EDITOR)", "p  pager", "my-pager", "c  UP42's console", "https://console.example.com/orders/"+id(1))
		s.Golden("open-menu-100x30")
		s.Press("e")
		s.Shows("back from the editor")
		require.NotNil(t, run)
		assert.Equal(t, []string{"sh", "-c", `my-editor -w "$1"`, "editor"}, run.Args[:4])
		assert.Contains(t, content, "\r\n\r\n{\"event\"")
		assert.Equal(t, "-rw------- drwx------", mode)
		assert.NoFileExists(t, run.Args[4])
		fails = errors.New("signal: killed")
		s.Press("o", "p")
		s.Shows(`the pager "my-pager" failed: signal: killed`)
		assert.NotContains(t, content, "\r")
		s.Press("o", "c")
		s.Shows("opened https://console.example.com/orders/" + id(1))
	}, lend)
	within(t, 100, 30, taken, func(s *screen) {
		s.Press("enter", "o", "c")
		s.Shows("set it with --console-url")
		s.Press("o", "e")
		s.Shows("there is no terminal for it")
	})
	within(t, 100, 30, taken, func(s *screen) {
		s.Press("enter", "o", "c")
		s.ShowsWords("copied the link, as there is no desktop here: https://console.example.com")
		assert.Equal(t, []string{"https://console.example.com/" + id(1)}, s.copied)
	}, func(o *tui.Options) { o.Console = "https://console.example.com/{id}" })
	within(t, 100, 30, func() *memory {
		l := newMemory()
		l.Add(with(order(1, "PLACED", time.Minute), func(e *receiver.Event) {
			e.Raw = []byte(`{"body":{"api":"https://api.up42.com/` + id(1) + `","bad":"https://console.up42.com.example.com/` + id(1) + `","link":"https://console.up42.com/x/` + id(1) + `"}}`)
		}))
		return l
	}, func(s *screen) {
		s.Press("enter", "o")
		s.Shows("https://console.up42.com/x/" + id(1))
	})
}

// Where the terminal takes it, the id of an order is a link to its page at UP42.
func TestTheIDIsALinkToTheConsole(t *testing.T) {
	const url = "\x1b]8;;https://console.up42.com/orders/259d5858-04ab-4d68-9f2e-000000000001\x1b\\"
	for _, size := range [][2]int{{80, 24}, {160, 45}} {
		look := func(o theme.Options, console string) func(*tui.Options) {
			return func(opts *tui.Options) { opts.Theme, opts.Console = theme.New(o), console }
		}
		linked := func(console string, o theme.Options) (links int) {
			within(t, size[0], size[1], aDay, func(s *screen) {
				s.Press("2", "enter", "/", "259d", "enter")
				links = strings.Count(s.View(), url)
				s.Press("esc", "esc", "3", "enter", "down", "down", "down", "down")
				links += strings.Count(s.View(), url)
				assert.Equal(t, strings.Count(s.View(), "\x1b]8;;\x1b\\"), strings.Count(s.View(), "\x1b]8;;h"), "each link ends")
			}, look(o, console))
			return links
		}
		const console = "https://console.up42.com/orders/{id}"
		assert.Positive(t, linked(console, theme.Options{Profile: termenv.TrueColor, Links: true}))
		assert.Zero(t, linked(console, theme.Options{Profile: termenv.TrueColor}))
		assert.Zero(t, linked(console, theme.Options{Mono: true, Links: true}))
		assert.Zero(t, linked("", theme.Options{Profile: termenv.TrueColor, Links: true}))
		assert.Zero(t, linked("https://console.up42.com/\x1b]0;x\x07{id}", theme.Options{Profile: termenv.TrueColor, Links: true}))
	}
}
