package remote

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"golang.org/x/crypto/ssh"

	"github.com/up42/up42-webhooks/receiver/folder"
	"github.com/up42/up42-webhooks/receiver/outfile"
)

// HostKeyFile is the file of the host key that belongs to a store.
func HostKeyFile(store string) string { return store + ".ssh-host-key" }

// HostKey returns the key by which clients know this server. If the file does not exist, a key is
// made, once: for its owner only, and if several processes start at once they get the same one.
func HostKey(file string) (ssh.Signer, error) {
	key, err := ReadHostKey(file)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	if err := folder.Make(filepath.Dir(file)); err != nil {
		return nil, fmt.Errorf("make the host key of SSH: %w", outfile.Explain(file, err))
	}
	err = outfile.Make(file, false, writeNewKey)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("make the host key of SSH: %w", err)
	}
	return ReadHostKey(file)
}

func writeNewKey(file string) error {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	block, err := ssh.MarshalPrivateKey(private, "up42hooks")
	if err != nil {
		return err
	}
	return os.WriteFile(file, pem.EncodeToMemory(block), 0o600)
}

// groupOrOthersRead are the bits of a file that others can read.
const groupOrOthersRead fs.FileMode = 0o077

// maxHostKey is the largest file of a host key, in bytes.
const maxHostKey = 64 << 10

// ReadHostKey reads the host key. The error is that of the file system if there is no file.
func ReadHostKey(file string) (ssh.Signer, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, fmt.Errorf("read the host key of SSH: %w", outfile.Explain(file, err))
	}
	if info.Mode().IsRegular() && info.Mode()&groupOrOthersRead != 0 && runtime.GOOS != "windows" {
		return nil, fmt.Errorf("others can read the host key of SSH: chmod 600 %s; if they may have, delete it, and a new one is made", file)
	}
	text, err := outfile.Read(file, maxHostKey)
	if err != nil {
		return nil, fmt.Errorf("read the host key of SSH: %w", err)
	}
	key, err := ssh.ParsePrivateKey(text)
	if err != nil {
		return nil, fmt.Errorf("%s is no host key: delete it, and a new one is made; clients then warn that the host has another key", file)
	}
	return key, nil
}

// Fingerprint is that of a host key, as OpenSSH's client shows it.
func Fingerprint(key ssh.Signer) string { return ssh.FingerprintSHA256(key.PublicKey()) }
