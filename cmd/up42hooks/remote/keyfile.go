package remote

import (
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"runtime"
	"slices"
	"sync"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/up42/up42-webhooks/receiver/outfile"
)

// maxKeyFile is the most that a file with keys may have, in bytes: a thousand keys of RSA.
const maxKeyFile = 1 << 20

// KeyFile is a file in the format of OpenSSH's authorized_keys. It is read again when it has changed:
// a key that was removed does not get in any more, and while a line is wrong nobody does. It is safe
// for concurrent use.
type KeyFile struct {
	name string
	now  func() time.Time

	mu   sync.Mutex
	seen fs.FileInfo
	keys []Key
	err  error
}

// ReadKeyFile reads a file. Its error names the line that is wrong.
func ReadKeyFile(name string, now func() time.Time) (*KeyFile, error) {
	f := &KeyFile{name: name, now: now}
	_, err := f.Keys()
	return f, err
}

// Keys returns the keys as the file has them now.
func (f *KeyFile) Keys() ([]Key, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	info, err := os.Stat(f.name)
	if err != nil {
		f.seen = nil
		return nil, fmt.Errorf("read the keys: %w, with --ssh-keys", outfile.Explain(f.name, err))
	}
	if f.seen != nil && os.SameFile(f.seen, info) && f.seen.ModTime().Equal(info.ModTime()) && f.seen.Size() == info.Size() {
		return f.keys, f.err
	}
	f.seen = info
	f.keys, f.err = f.read(info)
	return f.keys, f.err
}

// groupOrOthersWrite are the bits of a file that others can write.
const groupOrOthersWrite fs.FileMode = 0o022

func (f *KeyFile) read(info fs.FileInfo) ([]Key, error) {
	if info.IsDir() {
		return nil, fmt.Errorf("read the keys: %s is a folder: name the file in it, with --ssh-keys", f.name)
	}
	if info.Mode().IsRegular() && info.Mode()&groupOrOthersWrite != 0 && runtime.GOOS != "windows" {
		return nil, fmt.Errorf("others may write to %s, and so let themselves in: chmod go-w %s", f.name, f.name)
	}
	text, err := outfile.Read(f.name, maxKeyFile)
	if err != nil {
		return nil, fmt.Errorf("read the keys: %w, with --ssh-keys", err)
	}
	keys, err := parseKeys(text)
	if err != nil {
		return nil, fmt.Errorf("%s, %w", f.name, err)
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("%s has no key, so nobody could look: put the public key of each user on a line", f.name)
	}
	if last := slices.MaxFunc(keys, laterExpiry); last.expired(f.now()) {
		return nil, fmt.Errorf("%s: all keys have expired, the last one on line %d, so nobody could look: give it a later expiry-time, or add a key", f.name, last.Line)
	}
	return keys, nil
}

// laterExpiry compares when keys expire. One that never does comes last.
func laterExpiry(a, b Key) int {
	if never := a.expires.IsZero(); never != b.expires.IsZero() {
		return map[bool]int{true: 1, false: -1}[never]
	}
	return a.expires.Compare(b.expires)
}

var errUnknownKey = errors.New("the key is not in the file of --ssh-keys")

// Find returns a key of the file if it may be used from an address now. The error says why not.
func (f *KeyFile) Find(offered ssh.PublicKey, from netip.Addr) (Key, error) {
	keys, err := f.Keys()
	if err != nil {
		return Key{}, err
	}
	for i := range keys {
		if k := &keys[i]; k.Is(offered) {
			return *k, k.usable(from, f.now())
		}
	}
	return Key{}, errUnknownKey
}
