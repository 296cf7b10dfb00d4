package tunnel

import (
	"fmt"
	"os"
	"path/filepath"
)

// Advice returns what the owner of the program's configuration should know before its first
// tunnel, "" if there is nothing. A tunnel of ours is a quick one: it has a new URL at each
// start. cloudflared applies the rules of its configuration also to quick tunnels.
func (p Program) Advice() string {
	if p != Cloudflared {
		return ""
	}
	const named = "run `cloudflared tunnel run NAME` yourself, and start up42hooks with --public-url https://HOST instead of --tunnel"
	home, err := os.UserHomeDir()
	if err != nil {
		home = "/"
	}
	for _, dir := range []string{
		filepath.Join(home, ".cloudflared"), filepath.Join(home, ".cloudflare-warp"), filepath.Join(home, "cloudflare-warp"),
		"/etc/cloudflared", "/usr/local/etc/cloudflared",
	} {
		for _, name := range []string{"config.yml", "config.yaml"} {
			if file := filepath.Join(dir, name); exists(file) {
				return fmt.Sprintf("%s is the configuration of a named tunnel, and its rules also apply to the tunnel that up42hooks starts: %s", file, named)
			}
		}
	}
	if cert := filepath.Join(home, ".cloudflared", "cert.pem"); exists(cert) {
		return fmt.Sprintf("cloudflared is signed in (%s): for a named tunnel, whose URL stays, %s", cert, named)
	}
	return ""
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

// withAdvice adds the advice to the error of a tunnel that was never open.
func (p Program) withAdvice(err error) error {
	if advice := p.Advice(); advice != "" {
		return fmt.Errorf("%w; %s", err, advice)
	}
	return err
}
