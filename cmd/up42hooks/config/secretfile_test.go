package config

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/receiver/receivertest/straced"
)

func TestReadSecretFile(t *testing.T) {
	tests := []struct {
		name, content string
		want          []string
	}{
		{"one", "a\n", []string{"a"}},
		{"without a line end", "a", []string{"a"}},
		{"several, some lines empty", "a\r\n\n  \nb c\n#d", []string{"a", "b c", "#d"}},
		{"spaces belong to a secret", " a \n", []string{" a "}},
		{"none", "\n\n", nil},
		{"empty", "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "secrets")
			require.NoError(t, os.WriteFile(file, []byte(tt.content), 0o600))
			got, err := readSecretFile(file)
			assert.Equal(t, tt.want, got)
			if tt.want == nil {
				assert.ErrorContains(t, err, "holds none")
			} else {
				assert.NoError(t, err)
			}
		})
	}
	_, err := readSecretFile(filepath.Join(t.TempDir(), "absent"))
	assert.ErrorIs(t, err, os.ErrNotExist)
}

func TestGeneratedSecretIsMadeOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	file := filepath.Join(dir, "secret")
	const processes = 16
	secrets, makers := make([]string, processes), make([]bool, processes)
	var wg sync.WaitGroup
	for i := range processes {
		wg.Go(func() {
			var err error
			secrets[i], makers[i], err = generatedSecret(file)
			assert.NoError(t, err)
		})
	}
	wg.Wait()
	made := 0
	for i := range processes {
		assert.Equal(t, secrets[0], secrets[i], "all get the same")
		if makers[i] {
			made++
		}
	}
	assert.Equal(t, 1, made, "and one made it")
	assert.Len(t, secrets[0], 43, "32 bytes in base64url")

	for name, want := range map[string]os.FileMode{file: 0o600, dir: 0o700} {
		info, err := os.Stat(name)
		require.NoError(t, err)
		if runtime.GOOS != "windows" { // where Go makes up the permissions
			assert.Equal(t, want, info.Mode().Perm())
		}
	}
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, files, 1, "nothing else is left")
}

// UP42 may have the secret soon, so a power cut does not remove it.
func TestGeneratedSecretIsOnDisk(t *testing.T) {
	folder := t.TempDir()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childSecret+"="+filepath.Join(folder, "new", "secret"))
	want := []string{"sync .", "write new/.secret-*", "sync new/.secret-*", "name new/.secret-* new/secret", "sync new"}
	assert.Equal(t, want, straced.Steps(t, folder, cmd))
}

func TestGeneratedSecretIsNeverOverwritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(file, []byte("mine\n"), 0o600))
	secret, made, err := generatedSecret(file)
	require.NoError(t, err)
	assert.False(t, made)
	assert.Equal(t, "mine", secret)

	require.NoError(t, os.WriteFile(file, nil, 0o600))
	_, _, err = generatedSecret(file)
	assert.ErrorContains(t, err, "holds none")
	content, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Empty(t, content)
}

func TestGeneratedSecretNeedsAFolder(t *testing.T) {
	w := cli.Env{Getenv: func(string) string { return "" }}
	assert.Empty(t, GeneratedSecretFile(w))
	_, _, err := generatedSecret("")
	assert.ErrorContains(t, err, "HOME")

	state, home := t.TempDir(), t.TempDir()
	w.Getenv = func(name string) string {
		return map[string]string{"XDG_STATE_HOME": state, "HOME": home}[name]
	}
	assert.Equal(t, filepath.Join(state, "up42hooks", "secret"), GeneratedSecretFile(w))
	w.Getenv = func(name string) string { return map[string]string{"HOME": home}[name] }
	assert.Equal(t, filepath.Join(home, ".local", "state", "up42hooks", "secret"), GeneratedSecretFile(w))
}
