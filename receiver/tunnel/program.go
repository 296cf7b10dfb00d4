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

// Program is a supported tunnel program.
type Program string

// The programs.
const (
	Cloudflared Program = "cloudflared"
	Ngrok       Program = "ngrok"
)

// Programs returns all supported programs.
func Programs() []Program { return []Program{Cloudflared, Ngrok} }

// find returns the absolute path of the program. Path may be empty: then the program is
// looked up in PATH. The error says how to install it.
func (p Program) find(path string) (string, error) {
	var install string
	switch p {
	case Cloudflared:
		install = "see https://developers.cloudflare.com/cloudflare-one/connections/connect-networks/downloads (macOS: brew install cloudflared)"
	case Ngrok:
		install = "see https://ngrok.com/download, then sign in with `ngrok config add-authtoken`"
	default:
		return "", fmt.Errorf("unknown tunnel program %q: want %s or %s", string(p), Cloudflared, Ngrok)
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

// args returns the arguments for a tunnel to an address of this machine.
func (p Program) args(address string) []string {
	if p == Ngrok {
		return []string{"http", address, "--log", "stdout", "--log-format", "json"}
	}
	return []string{"tunnel", "--no-autoupdate", "--url", "http://" + address}
}

// dialable returns the address at which a listener can be reached from this machine.
func dialable(listen string) (string, error) {
	host, port, err := net.SplitHostPort(listen)
	if err != nil || port == "" || port == "0" {
		return "", fmt.Errorf("a tunnel needs an address like 127.0.0.1:9888, not %q", listen)
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

// report is the content of a line of output: a public URL, an error, or nothing.
type report struct{ url, problem string }

func (p Program) parse(line string) report {
	if p == Ngrok {
		return parseNgrok(line)
	}
	return parseCloudflared(line)
}

// quickTunnel matches the line that has the URL of a tunnel, in a box. Lines with errors
// have other URLs of the same domain.
var quickTunnel = regexp.MustCompile(`(?:^|[\s|])(https://[a-z0-9-]+\.trycloudflare\.com)/?(?:[\s|]|$)`)

func parseCloudflared(line string) report {
	if m := quickTunnel.FindStringSubmatch(line); m != nil && m[1] != "https://api.trycloudflare.com" {
		return report{url: m[1]}
	}
	for _, mark := range []string{" ERR ", " FTL "} {
		if _, what, ok := strings.Cut(line, mark); ok {
			return report{problem: what}
		}
	}
	// Errors before the log starts have no mark.
	if what, ok := strings.CutPrefix(line, "failed to "); ok {
		return report{problem: "failed to " + what}
	}
	return report{}
}

var ngrokCode = regexp.MustCompile(`ERR_NGROK_[0-9]+`)

// parseNgrok shows only the code of an error that has one, because the text of one error
// repeats the user's token.
func parseNgrok(line string) report {
	if code := ngrokCode.FindString(line); code != "" {
		return report{problem: code + ": see https://ngrok.com/docs/errors/" + strings.ToLower(code)}
	}
	var l struct{ Msg, Obj, URL, Err string }
	if json.Unmarshal([]byte(line), &l) != nil {
		return report{}
	}
	if u, err := url.Parse(l.URL); err == nil && u.Scheme == "https" && u.Host != "" && (l.Msg == "started tunnel" || l.Obj == "tunnels") {
		return report{url: strings.TrimSuffix(u.Scheme+"://"+u.Host+u.EscapedPath(), "/")}
	}
	if l.Err != "" && l.Err != "<nil>" && l.Err != "nil" {
		return report{problem: l.Err}
	}
	return report{}
}
