package config_test

import (
	"io"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config/environment"
	"github.com/up42/up42-webhooks/tui/theme"
)

// load loads the settings from a file with this content (none if it is empty), these
// variables and these arguments.
func load(t *testing.T, file string, env map[string]string, args ...string) (*config.Config, []config.Value, error) {
	t.Helper()
	home := t.TempDir()
	if file != "" {
		dir := filepath.Join(home, ".config", "up42hooks")
		require.NoError(t, os.MkdirAll(dir, 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(dir, "config.yaml"), []byte(file), 0o600))
	}
	flags := pflag.NewFlagSet("test", pflag.ContinueOnError)
	config.AddFlags(flags)
	require.NoError(t, flags.Parse(args))
	getenv := func(name string) string {
		if name == "HOME" {
			return home
		}
		return env[name]
	}
	c, values, err := config.Load(flags, cli.Env{Getenv: getenv, Stderr: io.Discard})
	if c != nil {
		c.Given = nil // the settings have the same values
	}
	return c, values, err
}

// whole is a path from the root with the drive, which Windows adds.
func whole(t *testing.T, path string) string {
	t.Helper()
	path, err := filepath.Abs(path)
	require.NoError(t, err)
	return path
}

func TestDefaults(t *testing.T) {
	state, configured := whole(t, "/state"), whole(t, "/config")
	c, values, err := load(t, "", map[string]string{"XDG_STATE_HOME": state, "XDG_CONFIG_HOME": configured})
	require.NoError(t, err)
	assert.Equal(t, &config.Config{
		File: filepath.Join(configured, "up42hooks", "config.yaml"), LogFormat: "text", Listen: "127.0.0.1:9888", Path: "/receive-webhooks", Store: filepath.Join(state, "up42hooks", "events.db"),
		MaxAge: 5 * time.Minute, MaxMessageAge: 24 * time.Hour, MaxFuture: time.Minute, MaxBody: 1 << 20, BodyMemory: 16 << 20, MaxConnections: 512, Theme: config.Auto, Color: "auto",
		Region: "eu", ClientID: "up42-sdk", Log: filepath.Join(state, "up42hooks", "up42hooks.log"), GiveUp: 24 * time.Hour, Tunnel: config.NoTunnel, Stream: config.Stream{Name: "UP42", Ack: config.AckLocal},
	}, c)
	assert.Len(t, values, len(config.Names()))
	for _, v := range values {
		assert.Equal(t, "default", v.Origin, v.Name)
	}
}

func TestEachSettingFromEachOrigin(t *testing.T) {
	c, _, err := load(t, `
path: /file
secret: [one, "", "  ", two]
components: date, digest
max-age: 90s
max-message-age: 2d
max-body: 2MB
body-memory: 32MiB
max-connections: 1000
trusted-proxy: [127.0.0.1, "10.1.2.3/8"]
require-digest: yes
high-contrast: true
color: never
theme: light
username: me@example.com
password: "from the file"
api-url: https://api.example.com/base
auth-url: https://auth.example.com
region: eu
admin: 127.0.0.1:9889
keep: 90d
forward-to: [https://a.example/in, "http://127.0.0.1:1/"]
give-up: 2d
accept-partial: true
keep-events: 1000000
filters: {F1: "status:FAILED kind:order", F4: final}
log: /l/up42hooks.log
log-format: json
log-level: warn
`, map[string]string{
		"UP42_FORWARD_AUTH": "f:p", "UP42_FORWARD_SECRET": "shared",
		"UP42_LISTEN": ":1", "UP42_BASIC_AUTH": "me:pass:word", "UP42_PUBLIC_URL": "https://hooks.example.com/x",
		"UP42_REGION": "sa", "UP42_AUTH_URL": "http://127.0.0.1:4242/", "UP42_CLIENT_ID": " up42-api\n", "UP42_WORKSPACE_ID": "7f3a1c00", "UP42_PASSWORD": "hush", "UP42_TOKEN": "t.o-k_e=n\n",
	},
		"--path=/flag", "--store", "/s/e.db", "--allow-unsigned", "--secret-file", "/secrets", "--require-digest=false",
		"--credentials", "/c.json", "--exec", "notify-me", "--forward-unsigned", "--tunnel=ngrok", "--tunnel-webhook", "--stream-ack=team", "--stream-replicas", "3")
	require.NoError(t, err)
	c.File = "" // in a temporary folder
	assert.Equal(t, &config.Config{
		FileRead: true, LogFormat: "json", LogLevel: slog.LevelWarn, Listen: ":1", Path: "/flag", Store: whole(t, "/s/e.db"), Secrets: []string{"one", "", "", "two"}, SecretFile: whole(t, "/secrets"),
		AllowUnsigned: true, Components: []string{"date", "digest"}, MaxAge: 90 * time.Second, MaxMessageAge: 48 * time.Hour, MaxFuture: time.Minute,
		MaxBody: 2_000_000, BodyMemory: 32 << 20, MaxConnections: 1000,
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32"), netip.MustParsePrefix("10.0.0.0/8")}, BasicAuth: "me:pass:word", PublicURL: "https://hooks.example.com/x", Theme: theme.Light, HighContrast: true, Color: "never",
		Region: "sa", APIURL: "https://api.example.com/base", AuthURL: "http://127.0.0.1:4242/", ClientID: "up42-api", Workspace: "7f3a1c00", Credentials: whole(t, "/c.json"),
		Username: "me@example.com", Password: "hush", Token: "t.o-k_e=n", Admin: "127.0.0.1:9889", Keep: 90 * 24 * time.Hour, KeepEvents: 1_000_000,
		ForwardTo: []string{"https://a.example/in", "http://127.0.0.1:1/"}, ForwardAuth: "f:p", ForwardSecret: "shared",
		Exec: "notify-me", GiveUp: 48 * time.Hour, AcceptPartial: true, ForwardUnsigned: true, Tunnel: "ngrok", TunnelWebhook: true,
		Stream:  config.Stream{Name: "UP42", Ack: config.AckTeam, Replicas: 3, Idle: []config.Idle{{Setting: "stream-ack", Origin: "--stream-ack", Flag: true}, {Setting: "stream-replicas", Origin: "--stream-replicas", Flag: true}}},
		Filters: [4]string{"status:FAILED kind:order", "", "", "final"}, Log: whole(t, "/l/up42hooks.log"),
	}, c)
}

func TestSecretsOfOneOriginOnly(t *testing.T) {
	const file = "secret: file"
	env := map[string]string{"UP42_WEBHOOK_SECRET": "a, b"}
	c, _, err := load(t, file, env, "--secret", "x,y", "--secret", "z")
	require.NoError(t, err)
	assert.Equal(t, []string{"x,y", "z"}, c.Secrets)
	c, _, err = load(t, file, env)
	require.NoError(t, err)
	assert.Equal(t, []string{"a, b"}, c.Secrets, "a secret may hold a comma")
	c, _, err = load(t, file, nil)
	require.NoError(t, err)
	assert.Equal(t, []string{"file"}, c.Secrets)
}

func TestBadValues(t *testing.T) {
	for arg, want := range map[string]string{
		"--forward-to=example.com":        "want URLs",
		"--forward-to=https://u:p@x.test": "without a password",
		"--tunnel=localtunnel":            "want none, cloudflared or ngrok",
		"--keep=90":                       "like 90d",
		"--keep=0d":                       "number of days",
		"--keep=-5d":                      "number of days",
		"--keep-events=0":                 "from 1 on",
		"--keep-events=many":              "from 1 on",
		"--filter=kind:ordr":              `did you mean "order"`,
		"--final=maybe":                   "want",
		"--listen=9888":                   "HOST:PORT",
		"--listen=localhost:http":         "HOST:PORT",
		"--listen=:70000":                 "HOST:PORT",
		"--path=":                         "want a path",
		"--path=/a?b":                     "want a path",
		"--path=//host/a":                 "want a path",
		"--path=https://host/a":           "want a path",
		"--path=ping/":                    "choose another",
		"--path=/favicon.ico":             "choose another",
		"--store=":                        "name of a file",
		"--max-age=5":                     "want a duration",
		"--max-age=-5m":                   "want a duration",
		"--max-future=-1s":                "want a duration",
		"--max-message-age=24":            "like 90d or 36h",
		"--max-message-age=-24h":          "like 90d or 36h",
		"--max-message-age=0":             "like 90d or 36h",
		"--max-body=lots":                 "want a size",
		"--max-body=1GiB":                 "want a size",
		"--body-memory=1KiB":              "want a size",
		"--max-connections=1":             "want a number",
		"--trusted-proxy=localhost":       "want addresses",
		"--components=date,Digest":        "lower case",
		"--components=date,date":          "once",
		"--basic-auth=me":                 "USER:PASS",
		"--basic-auth=:pass":              "USER:PASS",
		"--public-url=example.com":        "want a URL",
		"--public-url=ftp://example.com":  "want a URL",
		"--public-url=https://a:b@c.test": "without a password",
		"--region=mars":                   "want eu or sa",
		"--api-url=http://api.up42.com":   "this machine only",
		"--api-url=api.up42.com":          "want a URL",
		"--auth-url=https://a:b@c.test":   "want a URL",
		"--auth-url=https://c.test/?a=b":  "want a URL",
		"--workspace=a b":                 "id of a workspace",
		"--client-id=a b":                 "id of a client, like up42-sdk",
		"--client-id= ":                   "id of a client",
		"--credentials=":                  "name of a file",
		"--admin=9889":                    "HOST:PORT",
		"--log-format=xml":                "want text or json",
		"--log-level=all":                 "want debug, info",
		"--theme=dim":                     "want auto, dark",
		"--high-contrast=maybe":           "true or false",
	} {
		_, _, err := load(t, "", nil, arg)
		name, _, _ := strings.Cut(strings.TrimPrefix(arg, "--"), "=")
		if assert.ErrorContains(t, err, want, arg) {
			assert.True(t, strings.HasPrefix(err.Error(), name), "it names the setting: %v", err)
			assert.Contains(t, err.Error(), "from --"+name)
		}
	}
}

// No content of the file makes Load panic.
func FuzzFile(f *testing.F) {
	for _, s := range []string{
		"", "---\n", "listen: :1", "secret: [a, b]", "secret: *hush", "? [a]\n: b", "a: &a [*a]", "<<: *x", "secret: {hush: hush}",
		"secret: [hush, [hush]]", "--- a\n--- b", "secret:\n  - hush\n - hush", "components: hush, hush", "basic-auth: hush", "\x00", "!!binary hush",
		"secret: !hush", "a: ! b", "{secret:hush}", "? !x [a]\n: b", "\xff", "\ufeff!a", "&a", "a: *", "a: \"\\u12\"", "commands: {J:x}",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, file string) {
		c, _, err := load(t, file, nil)
		assert.Equal(t, err == nil, c != nil)
	})
}

// No text of a variable makes Load panic.
func FuzzVariable(f *testing.F) {
	names := config.Names()
	for i := range names {
		for _, text := range []string{"\n", " \r\n", " , \n", "{a: !hush b}\n"} {
			f.Add(uint8(i), text)
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, text string) {
		name := names[int(which)%len(names)]
		c, _, err := load(t, "", map[string]string{environment.Name(name): text})
		assert.Equal(t, err == nil, c != nil, name)
	})
}

// A URL with a password may be given to any setting by mistake, and a URL of a setting may be wrong in any way.
func TestErrorsHaveNoPasswordOfAURL(t *testing.T) {
	for _, name := range config.Names() {
		for _, value := range []string{"https://u:hush@h/{id}", "htp://u:hush@h/", "https://u:hush@h h/", "://u:hush@h/", "u:hush@h/", "https://u:hu%zzhush@h/", "tls://u:hush/"} {
			_, _, err := load(t, "", map[string]string{environment.Name(name): value})
			if err != nil && name != "config" {
				assert.NotContains(t, err.Error(), "hush", name)
			}
		}
	}
	for name, value := range map[string]string{
		"console-url": "https://h/{id}/%zz?hush", "public-url": "https:///hush", "api-url": "https:hush", "auth-url": "//hush", "forward-to": "hush", "stream": "nats:hush",
		"notify": "[{do: hush, url: x}]",
	} {
		_, _, err := load(t, "", map[string]string{environment.Name(name): value})
		if assert.Error(t, err, name) {
			assert.NotContains(t, err.Error(), "hush", name)
		}
	}
}

func TestErrorsHaveNoSecret(t *testing.T) {
	for _, file := range []string{
		"secret: *hush", "secret: {hush: hush}", "secret: [hush, [hush]]", "secret: 'hush", "secret: \"hush\\q\"", "secret: hush: hush",
		"basic-auth: hush", "secret: @hush", "secret: %hush", "secret: `hush", "secret: hush\n\tsecret: hush", "secret: &hush",
		"secret: !hush", "secret: ! hush", "secret: [!hush, def]", "secret: !!binary hush", "secret: &x !hush a", "{secret:hush}", "{secret hush}", "{secret=hush}", "secret:hush: x",
		"secret: \"a\\hush\"", "# caf\xe9\nsecret: hush", "secret: hush\x00", "{secret：hush}", "{\"secret:hush\": x}", "notify: [{do: post, url:https://h/hush}]",
		"notify: [{do: email, email: {password:hush}}]", "commands: {J:\"jq --token hush\"}", "commands: {J jq --token hush}", "commands: {J: {run:hush}}", "? [hush]\n: hush",
	} {
		_, _, err := load(t, file, nil)
		if assert.Error(t, err, file) {
			assert.NotContains(t, err.Error(), "hush", file)
		}
	}
}

// A value of which YAML takes a part for something else is refused, with its line and what to do.
func TestMistakesInYAML(t *testing.T) {
	const special = "a value begins with a special character: put it in quotation marks"
	for file, want := range map[string]string{
		"secret: !MYSECRET\n":                     ":1: " + special,
		"path: /a\nsecret:\n  - abc\n  - ! def\n": ":4: " + special,
		"\uFEFFsecret: !abc\n":                    ":1: " + special,
		"secret: !!binary aGVsbG8=\n":             ":1: " + special,
		"secret: &abc\n":                          ":1: " + special,
		"path: /a\nsecret: *abc\n":                ":2: " + special,
		"# a *b\nsecret: [*abc]\n":                ":2: " + special,
		"notify: !x [{do: bell}]\n":               ":1: " + special,
		"!x path: /a\n":                           ":1: " + special,
		"filters: {F1: !x final}\n":               ":1: " + special,
		"secret: \"abc\\defg\"\n":                 `:1: found unknown escape character: within " a \ begins an escape: use ' instead, or write \\`,
		"path: /a\nsecret: \"ab\\x4z\"\n":         `:2: did not find expected hexdecimal number: within " a \ begins an escape: use ' instead, or write \\`,
		"path: /a\n# f\xfcr\n":                    ":2: it has a character that is not UTF-8: save it as UTF-8",
		"path: /a\r\nsecret: a\x00b\n":            ":2: it has a control character (U+0000): remove the control character",
		"path: /a\n\n\nsecret: a\x1b[0m\n":        ":4: it has a control character (U+001B): remove the control character",
		"{secret:abc}\n":                          ":1: want a space after the colon: `secret: …`",
		"{path: /a,\n secret=abc}\n":              ":2: want a colon and a space after the name: `secret: …`",
		"{lisetn:abc}\n":                          `:1: unknown setting "lisetn": did you mean "listen"?`,
		"notify: [{do: post, url:https://h/abc}]": ":1: want a space after the colon: `url: …`",
		"notify:\n- {do: bell, password:abc}":     `:2: unknown setting "password"; it must be one of name, `,
		"commands: {J:\"jq --token abc\"}":        ":1: commands: want a key, a colon and a space: `J: …`",
		"<<: {path: /a}":                          ":1: unknown setting; it must be one of ",
		"listen: :1\n---\nlisten: :2\n":           ": want one YAML document, but there are more",
	} {
		_, _, err := load(t, file, nil)
		if assert.Error(t, err, file) {
			_, said, _ := strings.Cut(err.Error(), "config.yaml")
			assert.True(t, strings.HasPrefix(said, want), "%q: %v", file, err)
		}
	}
	for _, file := range []string{"secret: '!abc'", `secret: "!abc"`, "secret: a!bc", "secret: a&b*c", "secret: [&a abc, def]", "# !x &y *z\nsecret: abc", "secret: |\n  !abc"} {
		_, _, err := load(t, file, nil)
		assert.NoError(t, err, file)
	}
	for text, want := range map[string]string{
		"!x [{do: bell}]":                 "UP42_NOTIFY:1: " + special,
		"[{do: bell}]\n---\n[{do: file}]": "UP42_NOTIFY: want one YAML document, but there are more",
		"[{do: post, url:https://h/abc}]": "UP42_NOTIFY:1: want a space after the colon: `url: …`",
		"[{do: bell, name: \"a\xfcb\"}]":  "UP42_NOTIFY:1: it has a character that is not UTF-8: save it as UTF-8",
	} {
		_, _, err := load(t, "", map[string]string{"UP42_NOTIFY": text})
		assert.EqualError(t, err, want)
	}
}

func TestPasswordsHaveNoFlag(t *testing.T) {
	flags := pflag.NewFlagSet("test", pflag.ContinueOnError)
	config.AddFlags(flags)
	for _, name := range []string{"username", "password", "token"} {
		assert.Contains(t, config.Names(), name)
		assert.Nil(t, flags.Lookup(name), name)
		assert.Panics(t, func() { config.AddFlags(flags, name) })
	}
}

func TestSecretsOfUP42AreNotShown(t *testing.T) {
	_, values, err := load(t, "password: hush\ntoken: hush", nil)
	require.NoError(t, err)
	for _, v := range values {
		assert.NotContains(t, v.Text, "hush", v.Name)
	}
	for env, value := range map[string]string{"UP42_TOKEN": "hush hush", "UP42_PASSWORD": " ", "UP42_API_URL": "http://me:hush@api.up42.com"} {
		_, _, err := load(t, "", map[string]string{env: value})
		if assert.ErrorContains(t, err, env) {
			assert.NotContains(t, err.Error(), "hush")
		}
	}
}
