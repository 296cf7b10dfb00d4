package config

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/receiver/errno"
	"github.com/up42/up42-webhooks/receiver/folder"
	"github.com/up42/up42-webhooks/receiver/outfile"
)

// ConfiguredSecrets returns the configured secrets: first those of the setting
// secret, then those of the file. If the file can't be read, it returns the others
// and an error.
func ConfiguredSecrets(c *Config) ([]string, error) {
	if c.SecretFile == "" {
		return c.Secrets, nil
	}
	more, err := readSecretFile(c.SecretFile)
	if err != nil {
		err = cli.UsageError(fmt.Errorf("secret-file: %w", err))
	}
	return append(slices.Clone(c.Secrets), more...), err
}

// AllSecrets returns all secrets of a configuration, passwords too, to mask them. It does not ask the
// keyring. A file that can't be read has none that could go out.
func AllSecrets(env cli.Env, c *Config) []string {
	all, _ := ConfiguredSecrets(c)
	all = append([]string{c.Password.Reveal(), c.Token.Reveal(), c.ForwardSecret.Reveal(), c.SMTPPassword.Reveal()}, all...)
	for _, login := range []string{c.BasicAuth, c.ForwardAuth} {
		_, password, _ := strings.Cut(login, ":")
		all = append(all, password)
	}
	if c.Credentials != "" {
		if credentials, err := client.ReadCredentials(c.Credentials); err == nil {
			all = append(all, credentials.Password.Reveal())
		}
	}
	if generated, err := ReadGenerated(GeneratedSecretFile(env)); err == nil {
		all = append(all, generated)
	}
	return Usable(all)
}

// Usable returns the secrets that are not empty.
func Usable(secrets []string) []string {
	return slices.DeleteFunc(slices.Clone(secrets), func(s string) bool { return s == "" })
}

// readSecretFile returns the secrets of a file, one a line. It skips empty lines.
// A file without a secret is an error. White space inside and before a secret
// belongs to the secret.
func readSecretFile(path string) ([]string, error) {
	content, err := readSecrets(path)
	if err != nil {
		return nil, fmt.Errorf("read the secrets: %w", err)
	}
	var secrets []string
	for line := range strings.Lines(string(content)) {
		if line = strings.TrimRight(line, "\r\n"); strings.TrimSpace(line) != "" {
			secrets = append(secrets, line)
		}
	}
	if len(secrets) == 0 {
		return nil, fmt.Errorf("read the secrets: %s holds none; put one on each line", path)
	}
	return secrets, nil
}

// readSecrets reads a file with secrets.
func readSecrets(path string) ([]byte, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil, fmt.Errorf("%s is a folder (is a directory): name the file in it that has the secret", path)
	}
	return outfile.Read(path, outfile.MaxSettings)
}

// GeneratedSecretFile returns the file of the secret that the program generates. It
// returns "" if there is no folder for it.
func GeneratedSecretFile(env cli.Env) string {
	dir, err := StateFolder(env.Getenv)
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "secret")
}

// generatedSecret returns the secret in the file. If the file does not exist, it
// generates a secret and reports made. It never changes an existing file. If
// several processes start at once, one of them generates the secret and all get it.
// The secret is on disk, with its name, when it returns: a secret that UP42 has and a
// power cut removes here would make genuine deliveries fail.
func generatedSecret(path string) (secret string, made bool, err error) {
	if path == "" {
		return "", false, errors.New("there is no folder for a generated secret: give --secret-file, or set UP42_SECRET_FILE, UP42_SECRET or HOME")
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if made, err = makeSecret(path); err != nil {
			return "", false, fmt.Errorf("generate a secret: %w", err)
		}
	}
	err = patiently(func() (err error) {
		secret, err = ReadGenerated(path)
		return err
	})
	if err != nil {
		return "", made, err
	}
	// Also if the file was there: whoever made it may not have come this far.
	t, err := outfile.Resolve(path)
	if err == nil {
		err = folder.Sync(filepath.Dir(t.Path))
	}
	if err != nil {
		return "", made, fmt.Errorf("put the name of the generated secret on disk: %w", err)
	}
	return secret, made, nil
}

// ReadGenerated returns the generated secret.
func ReadGenerated(path string) (string, error) {
	secrets, err := readSecretFile(path)
	if err != nil {
		return "", err
	}
	return secrets[0], nil
}

// patiently does something with the file again while another process, which starts as well, reads it or
// removes its other name: Windows refuses one of the two.
func patiently(do func() error) (err error) {
	const tries, wait = 100, 10 * time.Millisecond
	for range tries {
		if err = do(); !errno.Is(err, syscall.ETXTBSY) {
			break
		}
		time.Sleep(wait)
	}
	return err
}

// makeSecret writes a new secret next to the file and links it to the file's name.
// The link works for one process only.
func makeSecret(path string) (made bool, err error) {
	t, err := outfile.Resolve(path) // a link may lead to where nothing is yet
	if err != nil {
		return false, err
	}
	dir := filepath.Dir(t.Path)
	if err := folder.Make(dir); err != nil {
		return false, outfile.Explain(path, err)
	}
	f, err := os.CreateTemp(dir, ".secret-*") // 0600
	if err != nil {
		return false, outfile.Explain(path, err)
	}
	defer func() {
		err = errors.Join(err, patiently(func() error { return os.Remove(f.Name()) }))
	}()
	if err := writeSynced(f, newSecret()); err != nil {
		return false, outfile.Explain(path, err)
	}
	err = os.Link(f.Name(), t.Path)
	if errors.Is(err, fs.ErrExist) {
		return false, nil
	}
	return err == nil, outfile.Explain(path, err)
}

// newSecret returns 32 random bytes in base64url, as a line.
func newSecret() []byte {
	random := make([]byte, 32)
	rand.Read(random) // never fails
	return append(base64.RawURLEncoding.AppendEncode(nil, random), '\n')
}

// writeSynced writes content to f, waits until it is on the disk, and closes f.
func writeSynced(f *os.File, content []byte) error {
	_, err := f.Write(content)
	return errors.Join(err, f.Sync(), f.Close())
}
