package tunnel

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// Program is a tunnel program that is known here.
type Program string

// The programs.
const (
	Cloudflared Program = "cloudflared"
	Ngrok       Program = "ngrok"
)

// Programs are all of them.
func Programs() []Program { return []Program{Cloudflared, Ngrok} }

// find is the program's path; path names one that is not in PATH. The error says
// how to install it.
func (p Program) find(path string) (string, error) {
	var install string
	switch p {
	case Cloudflared:
		install = "https://developers.cloudflare.com/cloudflare-one/connections/connect-networks/downloads says how (macOS: brew install cloudflared)"
	case Ngrok:
		install = "https://ngrok.com/download says how, and to sign in with `ngrok config add-authtoken`"
	default:
		return "", fmt.Errorf("%q is no tunnel program that is known here: want %s or %s", string(p), Cloudflared, Ngrok)
	}
	if path == "" {
		path = string(p)
	}
	found, err := exec.LookPath(path)
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return "", fmt.Errorf("%s is not installed: %s", p, install)
	case err != nil:
		return "", fmt.Errorf("%s can't be run: %w", p, errors.Unwrap(err))
	}
	if found, err = filepath.Abs(found); err != nil {
		return "", fmt.Errorf("find %s: %w", p, err)
	}
	return found, nil
}

// args are those for a tunnel to an address of this machine.
func (p Program) args(address string) []string {
	if p == Ngrok {
		return []string{"http", address, "--log", "stdout", "--log-format", "json"}
	}
	return []string{"tunnel", "--no-autoupdate", "--url", "http://" + address}
}

// dialable is an address to connect to for one to listen on.
func dialable(listen string) (string, error) {
	host, port, err := net.SplitHostPort(listen)
	if err != nil || port == "" || port == "0" {
		return "", fmt.Errorf("a tunnel leads to an address like 127.0.0.1:9888; %q is none", listen)
	}
	ip, err := netip.ParseAddr(host)
	switch {
	case host == "", err == nil && ip.IsUnspecified() && ip.Is4():
		host = "127.0.0.1"
	case err == nil && ip.IsUnspecified():
		host = "::1"
	}
	return net.JoinHostPort(host, port), nil
}

// news is what a line of a program's output says: a public URL, or what is
// wrong.
type news struct{ url, wrong string }

func (p Program) read(line string) news {
	if p == Ngrok {
		return readNgrok(line)
	}
	return readCloudflared(line)
}

// A quick tunnel's URL stands in a box of its own. Other addresses of the same
// domain are those of errors.
var quickTunnel = regexp.MustCompile(`(?:^|[\s|])(https://[a-z0-9-]+\.trycloudflare\.com)/?(?:[\s|]|$)`)

func readCloudflared(line string) news {
	if m := quickTunnel.FindStringSubmatch(line); m != nil && m[1] != "https://api.trycloudflare.com" {
		return news{url: m[1]}
	}
	for _, mark := range []string{" ERR ", " FTL "} {
		if _, what, ok := strings.Cut(line, mark); ok {
			return news{wrong: what}
		}
	}
	// Before it logs, it prints what stops it.
	if what, ok := strings.CutPrefix(line, "failed to "); ok {
		return news{wrong: "failed to " + what}
	}
	return news{}
}

var ngrokCode = regexp.MustCompile(`ERR_NGROK_[0-9]+`)

// readNgrok leaves the words of an error with a code out: one of them repeats
// the token that it refuses.
func readNgrok(line string) news {
	if code := ngrokCode.FindString(line); code != "" {
		return news{wrong: code + ", which https://ngrok.com/docs/errors/" + strings.ToLower(code) + " explains"}
	}
	var l struct{ Msg, Obj, URL, Err string }
	if json.Unmarshal([]byte(line), &l) != nil {
		return news{}
	}
	if u, err := url.Parse(l.URL); err == nil && u.Scheme == "https" && u.Host != "" && (l.Msg == "started tunnel" || l.Obj == "tunnels") {
		return news{url: strings.TrimSuffix(u.Scheme+"://"+u.Host+u.EscapedPath(), "/")}
	}
	if l.Err != "" && l.Err != "<nil>" && l.Err != "nil" {
		return news{wrong: l.Err}
	}
	return news{}
}
