package outside

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver/reproduce"
	"github.com/up42/up42-webhooks/tui/menu"
	"github.com/up42/up42-webhooks/tui/text"
)

// CopyMenu offers what can be copied, or returns nil and says why nothing can be.
func (o *Outside) CopyMenu(s Shown) *menu.Menu {
	var items []menu.Item
	add := func(key, name, value, preview string, then func()) {
		if value == "" {
			return
		}
		items = append(items, menu.Item{Key: key, Name: name, Preview: preview, Do: func() tea.Cmd {
			cmd := o.o.Copy(value, name)
			if then != nil {
				then()
			}
			return cmd
		}})
	}
	value := text.Clean(s.Value, 0)
	add("f", "field "+text.Clean(s.Path, 40), value, value, nil)
	if strings.HasPrefix(s.Path, ".") {
		path := text.Clean(s.Path, 0)
		add("p", "its path", path, path, nil)
	}
	id := text.Clean(s.Key.ID, 0)
	add("i", "id", id, id, nil)
	if e := s.Event; e != nil {
		message := text.Clean(e.MessageID, 0)
		add("m", "message id", message, message, nil)
		add("b", "body", s.Body, s.Body, nil)
		request := clean(reproduce.Request(e))
		add("r", "whole request", request, strings.ReplaceAll(request, "\n", " "), nil)
		items = o.addCurl(items, s)
	}
	if len(items) == 0 {
		o.o.Say.Hint("nothing to copy yet: the details are being read")
		return nil
	}
	return &menu.Menu{Theme: o.o.Theme, Title: "copy", Items: items}
}

// addCurl adds the command that sends the delivery again. If the delivery can't be sent again, it says why.
func (o *Outside) addCurl(items []menu.Item, s Shown) []menu.Item {
	it := menu.Item{Key: "u", Name: "curl command"}
	command, err := reproduce.Curl(s.Event, o.o.URL())
	if err != nil {
		it.Preview = err.Error()
		it.Do = func() tea.Cmd {
			o.o.Say.Hint("no command: " + err.Error())
			return nil
		}
		return append(items, it)
	}
	it.Preview = "sends it again with its signature, which is soon too old"
	it.Do = func() tea.Cmd {
		return o.o.Copy(command, "a curl command with the signature as it was; the receiver rejects it as stale, or counts a duplicate")
	}
	return append(items, it)
}

// clean returns a request whose line ends are those of this system, with control characters
// written out, so that it can be pasted into a terminal.
func clean(raw []byte) string { return strings.Join(text.CleanLines(string(raw), 0), "\n") }
