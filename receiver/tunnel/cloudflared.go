package tunnel

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

// quickTunnel matches the line that has the URL of a tunnel, in a box. Lines with errors
// have other URLs of the same domain.
var quickTunnel = regexp.MustCompile(`(?:^|[\s|])(https://[a-z0-9-]+\.trycloudflare\.com)/?(?:[\s|]|$)`)

// These match what cloudflared logs about its connections. The URL is there before the first
// of them is.
var (
	registered = regexp.MustCompile(`^(?:Registered tunnel connection|Connection \S+ registered)\b`)
	lost       = regexp.MustCompile(`(?i)^(?:retrying connection in|connection terminated|unregistered tunnel connection|lost connection with the edge|serve tunnel error|failed to serve tunnel connection)\b`)
	index      = regexp.MustCompile(`\bconnIndex=(\d+)`)
)

// cloudflaredLevels are the levels in JSON, as the text has them.
var cloudflaredLevels = map[string]string{"info": "INF", "warn": "WRN", "error": "ERR", "fatal": "FTL", "panic": "FTL"}

func parseCloudflared(line string) report {
	level, what := cloudflaredLine(line)
	if what == "" {
		what = line
	}
	if m := quickTunnel.FindStringSubmatch(what); m != nil && m[1] != "https://api.trycloudflare.com" {
		return report{url: m[1]}
	}
	var r report
	if level == "ERR" || level == "FTL" || level == "WRN" && strings.Contains(what, "error=") {
		r.problem = what
	}
	if m := index.FindStringSubmatch(what); m != nil {
		r.connection = m[1]
		r.up, r.down = registered.MatchString(what), lost.MatchString(what)
	}
	return r
}

// cloudflaredLine separates the level of a line from its text. Errors before the log begins
// have no level.
func cloudflaredLine(line string) (level, what string) {
	var l struct {
		Level, Message, Error string
		ConnIndex             *int
	}
	// Its configuration or TUNNEL_LOG_OUTPUT may ask for JSON. A field of another type does not
	// matter.
	if err := json.Unmarshal([]byte(line), &l); err == nil || l.Message != "" {
		what = l.Message
		if l.Error != "" {
			what += fmt.Sprintf(" error=%q", l.Error)
		}
		if l.ConnIndex != nil {
			what += fmt.Sprintf(" connIndex=%d", *l.ConnIndex)
		}
		return cloudflaredLevels[l.Level], strings.TrimSpace(what)
	}
	for _, level := range []string{"INF", "WRN", "ERR", "FTL"} {
		if _, what, ok := strings.Cut(line, " "+level+" "); ok {
			return level, strings.TrimSpace(what)
		}
	}
	for _, begin := range []string{"failed to ", "error ", "Use `cloudflared "} {
		if strings.HasPrefix(line, begin) {
			return "ERR", line
		}
	}
	return "", ""
}
