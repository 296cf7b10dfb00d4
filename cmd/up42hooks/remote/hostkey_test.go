package remote_test

import (
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/remote"
)

func TestTheHostKeyIsMadeOnce(t *testing.T) {
	file := remote.HostKeyFile(filepath.Join(t.TempDir(), "state", "events.db"))
	prints := make([]string, 4)
	var starts sync.WaitGroup
	for i := range prints {
		starts.Go(func() {
			key, err := remote.HostKey(file)
			if assert.NoError(t, err) {
				prints[i] = remote.Fingerprint(key)
			}
		})
	}
	starts.Wait()
	for _, p := range prints {
		assert.Equal(t, prints[0], p, "all get the same key")
		assert.Regexp(t, `^SHA256:.{43}$`, p)
	}
	info, err := os.Stat(file)
	require.NoError(t, err)
	if runtime.GOOS != "windows" {
		assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	}
	all, err := os.ReadDir(filepath.Dir(file))
	require.NoError(t, err)
	assert.Len(t, all, 1, "nothing else is left")
}

func TestAHostKeyThatCantBeUsed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "key")
	require.NoError(t, os.WriteFile(file, []byte("no key"), 0o600))
	_, err := remote.HostKey(file)
	assert.ErrorContains(t, err, "is no host key: delete it")
	if runtime.GOOS == "windows" {
		return
	}
	require.NoError(t, os.Chmod(file, 0o640))
	_, err = remote.HostKey(file)
	assert.ErrorContains(t, err, "others can read the host key of SSH: chmod 600 "+file)
}

func TestAddressesThatNeedKeys(t *testing.T) {
	for address, ok := range map[string]bool{
		"127.0.0.1:2222": true, "localhost:2222": true, "[::1]:0": true, ":2222": false, "0.0.0.0:22": false, "192.0.2.1:22": false, "example.com:22": false,
	} {
		err := remote.CheckAddress(address, "", false)
		if ok {
			assert.NoError(t, err, address)
		} else {
			assert.ErrorContains(t, err, "it needs --ssh-keys FILE", address)
		}
		assert.NoError(t, remote.CheckAddress(address, "keys", false), address)
		assert.NoError(t, remote.CheckAddress(address, "", true), address)
		assert.ErrorContains(t, remote.CheckAddress(address, "keys", true), "give one of them", address)
	}
}

func TestCommandsForTheAudience(t *testing.T) {
	for address, want := range map[string]string{
		"127.0.0.1:2222": `^ssh -p 2222 localhost$`, "192.0.2.9:22": `^ssh 192\.0\.2\.9$`, "[::]:2222": `^ssh -p 2222 [\w.-]+$`, "0.0.0.0:22": `^ssh [\w.-]+$`,
	} {
		assert.Regexp(t, want, remote.CommandFor(address))
	}
}
