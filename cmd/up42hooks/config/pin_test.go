package config_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/spf13/pflag"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
)

func TestPinWritesTheListIntoTheFile(t *testing.T) {
	for name, before := range map[string]string{
		"no file":             "",
		"settings, a comment": "# mine\nmax-age: 90s\n",
		"no last line end":    "max-age: 90s",
	} {
		t.Run(name, func(t *testing.T) {
			home := t.TempDir()
			env := cli.Env{Getenv: func(name string) string { return map[string]string{"XDG_CONFIG_HOME": home, "HOME": home}[name] }}
			file := filepath.Join(home, "up42hooks", "config.yaml")
			if before != "" {
				require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o700))
				require.NoError(t, os.WriteFile(file, []byte(before), 0o640))
			}
			c := &config.Config{File: file}
			written, err := config.Pin(c, []string{"date", "digest", "null"})
			require.NoError(t, err)
			assert.Equal(t, file, written)

			c, _, err = config.Load(pflag.NewFlagSet("test", pflag.ContinueOnError), env)
			require.NoError(t, err)
			assert.Equal(t, []string{"date", "digest", "null"}, c.Components)
			content, err := os.ReadFile(file)
			require.NoError(t, err)
			assert.Contains(t, string(content), before, "what was there stays")
			info, err := os.Stat(file)
			require.NoError(t, err)
			want := os.FileMode(0o640)
			if before == "" {
				want = 0o600
			}
			if runtime.GOOS != "windows" { // where Go makes up the permissions
				assert.Equal(t, want, info.Mode().Perm())
			}

			_, err = config.Pin(c, []string{"date"})
			assert.ErrorContains(t, err, "sets components already")
		})
	}
}

func TestPinRefusesInvalidLists(t *testing.T) {
	home := t.TempDir()
	file := filepath.Join(home, "config.yaml")
	for _, names := range [][]string{nil, {"Date"}, {"date", "date"}, {"a\nb"}} {
		_, err := config.Pin(&config.Config{File: file}, names)
		assert.Error(t, err, "%q", names)
	}
	assert.NoFileExists(t, file)
	_, err := config.Pin(&config.Config{}, []string{"date"})
	assert.ErrorContains(t, err, "UP42_CONFIG", "no folder for the file")
}
