package tunnel

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

var ngrokCode = regexp.MustCompile(`ERR_NGROK_[0-9]+`)

// What ngrok logs about its session. Without a session ngrok connects again by itself.
var (
	ngrokUp   = []string{"client session established", "tunnel session started", "started tunnel"}
	ngrokDown = []string{"session closed, starting reconnect loop", "failed to reconnect session", "heartbeat timeout, terminating session"}
)

func parseNgrok(line string) report {
	var l struct{ Msg, Obj, URL, Err string }
	if json.Unmarshal([]byte(line), &l) != nil {
		return report{problem: ngrokProblem(line)}
	}
	r := report{up: slices.Contains(ngrokUp, l.Msg), down: slices.Contains(ngrokDown, l.Msg)}
	if u, err := url.Parse(l.URL); err == nil && u.Scheme == "https" && u.Host != "" && (l.Msg == "started tunnel" || l.Obj == "tunnels") {
		r.url, r.up = strings.TrimSuffix(u.Scheme+"://"+u.Host+u.EscapedPath(), "/"), true
		return r
	}
	switch r.problem = ngrokProblem(line); {
	case r.problem != "":
	case l.Err != "" && l.Err != "<nil>" && l.Err != "nil":
		r.problem = l.Err
	case r.down:
		r.problem = l.Msg
	}
	return r
}

// ngrokProblem returns only the code of an error that has one, because the text of one error
// repeats the user's token.
func ngrokProblem(text string) string {
	code := ngrokCode.FindString(text)
	if code == "" {
		return ""
	}
	return code + ": see https://ngrok.com/docs/errors/" + strings.ToLower(code)
}
