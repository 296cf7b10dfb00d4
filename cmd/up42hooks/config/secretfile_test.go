package config

import (
	"os"
	"os/exec"
	"path/filepath"
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

	info, err := os.Stat(file)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	info, err = os.Stat(dir)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o700), info.Mode().Perm())
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

	w.Getenv = func(name string) string {
		return map[string]string{"XDG_STATE_HOME": "/state", "HOME": "/home/me"}[name]
	}
	assert.Equal(t, "/state/up42hooks/secret", GeneratedSecretFile(w))
	w.Getenv = func(name string) string { return map[string]string{"HOME": "/home/me"}[name] }
	assert.Equal(t, "/home/me/.local/state/up42hooks/secret", GeneratedSecretFile(w))
}
