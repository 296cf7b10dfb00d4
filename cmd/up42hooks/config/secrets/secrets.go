// Package secrets looks for secrets of the configuration that are probably not what their
// owner means. It changes nothing.
package secrets

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/up42/up42-webhooks/client/secretcheck"
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config/paths"
	"github.com/up42/up42-webhooks/receiver/forward"
)

// Finding is a problem of a secret or of a file. It names where that is, and never the secret.
type Finding struct {
	Where string
	secretcheck.Problem
}

// String says where the problem is, and what it is.
func (f Finding) String() string { return f.Where + " " + f.What }

// Check returns the problems of all secrets that a configuration names, and of the files that
// they are in. Files that can't be read have none: whoever needs them says that.
func Check(env cli.Env, c *config.Config) (out []Finding) {
	for _, g := range c.Given {
		for i, value := range g.Values {
			where := fmt.Sprintf("%s (from %s)", g.Setting, g.Origin)
			if len(g.Values) > 1 {
				where = fmt.Sprintf("%s number %d (from %s)", g.Setting, i+1, g.Origin)
			}
			out = append(out, findings(where, problemsOf(c, g.Setting, value))...)
		}
		if g.LineEnd {
			out = append(out, Finding{fmt.Sprintf("%s (from %s)", g.Setting, g.Origin), secretcheck.Problem{
				What: "ends with a line end", Todo: "Nothing: a line end after the last secret does not count.", Harmless: true,
			}})
		}
		if g.File != "" {
			out = append(out, findings(g.File, secretcheck.File(g.File))...)
		}
	}
	if c.SecretFile != "" {
		out = append(out, aboutLines(c.SecretFile)...)
	}
	if generated := config.GeneratedSecretFile(env); generated != "" {
		out = append(out, aboutLines(generated)...)
	}
	if c.Credentials != "" {
		out = append(out, aboutCredentials(c.Credentials)...)
	}
	for _, file := range forwardFiles(env, c) {
		out = append(out, findings(file, secretcheck.Privacy(file))...)
	}
	if open := secretcheck.Privacy(c.File); len(open) > 0 && config.FileHoldsSecret(c.File) {
		out = append(out, findings(c.File, open)...)
	}
	return out
}

// Typed returns the problems of a text that somebody gave for a setting: a secret or a password. There
// may be several secrets, one a line.
func Typed(setting, text string) (out []Finding) {
	values := []string{text}
	if setting == "secret" {
		values = slices.DeleteFunc(strings.Split(strings.TrimRight(text, "\r\n"), "\n"), func(line string) bool { return strings.TrimSpace(line) == "" })
	}
	for i, value := range values {
		where := "the value"
		if len(values) > 1 {
			where = fmt.Sprintf("value %d", i+1)
		}
		out = append(out, findings(where, problemsOf(&config.Config{}, setting, strings.TrimSuffix(value, "\r")))...)
	}
	return out
}

// forwardFiles are the files with passwords of forward targets.
func forwardFiles(env cli.Env, c *config.Config) (files []string) {
	if c.ForwardCreds != "" {
		files = append(files, c.ForwardCreds)
	}
	for _, text := range c.ForwardTo {
		u, err := url.Parse(text)
		if err != nil || !strings.HasPrefix(u.Scheme, "postgres") {
			continue
		}
		home := paths.Home(env.Getenv)
		for _, file := range []string{
			cmp.Or(u.Query().Get("passfile"), env.Getenv("PGPASSFILE"), filepath.Join(home, ".pgpass")),
			cmp.Or(u.Query().Get("servicefile"), env.Getenv("PGSERVICEFILE"), filepath.Join(home, ".pg_service.conf")),
			u.Query().Get("sslkey"),
		} {
			if file != "" && !slices.Contains(files, file) {
				files = append(files, file)
			}
		}
	}
	return files
}

func findings(where string, problems []secretcheck.Problem) (out []Finding) {
	for _, p := range problems {
		out = append(out, Finding{where, p})
	}
	return out
}

// problemsOf returns the problems of the value of a setting.
func problemsOf(c *config.Config, setting, value string) []secretcheck.Problem {
	switch setting {
	case "username":
		return secretcheck.Spelling(value)
	case "token":
		return secretcheck.Text(strings.TrimSpace(value)) // as it is used
	case "basic-auth", "forward-auth":
		user, password, _ := strings.Cut(value, ":")
		out := secretcheck.Spelling(value)
		for _, p := range append(secretcheck.Spelling(user), secretcheck.Text(password)...) {
			if !slices.Contains(out, p) {
				out = append(out, p)
			}
		}
		return out
	case "forward-secret":
		return aboutForwardSecret(c, value)
	case "secret":
		return aboutSecret(value)
	default:
		return secretcheck.Text(value)
	}
}

// aboutSecret knows that a secret of white space does not count.
func aboutSecret(value string) []secretcheck.Problem {
	if value != "" && strings.TrimSpace(value) == "" {
		return []secretcheck.Problem{{What: "has only white space, and counts as not set", Todo: "Write the secret of the webhook at UP42, or remove it."}}
	}
	return secretcheck.New(value)
}

// aboutForwardSecret knows that a secret of Standard Webhooks has a prefix.
func aboutForwardSecret(c *config.Config, value string) []secretcheck.Problem {
	switch {
	case !strings.HasPrefix(value, forward.StandardPrefix):
		return secretcheck.New(value)
	case slices.Contains(c.ForwardFormats, forward.StandardWebhooks):
		return nil // the target checks its form
	default:
		return []secretcheck.Problem{{
			What: "is a secret of Standard Webhooks, which signs our own header only",
			Todo: "If a target verifies Standard Webhooks, add --forward-format " + string(forward.StandardWebhooks) + ".", Harmless: true,
		}}
	}
}

// aboutLines checks a file that has a secret on each line.
func aboutLines(file string) []Finding {
	out := findings(file, secretcheck.File(file))
	content, ok := secretcheck.Read(file)
	if !ok || secretcheck.IsUTF16(content) {
		return out // each line of UTF-16 would be told
	}
	n := 0
	for line := range strings.Lines(strings.TrimPrefix(string(content), "\ufeff")) {
		n++
		if line = strings.TrimRight(line, "\r\n"); strings.TrimSpace(line) == "" {
			continue // it counts for nothing
		}
		out = append(out, findings(fmt.Sprintf("%s line %d", file, n), secretcheck.New(line))...)
	}
	return out
}

// aboutCredentials checks a file with a user name and a password.
func aboutCredentials(file string) []Finding {
	out := findings(file, secretcheck.Privacy(file))
	content, ok := secretcheck.Read(file)
	if !ok {
		return out
	}
	if secretcheck.IsUTF16(content) {
		return append(out, findings(file, secretcheck.Content(content))...)
	}
	var in struct{ Username, Password string }
	if json.Unmarshal(bytes.TrimPrefix(content, []byte("\ufeff")), &in) != nil {
		return out
	}
	out = append(out, findings("the username in "+file, secretcheck.Spelling(in.Username))...)
	return append(out, findings("the password in "+file, secretcheck.Text(in.Password))...)
}
