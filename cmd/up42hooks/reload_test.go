//go:build unix

package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

// A reload never replaces the secrets that UP42 signs with by a generated one.
func TestAReloadThatMissesASource(t *testing.T) {
	t.Parallel()
	type start struct{ config, secrets string }
	for name, tc := range map[string]struct {
		args  []string
		spoil func(t *testing.T, s start)
		says  string
	}{
		"the file is moved away": {
			spoil: func(t *testing.T, s start) { require.NoError(t, os.Rename(s.config, s.config+"~")) },
			says:  `the configuration file .*config.yaml is gone: put it back, or start the receiver again without it`,
		},
		"the folder of the file is moved away": {
			spoil: func(t *testing.T, s start) {
				require.NoError(t, os.Rename(filepath.Dir(s.config), filepath.Dir(s.config)+"~"))
			},
			says: `the configuration file .*config.yaml is gone`,
		},
		"the file can't be read": {
			spoil: func(t *testing.T, s start) {
				require.NoError(t, os.Remove(s.config))
				require.NoError(t, os.Mkdir(s.config, 0o700))
			},
			says: `configuration file: .*config.yaml is a folder`,
		},
		"the file is empty, as while it is written": {
			spoil: func(t *testing.T, s start) { require.NoError(t, os.WriteFile(s.config, nil, 0o600)) },
			says:  `no secret is configured any more: configure one, or start the receiver again to use a generated one`,
		},
		"the named file is moved away": {
			args:  []string{"--config", "CONFIG"},
			spoil: func(t *testing.T, s start) { require.NoError(t, os.Rename(s.config, s.config+"~")) },
			says:  `configuration file \(from --config\): .*config.yaml does not exist`,
		},
		"the secret file is moved away": {
			spoil: func(t *testing.T, s start) { require.NoError(t, os.Remove(s.secrets)) },
			says:  `secret-file: read the secrets: .*secrets does not exist`,
		},
		"the secret file is empty": {
			spoil: func(t *testing.T, s start) { require.NoError(t, os.WriteFile(s.secrets, nil, 0o600)) },
			says:  `secret-file: read the secrets: .*secrets holds none`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			home := t.TempDir()
			s := start{config: filepath.Join(home, ".config", "up42hooks", "config.yaml"), secrets: filepath.Join(home, "secrets")}
			require.NoError(t, os.MkdirAll(filepath.Dir(s.config), 0o700))
			require.NoError(t, os.WriteFile(s.secrets, []byte(clitest.Secret+"\n"), 0o600))
			require.NoError(t, os.WriteFile(s.config, []byte("secret-file: "+s.secrets+"\n"), 0o600))
			args := slices.Clone(tc.args)
			for i := range args {
				args[i] = strings.Replace(args[i], "CONFIG", s.config, 1)
			}
			p := clitest.Receive(t, bare(t, "HOME="+home), nil, args...)
			tc.spoil(t, s)
			p.Signal(syscall.SIGHUP)
			_, ok := p.Stderr.Await(`level=ERROR msg="reload failed, the secrets stay as they were" error="` + tc.says)
			require.True(t, ok, "it said: %s", p.Stderr)
			status, _, err := clitest.Deliver(clitest.HTTPClient(t), p.URL, clitest.Secret, clitest.Delivery("m1", "o1", "PLACED"))
			require.NoError(t, err)
			assert.Equal(t, 200, status)
			assert.NoFileExists(t, filepath.Join(home, ".local", "state", "up42hooks", "secret"))
			p.Signal(syscall.SIGTERM)
			p.Finish(t)
		})
	}
}

// The generated secret may be registered at UP42: none takes its place.
func TestAReloadDoesNotGenerateASecret(t *testing.T) {
	t.Parallel()
	env := clitest.Home(t)
	p := clitest.Receive(t, env, nil)
	file := filepath.Join(filepath.Dir(clitest.StoreOf(env)), "secret")
	content, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, os.Remove(file))
	p.Signal(syscall.SIGHUP)
	_, ok := p.Stderr.Await(`reload failed, the secrets stay as they were" error="the generated secret is gone from ` + file + `: put it back`)
	require.True(t, ok, "it said: %s", p.Stderr)
	status, _, err := clitest.Deliver(clitest.HTTPClient(t), p.URL, strings.TrimSpace(string(content)), clitest.Delivery("m1", "o1", "PLACED"))
	require.NoError(t, err)
	assert.Equal(t, 200, status)
	assert.NoFileExists(t, file)

	require.NoError(t, os.WriteFile(file, content, 0o600))
	p.Signal(syscall.SIGHUP)
	_, ok = p.Stderr.Await(`msg=reloaded secrets=1`)
	assert.True(t, ok, "it said: %s", p.Stderr)
	p.Signal(syscall.SIGTERM)
	p.Finish(t)
}

// What a reload does not read is named, until the receiver starts again. Values are not.
func TestAReloadNamesWhatNeedsARestart(t *testing.T) {
	t.Parallel()
	file := writeFile(t, "")
	write := func(text string) { require.NoError(t, os.WriteFile(file, []byte(text), 0o600)) }
	write("secret: one\nkeep: 90d\nbasic-auth: ada:lovelace\nnotify: [{when: 'is:failed', do: bell}]\nmax-age: 5m\n")
	p := clitest.Receive(t, bare(t, "HOME="+t.TempDir()), nil, "--config", file, "--max-body", "2MiB")
	reload := func(want string) {
		t.Helper()
		p.Signal(syscall.SIGHUP)
		_, ok := p.Stderr.Await(`msg=reloaded secrets=1\n.*` + want)
		require.True(t, ok, "it said: %s", p.Stderr)
	}
	const warning = `level=WARN msg="settings have changed that only a restart reads" settings=`
	write("# other lines, the same values\nmax-age: 10m\nnotify:\n  - do: bell\n    when: is:failed\nkeep: 80d\nbasic-auth: ada:byron\nsecret: two\nmax-body: 3MiB\n")
	reload(warning + `keep,basic-auth\n`)
	write("secret: one\nkeep: 90d\nbasic-auth: ada:lovelace\nnotify:\n  - when: is:failed\n    do: [bell]\n    every: 5m\nforward-to: http://127.0.0.1:1/x\n")
	reload(warning + `forward-to,notify\n`)
	assert.NotContains(t, p.Stderr.String(), "byron")
	p.Signal(syscall.SIGTERM)
	p.Finish(t)
}
