package tunnel

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os/exec"
	"path/filepath"
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

// args returns the arguments for a tunnel to an address of this machine. The level of the log
// is given because the program's own configuration may hide what we look for.
func (p Program) args(address string) []string {
	if p == Ngrok {
		return []string{"http", address, "--log", "stdout", "--log-format", "json", "--log-level", "info"}
	}
	return []string{"tunnel", "--no-autoupdate", "--loglevel", "info", "--url", "http://" + address}
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

// report is what a line of output says. It may say nothing.
type report struct {
	// url is the public URL.
	url string
	// problem is an error.
	problem string
	// up and down say that a connection to the provider carries requests from now on, or
	// none any more. Programs that have several name them.
	up, down   bool
	connection string
}

func (p Program) parse(line string) report {
	if p == Ngrok {
		return parseNgrok(line)
	}
	return parseCloudflared(line)
}
