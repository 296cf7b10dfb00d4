//go:build unix

package paths_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/config/paths"
)

func TestResolve(t *testing.T) {
	for text, want := range map[string]string{
		"/s/e.db": "/s/e.db", "e.db": "/etc/x/e.db", "./e.db": "/etc/x/e.db", "../e.db": "/etc/e.db", "d/": "/etc/x/d/", "": "",
		"~/e.db": "/home/ada/e.db", "~/d/": "/home/ada/d/", "~/": "/home/ada", "a$/b": "/etc/x/a$/b", "./~": "/etc/x/~", "./~e.db": "/etc/x/~e.db", "e.db~": "/etc/x/e.db~", "a/~/b": "/etc/x/a/~/b",
	} {
		got, err := paths.Resolve(text, "/etc/x", "/home/ada")
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
	}
	for text, want := range map[string]string{
		"$HOME/e.db": "nothing replaces $HOME in a path: write the whole path, or begin it with ~/", "/d/${STATE}/e.db": "nothing replaces ${STATE} in a path",
		"/d/$e.db": "nothing replaces $e in a path", "/d/${e": "nothing replaces ${e in a path", "~bob/e.db": "nothing replaces ~bob in a path: write the whole path",
		"~": "~ is the home, which is a folder: name a file in it, like ~/file", "~bob": "nothing replaces ~bob in a path: write the whole path, or ./ before a name that begins with ~",
	} {
		_, err := paths.Resolve(text, "/etc/x", "/home/ada")
		assert.ErrorContains(t, err, want, text)
	}
	_, err := paths.Resolve("~/e.db", "", "")
	require.EqualError(t, err, "~ is the home, but HOME names no folder: write the whole path")
	got, err := paths.Resolve("e.db", "", "")
	require.NoError(t, err)
	assert.Equal(t, "e.db", got, "of a flag or a variable")
}

func TestResolveProgram(t *testing.T) {
	for text, want := range map[string]string{"jq": "jq", "./jq": "/etc/x/jq", "bin/jq": "/etc/x/bin/jq", "~/jq": "/home/ada/jq", "/bin/jq": "/bin/jq"} {
		got, err := paths.ResolveProgram(text, "/etc/x", "/home/ada")
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
	}
}

func TestResolvePostgres(t *testing.T) {
	for text, want := range map[string]string{
		"postgres://h/d?table=t&passfile=~/x":             "postgres://h/d?table=t&passfile=%2Fhome%2Fada%2Fx",
		"postgresql://h/d?sslrootcert=ca.pem&sslkey=%2Fk": "postgresql://h/d?sslrootcert=%2Fetc%2Fx%2Fca.pem&sslkey=%2Fk",
		"postgres://h/d?sslcert=../c&servicefile=s":       "postgres://h/d?sslcert=%2Fetc%2Fc&servicefile=%2Fetc%2Fx%2Fs",
		"postgres://h/d?sslrootcert=system&passfile=":     "postgres://h/d?sslrootcert=system&passfile=",
		"postgres://h/d?table=~t&passfile=%zz":            "postgres://h/d?table=~t&passfile=%zz",
		"postgres://h/d":                                  "postgres://h/d",
		"https://h/d?passfile=~/x":                        "https://h/d?passfile=~/x",
	} {
		got, err := paths.ResolvePostgres(text, "/etc/x", "/home/ada")
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
	}
	_, err := paths.ResolvePostgres("postgres://h/d?sslrootcert=$HOME/x", "", "/home/ada")
	require.EqualError(t, err, "sslrootcert: nothing replaces $HOME in a path: write the whole path, or begin it with ~/")
	got, err := paths.ResolvePostgres("postgres://h/d?passfile=x", "", "/home/ada")
	require.NoError(t, err)
	assert.Equal(t, "postgres://h/d?passfile=x", got, "of a flag or a variable")
}
