package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config/environment"
	"github.com/up42/up42-webhooks/receiver/notify"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/program"
	"github.com/up42/up42-webhooks/tui/theme"
)

func TestErrorsInStructuresHaveALine(t *testing.T) {
	for file, want := range map[string]string{
		"filters: final":                              "config.yaml:1: want lines",
		"filters:\n  F9: final":                       `config.yaml:2: unknown setting "F9"`,
		"filters:\n  F1: final\n  F1: final":          "F1 is set twice",
		"filters:\n  F1:":                             "config.yaml:2: want one value",
		"filters:\n  F1: final\n  F2: \"stats:OK\"\n": `config.yaml:3: filters: F2: "stats": no such key; in quotes it is text; did you mean "status"?`,

		"keys: i":                        "config.yaml:1: want lines",
		"keys:\n  sortt: i":              `config.yaml:2: unknown setting "sortt": did you mean "sort"?`,
		"keys:\n  sort: oo":              `config.yaml:2: keys: "oo" is no key`,
		"keys:\n  sort: ctrl+c":          "config.yaml:2: keys: ctrl+c can't have another meaning",
		"keys:\n  sort: alt+x":           "config.yaml:2: keys: \"alt+x\": alt can't be used",
		"keys:\n  sort: [i, i]":          "i is given twice",
		"keys:\n  sort: y":               "config.yaml:2: keys: sort: y is also the key of copy (copy id): give one of them another key",
		"keys:\n  sort: i\n  pause: i\n": "config.yaml:3: keys: pause: i is also the key of sort (sort): give one of them another key",
		"keys:\n  webhooks.test: c":      "webhooks.test: c is also the key of webhooks.create",
		"keys:\n  sort: i\n  sort: I":    "sort is set twice",
		"keys:\n  accept: enter\n":       "accept: enter is also the key of keep",
		"keys:\n  webhooks.create: q\n":  "webhooks.create: q is also the key of quit",

		"commands: jq":                                        "config.yaml:1: want lines",
		"commands:\n  y: jq":                                  "config.yaml:2: commands: y is the key of copy (copy id): take another key, or give copy another one in keys:",
		"commands:\n  F1: jq":                                 "config.yaml:2: commands: F1 is the key of saved-1",
		"commands:\n  JJ: jq":                                 `config.yaml:2: commands: "JJ" is no key`,
		"commands:\n  J: jq\n  J: jq":                         "J is set twice",
		"commands:\n  J: []":                                  "config.yaml:2: commands: want a program",
		"commands:\n  J: {name: x}":                           "config.yaml:2: commands: want run: PROGRAM",
		"commands:\n  J:\n    rn: x":                          `config.yaml:3: unknown setting "rn": did you mean "run"?`,
		"commands:\n  J: {run: x, screen: 1}":                 "config.yaml:2: commands: screen: want true or false",
		"commands:\n  J: {run: x, screen: true, timeout: 9s}": "config.yaml:2: commands: a program with screen: true has no timeout",
		"commands:\n  J:\n    run: x\n    timeout: 9h":        "config.yaml:4: commands: timeout: want a duration from 1s to 1h",

		"columns: status":                                       "config.yaml:1: want lines",
		"columns:\n  order: [status]":                           `config.yaml:2: unknown setting "order": did you mean "orders"?`,
		"columns:\n  tasks: [status]":                           `unknown setting "tasks"; it must be one of orders, jobs, events, undelivered, webhooks`,
		"columns:\n  jobs: [status]\n  jobs: age":               "config.yaml:3: jobs is set twice",
		"columns:\n  orders: []":                                "config.yaml:2: columns: want at least one column",
		"columns:\n  orders:\n  - status\n  - host\n  - status": "config.yaml:5: columns: status is given twice",
		"columns:\n  orders:\n  - status\n  - aeg":              `config.yaml:4: columns: orders has no column "aeg": did you mean "age"?`,
		"columns:\n  undelivered:\n  - x":                       `config.yaml:3: columns: undelivered has no column "x"; it must be one of target, number, order/job, status, tries, since, reason`,

		"themes: dark":                                    "config.yaml:1: want lines",
		"themes:\n  dark: {base: light}":                  "config.yaml:2: themes: there is a theme dark already",
		"themes:\n  auto: {base: light}":                  "config.yaml:2: themes: there is a theme auto already",
		"themes:\n  My Own: {base: light}":                "config.yaml:2: themes: want a name of",
		"themes:\n  a: {base: dark}\n  a: {base: dark}":   "config.yaml:3: a is set twice",
		"themes:\n  a: dark":                              "config.yaml:2: want lines",
		"themes:\n  a:\n    accent: \"#fff000\"":          "config.yaml:3: themes: want base: with one of dark, light, stage, nord",
		"themes:\n  a:\n    base: drak":                   `config.yaml:3: themes: unknown base "drak": did you mean "dark"?`,
		"themes:\n  a:\n    base: high-contrast":          `config.yaml:3: themes: unknown base "high-contrast"; it must be one of dark`,
		"themes:\n  a:\n    base: dark\n    acent: x":     `config.yaml:4: unknown setting "acent": did you mean "accent"?`,
		"themes:\n  a:\n    base: dark\n    dim: red":     `config.yaml:4: themes: dim: want a colour of six digits in quotes, like "#8ccbff"`,
		"themes:\n  a:\n    base: dark\n    dim: #123456": "config.yaml:4: themes: dim: want a colour",
		"themes:\n  a:\n    base: dark\n    dim: \"#12\"": "config.yaml:4: themes: dim: want a colour",

		"notify: bell":                                                                  "config.yaml:1: want a list",
		"notify:\n- when: final":                                                        "config.yaml:2: notify: want do:",
		"notify:\n- do: bel":                                                            `email: did you mean "bell"?`,
		"notify:\n- do: [bell, bell]":                                                   "bell is given twice",
		"notify:\n- do: bell\n  wen: final":                                             `config.yaml:3: unknown setting "wen": did you mean "when"?`,
		"notify:\n- do: bell\n  when: kind:ordr":                                        `config.yaml:3: notify: when: "ordr": kind: want order or job`,
		"notify:\n- do: file":                                                           "needs file: NAME",
		"notify:\n- do: bell\n  url: https://chat.example/hidden":                       "the other way round",
		"notify:\n- do: bell\n  line: x":                                                "line: is for do: file",
		"notify:\n- do: bell\n  quiet: at night":                                        "config.yaml:3: notify: quiet:",
		"notify:\n- do: bell\n  every: often":                                           "config.yaml:3: notify: every: want a duration",
		"notify:\n- do: bell\n  do: post":                                               "do is set twice",
		"notify:\n- do: email":                                                          "do: email needs email: with server, from and to",
		"notify:\n- do: bell\n  email: {server: x, from: a, to: b}":                     "the other way round",
		"notify:\n- do: email\n  email: ada@example.com":                                "config.yaml:3: want lines",
		"notify:\n- do: email\n  email: {sever: x}":                                     `unknown setting "sever": did you mean "server"?`,
		"notify:\n- do: email\n  email: {from: a, to: b}":                               "config.yaml:3: notify: email: want server: HOST:PORT",
		"notify:\n- do: email\n  email: {server: x, from: a}":                           "want from: ADDRESS and to: ADDRESS",
		"notify:\n- do: email\n  email: {server: x, from: a, to: b, tls: on}":           "want tls: starttls, implicit or none",
		"notify:\n- do: email\n  email: {server: x, from: a, to: b, password-file: /p}": "password-file needs username",
	} {
		_, _, err := load(t, file, nil)
		assert.ErrorContains(t, err, want, file)
	}
}

func TestNotifyRules(t *testing.T) {
	c, values, err := load(t, `
notify:
  - name: orders
    when: final kind:order
    do: [desktop, bell]
    quiet: 22:00-07:00
    every: 1m
  - when: is:failed
    do: post
    url: https://chat.example/hidden
    body: '{"text": "{text}"}'
  - do: file
    file: /tmp/x
    line: "{id}"
`, nil)
	require.NoError(t, err)
	require.Len(t, c.Notify, 3)
	quiet, err := notify.ParseHours("22:00-07:00")
	require.NoError(t, err)
	assert.Equal(t, "final kind:order", c.Notify[0].When.String())
	c.Notify[0].When = nil
	assert.Equal(t, config.NotifyRule{Name: "orders", Do: []string{"desktop", "bell"}, Quiet: quiet, Every: time.Minute}, c.Notify[0])
	assert.Equal(t, "is:failed", c.Notify[1].Name, "a rule without a name is called by what it is about")
	assert.Equal(t, []string{"https://chat.example/hidden", `{"text": "{text}"}`}, []string{c.Notify[1].URL, c.Notify[1].Body})
	assert.Equal(t, []string{"/tmp/x", "{id}"}, []string{c.Notify[2].File, c.Notify[2].Line})
	for _, v := range values {
		assert.NotContains(t, v.Text, "hidden")
		if v.Name == "notify" {
			assert.Equal(t, "3 set", v.Text)
		}
	}
}

func TestOwnKeys(t *testing.T) {
	c, values, err := load(t, `
keys:
  sort: i
  page-down: [pgdn, ctrl+f]
  copy: s
  left: left
  pause: []
`, nil)
	require.NoError(t, err)
	assert.Equal(t, keys.Own{"sort": {"i"}, "page-down": {"pgdown", "ctrl+f"}, "copy": {"s"}, "left": {"left"}, "pause": {}}, c.Own.Keys)
	for _, v := range values {
		if v.Name == "keys" {
			assert.Equal(t, "5 set", v.Text)
		}
	}
}

func TestOwnCommands(t *testing.T) {
	c, _, err := load(t, `
keys:
  copy: Q
commands:
  y: jq .
  ctrl+k:
    name: look at it
    run: [less, "-S", "a b"]
    timeout: 5m
  U: {run: less, screen: true}
`, nil)
	require.NoError(t, err)
	assert.Equal(t, []program.Command{
		{Key: "y", Run: []string{"jq", "."}},
		{Key: "ctrl+k", Name: "look at it", Run: []string{"less", "-S", "a b"}, Timeout: 5 * time.Minute},
		{Key: "U", Run: []string{"less"}, Screen: true},
	}, c.Own.Commands)
}

func TestOwnColumns(t *testing.T) {
	c, values, err := load(t, `
columns:
  orders: [age, name, order]
  jobs: job
  events: [status or reason, webhook]
  webhooks: [url, last test]
`, nil)
	require.NoError(t, err)
	assert.Equal(t, map[string][]string{
		"orders": {"age", "name", "order"}, "jobs": {"job"}, "events": {"status or reason", "webhook"}, "webhooks": {"url", "last test"},
	}, c.Own.Columns)
	for _, v := range values {
		if v.Name == "columns" {
			assert.Equal(t, "4 set", v.Text)
		}
	}
}

func TestOwnThemes(t *testing.T) {
	const file = `
themes:
  mine:
    base: nord
    accent: "#FFFFEE"
    waiting: ffffff
  faint:
    base: light
    dim: "#cccccc"
    cursor: "#0d1620"
theme: mine
`
	c, values, err := load(t, file, nil)
	require.NoError(t, err)
	assert.Equal(t, theme.Own{Base: "nord", Colours: map[string]string{"accent": "#ffffee", "waiting": "#ffffff"}}, c.Own.Themes["mine"])
	assert.Equal(t, "mine", c.Theme)
	assert.Empty(t, c.Warnings)
	for _, v := range values {
		switch v.Name {
		case "themes":
			assert.Equal(t, "2 set", v.Text)
		case "theme":
			assert.Equal(t, "mine", v.Text)
		}
	}
	c, _, err = load(t, file, map[string]string{"UP42_THEME": "faint"})
	require.NoError(t, err)
	warnings := strings.Join(c.Warnings, "\n")
	assert.Contains(t, warnings, "theme faint: dim (#cccccc) has a contrast of 1.4 to 1 on #fbf1c7, less than 4.5: it is hard to read")
	assert.Contains(t, warnings, "theme faint: on-cursor (#0d1620) has a contrast of 1.0 to 1 under the cursor, on #0d1620")
	_, _, err = load(t, file, map[string]string{"UP42_THEME": "mien"})
	require.ErrorContains(t, err, `want auto, dark, light, stage, nord, gruvbox, dracula, high-contrast, faint or mine: did you mean "mine"?`)
	for _, base := range theme.Bases() {
		c, _, err = load(t, "themes: {mine: {base: "+base+"}}\ntheme: mine", nil)
		require.NoError(t, err)
		assert.Empty(t, c.Warnings, base)
	}
}

// A receiver that opened and closed its store for something else would lose its locks on it.
func TestTheStoreIsNoOtherFile(t *testing.T) {
	dir := t.TempDir()
	store, link := filepath.Join(dir, "events.db"), filepath.Join(dir, "link")
	require.NoError(t, os.WriteFile(store, []byte("secret: x"), 0o600))
	require.NoError(t, os.Link(store, link))
	for _, name := range []string{"config", "secret-file", "credentials", "forward-creds", "stream-creds", "stream-nkey", "stream-login", "stream-ca", "stream-cert", "stream-key", "ssh-keys", "log"} {
		_, _, err := load(t, "", map[string]string{"UP42_STORE": store, environment.Name(name): link})
		require.ErrorContains(t, err, "(from "+environment.Name(name)+"): "+link+" is the store itself: name another file")
	}
	_, _, err := load(t, "", map[string]string{"UP42_STORE": store, "UP42_PASSWORD_FILE": link})
	require.ErrorContains(t, err, link+" is the store itself")
	for _, field := range []string{"ca-file: " + link, "username: u, password-file: " + link} {
		_, _, err := load(t, "notify:\n- {do: email, email: {server: x, from: a, to: b, "+field+"}}", map[string]string{"UP42_STORE": store})
		require.ErrorContains(t, err, "notify: all events: "+link+" is the store itself")
	}
	_, _, err = load(t, "", map[string]string{"UP42_STORE": store, "UP42_LOG": store + "-wal"})
	require.ErrorContains(t, err, "belongs to the store")
}
