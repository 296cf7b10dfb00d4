package outside

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"os/exec"
	"runtime"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/process"
	"github.com/up42/up42-webhooks/tui/command"
	"github.com/up42/up42-webhooks/tui/text"
)

// up42 is the domain of the pages that a link in a delivery may lead to.
const up42 = "up42.com"

// link is the page of an order in UP42's console: the one that the delivery names, or the
// configured one. It is empty if neither is known.
func (o *Outside) link(s Shown) (link, why string) {
	if s.Event != nil {
		if l := linkIn(s.Event.Raw, s.Key.ID); l != "" {
			return l, ""
		}
	}
	switch {
	case o.o.Private:
		return "", "the link to UP42's console is not shown now"
	case o.o.Console == "":
		return "", "the link to UP42's console is not known, as the delivery has none: set it with --console-url"
	}
	return strings.ReplaceAll(o.o.Console, "{id}", url.PathEscape(s.Key.ID)), ""
}

// Link is the page of an order in UP42's console, or "" if it is not known. It may be called from a
// command.
func (o *Outside) Link(k receiver.Key, e *receiver.Event) string {
	if k.Kind != receiver.Order {
		return ""
	}
	link, _ := o.link(Shown{Key: k, Event: e})
	return link
}

// linkIn finds a link to a page of UP42 about an order in a body.
func linkIn(raw []byte, id string) string {
	var all any
	if id == "" || json.Unmarshal(raw, &all) != nil {
		return ""
	}
	return find(all, id)
}

func find(v any, id string) string {
	switch v := v.(type) {
	case map[string]any:
		for _, x := range v {
			if l := find(x, id); l != "" {
				return l
			}
		}
	case []any:
		for _, x := range v {
			if l := find(x, id); l != "" {
				return l
			}
		}
	case string:
		if u, err := url.Parse(v); err == nil && isConsole(u) && strings.Contains(v, id) {
			return u.String()
		}
	}
	return ""
}

// isConsole reports whether a URL is that of a page of UP42 for people. The API's URLs are not.
func isConsole(u *url.URL) bool {
	host := u.Hostname()
	return u.Scheme == "https" && u.User == nil && strings.HasSuffix(host, "."+up42) && strings.HasPrefix(host, "console.")
}

// browse opens the page of an order. Where there is no desktop, it copies the link.
func (o *Outside) browse(s Shown) tea.Cmd {
	link, why := o.link(s)
	if link == "" {
		o.o.Say.Hint(why)
		return nil
	}
	shown := text.Clean(link, 0)
	start := o.o.Browse
	if start == nil {
		start = o.openInBrowser
	}
	end := o.o.Work.Begin("opening a page in the browser")
	return command.Ask(o.o.Run, func(ctx context.Context) error { return start(ctx, link) }, func(err error) tea.Cmd {
		end()
		if err == nil {
			o.o.Say.Info("opened " + shown)
			return nil
		}
		return o.o.Copy(shown, "the link, as "+err.Error()+": "+shown)
	})
}

var errNoDesktop = errors.New("there is no desktop here")

// openInBrowser starts the program of the desktop that opens links.
func (o *Outside) openInBrowser(ctx context.Context, link string) error {
	opener := []string{"xdg-open"}
	switch {
	case runtime.GOOS == "darwin":
		opener = []string{"open"}
	case runtime.GOOS == "windows":
		opener = []string{"rundll32", "url.dll,FileProtocolHandler"} // start would need a shell
	case o.o.Getenv("DISPLAY") == "" && o.o.Getenv("WAYLAND_DISPLAY") == "":
		return errNoDesktop
	}
	browser := exec.CommandContext(ctx, opener[0], append(opener[1:], link)...)
	browser.Env = process.Environment()
	if err := browser.Run(); err != nil {
		return errors.New("no browser could be started")
	}
	return nil
}
