package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/pflag"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
)

// variableValues are a good and a bad value for each setting. No value is bad for some.
var variableValues = map[string][2]string{
	"config": {"none"}, "listen": {":1", "9888"}, "path": {"/in", "/in?x"}, "store": {"/s/e.db"}, "backup": {"/s/b.db"}, "replicated": {"true", "perhaps"}, "keep": {"90d", "90"}, "keep-events": {"9", "many"},
	"secret": {"hush"}, "secret-file": {"/secrets"}, "allow-unsigned": {"true", "perhaps"}, "require-digest": {"TRUE", "yes"},
	"components": {"date, digest", "Date"}, "max-age": {"90s", "90"}, "max-message-age": {"2d", "24"}, "max-future": {"0", "-1s"},
	"max-body": {"2MiB", "lots"}, "body-memory": {"32MiB", "1KiB"}, "max-connections": {"100", "1"}, "trusted-proxy": {"127.0.0.1,10.0.0.0/8", "localhost"},
	"basic-auth": {"me:pass", "me"}, "public-url": {"https://a.example", "a.example"}, "console-url": {"https://a.example/{id}", "https://a.example/id"}, "events": {"order.status"}, "statuses": {"FULFILLED,CAPTURED"},
	"final": {"true", "last"}, "filter": {"is:failed", "kind:ordr"}, "forward-to": {"https://a.example/a https://b.example/b", "a.example"},
	"forward-auth": {"me:pass", "me"}, "forward-secret": {"hush", " "}, "forward-creds": {"/c.creds", "/c/"}, "forward-format": {"standard-webhooks, cloudevents", "plain,standard-webhooks"}, "forward-own-host": {"true", "own"}, "exec": {"./import", " "}, "give-up": {"2d", "2"},
	"stream": {"nats://a.example:4222,tls://b.example", "https://a.example"}, "stream-ack": {"team", "all"}, "stream-name": {"UP42-test", "a.b"}, "stream-replicas": {"3", "9"},
	"stream-keep": {"90d", "90"}, "stream-member": {"receiver-1", "a b"}, "stream-creds": {"/c.creds"}, "stream-nkey": {"/n.seed"}, "stream-login": {"/login"},
	"stream-ca": {"/ca.pem"}, "stream-cert": {"/c.pem"}, "stream-key": {"/c.key"},
	"accept-partial": {"1", "2"}, "forward-unsigned": {"true", "-"}, "tunnel": {"ngrok", "localtunnel"}, "tunnel-webhook": {"true", "?"},
	"region": {"sa", "mars"}, "api-url": {"https://a.example", "http://a.example"}, "auth-url": {"https://a.example", "a"}, "client-id": {"up42-api", "a b"},
	"workspace": {"7f3a1c00", "a b"}, "credentials": {"/c.json"}, "username": {"me", " "}, "password": {"hush", " "}, "token": {"hush", "a b"}, "smtp-password": {"hush", " "},
	"filters": {`{F1: "is:failed"}`, "{F9: final}"}, "keys": {"{sort: i}", "{sort: ii}"}, "commands": {"{J: jq .}", "{J: {run: []}}"}, "columns": {"{orders: [status, age]}", "{orders: [size]}"}, "notify": {"[{do: bell, when: final}]", "[{do: ring}]"}, "admin": {":9889", "9889"}, "ssh": {":2222", "2222"}, "ssh-keys": {"/k/keys", "/k/"},
	"log": {"/l/log"}, "log-format": {"json", "xml"}, "log-level": {"debug", "all"}, "themes": {"{mine: {base: dark}}", "{mine: {base: drak}}"}, "theme": {"dark", "blue"}, "high-contrast": {"true", "much"}, "no-motion": {"true", "much"}, "no-mouse": {"true", "much"}, "color": {"never", "sometimes"},
}

func TestEachSettingHasAVariable(t *testing.T) {
	for _, name := range config.Names() {
		t.Run(name, func(t *testing.T) {
			values, ok := variableValues[name]
			require.True(t, ok, "add values for the setting")
			variable := "UP42_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
			if name == "config" {
				values[0] = filepath.Join(t.TempDir(), "config.yaml")
				require.NoError(t, os.WriteFile(values[0], nil, 0o600))
			}
			_, all, err := load(t, "", map[string]string{variable: values[0]})
			require.NoError(t, err)
			for _, v := range all {
				if v.Name == name {
					assert.Equal(t, variable, v.Origin)
				} else {
					assert.Equal(t, "default", v.Origin, v.Name)
				}
			}
			if values[1] == "" {
				return
			}
			_, _, err = load(t, "", map[string]string{variable: values[1]})
			require.ErrorContains(t, err, variable)
			assert.Regexp(t, `like |want |did you mean |must be one of |it is empty`, err.Error())
		})
	}
}

func TestListsInVariables(t *testing.T) {
	c, _, err := load(t, "", map[string]string{
		"UP42_FORWARD_TO": "https://a.example/x,y?q=1,2, https://b.example\nhttp://127.0.0.1:1", "UP42_SECRET": "a, b\r\nc\n", "UP42_EVENTS": " order.status ,job.status,",
	})
	require.NoError(t, err)
	assert.Equal(t, []string{"https://a.example/x,y?q=1,2", "https://b.example", "http://127.0.0.1:1"}, c.ForwardTo)
	assert.Equal(t, []string{"a, b", "c"}, c.Secrets)
	assert.Equal(t, []string{"order.status", "job.status"}, c.Events)
}

// A list of white space only has no value: the file counts.
func TestListsOfWhiteSpaceCountAsNotSet(t *testing.T) {
	for name, value := range map[string]string{
		"events": "order.status", "statuses": "FULFILLED", "components": "date", "trusted-proxy": "127.0.0.1", "stream": "nats://a.example",
		"forward-format": "cloudevents", "forward-to": "https://a.example", "secret": "abc",
	} {
		variable := "UP42_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
		for _, blank := range []string{" ", "\n", " \n", "\r\n", "\t\n "} {
			_, values, err := load(t, name+": "+value+"\n", map[string]string{variable: blank})
			require.NoError(t, err, "%s=%q", variable, blank)
			for _, v := range values {
				if v.Name == name {
					assert.Contains(t, v.Origin, "config.yaml:1", "%s=%q", variable, blank)
				}
			}
		}
	}
	_, _, err := load(t, "", map[string]string{"UP42_SECRET": " ", "UP42_WEBHOOK_SECRET": "abc"})
	assert.NoError(t, err, "one of them is set")
}

func TestStructuresInVariables(t *testing.T) {
	c, _, err := load(t, "", map[string]string{
		"UP42_NOTIFY": `[{when: "is:failed", do: post, url: "https://chat.example/x"}]`, "UP42_FILTERS": "F1: is:failed\nF2: final",
	})
	require.NoError(t, err)
	require.Len(t, c.Notify, 1)
	assert.Equal(t, "https://chat.example/x", c.Notify[0].URL)
	assert.Equal(t, [4]string{"is:failed", "final"}, c.Filters)
	for value, want := range map[string]string{
		"[{do: bel}]": `UP42_NOTIFY:1: notify: do: want bell, desktop, file, post or email: did you mean "bell"?`,
		"bell":        "UP42_NOTIFY:1: want a list",
		"[{do: post}": "UP42_NOTIFY:1: did not find expected ',' or ']'",
		"# nothing":   "UP42_NOTIFY: it has no value",
	} {
		_, _, err := load(t, "", map[string]string{"UP42_NOTIFY": value})
		assert.ErrorContains(t, err, want, value)
	}
}

// Containers get secrets as files.
func TestSecretsInFilesThatVariablesName(t *testing.T) {
	file := func(content string) string {
		name := filepath.Join(t.TempDir(), "value")
		require.NoError(t, os.WriteFile(name, []byte(content), 0o600))
		return name
	}
	c, _, err := load(t, "", map[string]string{
		"UP42_PASSWORD_FILE": file("hush hush\n"), "UP42_TOKEN_FILE": file("t.o-k\r\n"), "UP42_BASIC_AUTH_FILE": file("me:pass"),
		"UP42_FORWARD_AUTH_FILE": file("f:p\n"), "UP42_FORWARD_SECRET_FILE": file("shared\n"), "UP42_WEBHOOK_SECRET_FILE": "/run/secrets/webhooks",
	})
	require.NoError(t, err)
	assert.Equal(t, []string{"hush hush", "t.o-k", "me:pass", "f:p", "shared", whole(t, "/run/secrets/webhooks")},
		[]string{c.Password.Reveal(), c.Token.Reveal(), c.BasicAuth, c.ForwardAuth, c.ForwardSecret.Reveal(), c.SecretFile})
	for _, tc := range []struct {
		env  map[string]string
		want string
	}{
		{map[string]string{"UP42_STREAM": "nats://me:hush@a.example"}, "--stream-login"},
		{map[string]string{"UP42_PASSWORD_FILE": "/none/such"}, "password (from UP42_PASSWORD_FILE): /none/such can't be there: there is no folder " + whole(t, "/none")},
		{map[string]string{"UP42_PASSWORD_FILE": file("\n")}, "is empty; write the value into it"},
		{map[string]string{"UP42_BASIC_AUTH_FILE": file("hush")}, "basic-auth (from UP42_BASIC_AUTH_FILE): want USER:PASS"},
		{map[string]string{"UP42_PASSWORD_FILE": "/x", "UP42_PASSWORD": "hush"}, "UP42_PASSWORD and UP42_PASSWORD_FILE are both set: keep one"},
		{map[string]string{"UP42_SECRET": "hush", "UP42_WEBHOOK_SECRET": "hush"}, "UP42_SECRET and UP42_WEBHOOK_SECRET are both set: keep one"},
	} {
		_, _, err := load(t, "", tc.env)
		if assert.ErrorContains(t, err, tc.want) {
			assert.NotContains(t, err.Error(), "hush")
		}
	}
}

func TestVariablesThatAreNearASettingAreRefused(t *testing.T) {
	load := func(environ ...string) error {
		env := cli.Env{Getenv: func(string) string { return "" }, Environ: func() []string { return environ }}
		_, _, err := config.Load(new(pflag.FlagSet), env)
		return err
	}
	assert.NoError(t, load("UP42_PROJECT_ID=1", "UP42_PROJECT_API_KEY=hush", "UP42_DISABLE_VERSION_CHECK=1", "HOME=/", "UP42_ENV=prod"))
	assert.EqualError(t, load("UP42_REQUIRE_DIGETS=true"), "UP42_REQUIRE_DIGETS is not a setting; did you mean UP42_REQUIRE_DIGEST?")
	assert.EqualError(t, load("UP42_SECRETS=hush", "UP42_LISTNE=:1"),
		"UP42_LISTNE is not a setting; did you mean UP42_LISTEN? UP42_SECRETS is not a setting; did you mean UP42_SECRET?")
}

func TestDefaultsThatThereIsNoFolderFor(t *testing.T) {
	env := cli.Env{Getenv: func(string) string { return "" }}
	c, values, err := config.Load(new(pflag.FlagSet), env)
	require.NoError(t, err)
	assert.Equal(t, []string{"", "", ""}, []string{c.File, c.Store, c.Log})
	for _, v := range values {
		if v.Name == "store" {
			assert.Equal(t, "none: neither XDG_STATE_HOME nor HOME names a folder", v.Text)
		}
	}
	for _, name := range []string{"store", "log"} {
		_, _, err := config.Load(new(pflag.FlagSet), env, name)
		assert.ErrorContains(t, err, name+": no default: ")
		assert.ErrorContains(t, err, "; give --"+name+" or set UP42_"+strings.ToUpper(name))
	}
}
