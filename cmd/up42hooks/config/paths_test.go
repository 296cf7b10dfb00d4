package config_test

import (
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A path of the file is below the folder of the file, any other below the working folder.
func TestPathsOfTheFile(t *testing.T) {
	c, values, err := load(t, `
store: d/events.db
secret-file: ~/secrets
backup: /backup/events.db
exec: bin/tell
commands: {J: ~/bin/a --x, K: {run: [bin/b, ~/c]}, M: ../d, ctrl+k: jq .}
forward-to: ["postgres://h/d?passfile=~/pass&sslrootcert=ca.pem"]
notify:
  - {do: file, file: ~/notices.txt}
  - {do: email, email: {server: "smtp.example.com:587", from: a@example.com, to: b@example.com, username: a, ca-file: ca.pem, password-file: ../password}}
`, map[string]string{"UP42_CREDENTIALS": "~/c.json", "UP42_STREAM_CA": "ca.pem"}, "--log=~/l.log", "--ssh-keys", "keys")
	require.NoError(t, err)
	folder := filepath.Dir(c.File)
	home := filepath.Dir(filepath.Dir(folder))
	wd, err := os.Getwd()
	require.NoError(t, err)
	for got, want := range map[string]string{
		c.Store: filepath.Join(folder, "d", "events.db"), c.SecretFile: filepath.Join(home, "secrets"), c.Backup: whole(t, "/backup/events.db"),
		c.Exec: filepath.Join(folder, "bin", "tell"), c.Own.Commands[0].Run[0]: filepath.Join(home, "bin", "a"), c.Own.Commands[1].Run[0]: filepath.Join(folder, "bin", "b"),
		c.Own.Commands[1].Run[1]: "~/c", c.Own.Commands[2].Run[0]: filepath.Join(filepath.Dir(folder), "d"), c.Own.Commands[3].Run[0]: "jq",
		c.ForwardTo[0]: "postgres://h/d?passfile=" + url.QueryEscape(filepath.Join(home, "pass")) + "&sslrootcert=" + url.QueryEscape(filepath.Join(folder, "ca.pem")), c.Notify[0].File: filepath.Join(home, "notices.txt"),
		c.Notify[1].Email.CAFile: filepath.Join(folder, "ca.pem"), c.Notify[1].Email.PasswordFile: filepath.Join(filepath.Dir(folder), "password"),
		c.Credentials: filepath.Join(home, "c.json"), c.Log: filepath.Join(home, "l.log"),
		c.Stream.CA: filepath.Join(wd, "ca.pem"), c.SSHKeys: filepath.Join(wd, "keys"),
	} {
		assert.Equal(t, want, got)
	}
	for _, v := range values {
		if v.Name == "store" {
			assert.Equal(t, c.Store, v.Text, "the whole path is shown")
		}
	}

	c, _, err = load(t, "exec: tell\n", nil)
	require.NoError(t, err)
	assert.Equal(t, "tell", c.Exec, "a program of PATH")
}

func TestVariablesInPathsAreRefused(t *testing.T) {
	const replaced = "nothing replaces $HOME in a path: write the whole path, or begin it with ~/"
	for file, want := range map[string]string{
		"commands: {J: $HOME/tell}\n":                     `commands: J: run: "$HOME/tell" (from `,
		"forward-to: postgres://h/d?passfile=$HOME/p\n":   "config.yaml:1): passfile: " + replaced,
		"store: ~ada\n":                                   "nothing replaces ~ada in a path",
		"log: '~'\n":                                      "~ is the home, which is a folder: name a file in it, like ~/file",
		"store: $HOME/events.db\n":                        `config.yaml:1): ` + replaced,
		"exec: $HOME/tell\n":                              `config.yaml:1): ` + replaced,
		"secret-file: ~ada/secrets\n":                     "nothing replaces ~ada in a path",
		"notify: [{do: file, file: $HOME/n.txt}]\n":       `notify: all events: "$HOME/n.txt" (from `,
		"theme: $dark\nstore: /s/events.db\npath: /$in\n": "theme: ",
	} {
		_, _, err := load(t, file, nil)
		assert.ErrorContains(t, err, want, file)
	}
	for name, want := range map[string]string{
		"UP42_STORE":           `store: "$HOME/x" (from UP42_STORE): ` + replaced,
		"UP42_CONFIG":          `config: "$HOME/x" (from UP42_CONFIG): ` + replaced,
		"UP42_BASIC_AUTH_FILE": "basic-auth (from UP42_BASIC_AUTH_FILE): " + replaced,
	} {
		_, _, err := load(t, "", map[string]string{name: "$HOME/x"})
		assert.EqualError(t, err, want)
	}
}
