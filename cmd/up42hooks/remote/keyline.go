package remote

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/ssh"
)

// parseKeys reads all keys of a file. Its error names the line.
func parseKeys(text []byte) (keys []Key, err error) {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	n := 0
	for line := range bytes.Lines(text) {
		n++
		trimmed := strings.Trim(string(line), " \t\r\n")
		if trimmed == "" || trimmed[0] == '#' {
			continue
		}
		k, err := parseKey(trimmed)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		k.Line = n
		if i := slices.IndexFunc(keys, func(other Key) bool { return other.Is(k.public) }); i >= 0 {
			return nil, fmt.Errorf("line %d: the key of line %d again: remove one of them", n, keys[i].Line)
		}
		keys = append(keys, k)
	}
	return keys, nil
}

// parseKey reads a line: options, the type of the key, the key in base64, a comment. Its error
// repeats no part of a key.
func parseKey(line string) (k Key, err error) {
	switch {
	case !utf8.ValidString(line):
		return k, errors.New("it is not text (UTF-8)")
	case strings.Contains(line, "PRIVATE KEY"):
		return k, errors.New("this is a private key: put the public one there, from the file that ends in .pub, and replace this key, as others may have read it")
	}
	k.Role = Viewer
	if first, _ := cutWord(line); !isKeyType(first) {
		options, rest, err := cutOptions(line)
		if err != nil {
			return k, err
		}
		if rest == "" {
			return k, errors.New("want options, the type of the key, the key and a comment, as in: role=operator ssh-ed25519 AAAAC3… ada@laptop")
		}
		if err := k.apply(options); err != nil {
			return k, err
		}
		line = rest
	}
	return k, k.parsePublic(line)
}

// keyTypes are the types of keys that get in.
var keyTypes = []string{
	ssh.KeyAlgoED25519, ssh.KeyAlgoRSA, ssh.KeyAlgoECDSA256, ssh.KeyAlgoECDSA384, ssh.KeyAlgoECDSA521, ssh.KeyAlgoSKED25519, ssh.KeyAlgoSKECDSA256,
}

// isKeyType reports whether a word is the type of a key, or looks like one.
func isKeyType(word string) bool {
	return slices.Contains(keyTypes, word) || strings.HasPrefix(word, "ssh-") || strings.HasPrefix(word, "ecdsa-") || strings.HasPrefix(word, "sk-")
}

// leastRSA is the least length of a key of RSA, in bits, as OpenSSH wants it since 9.1 at the latest.
const leastRSA = 2048

// parsePublic reads the part of a line after the options.
func (k *Key) parsePublic(text string) error {
	kind, rest := cutWord(text)
	encoded, comment := cutWord(rest)
	if !slices.Contains(keyTypes, kind) {
		return fmt.Errorf("%q is no type of key that is accepted here: want one of %s", quoted(kind), strings.Join(keyTypes, ", "))
	}
	raw, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return errors.New("the key is not complete: it is no base64")
	}
	if k.public, err = ssh.ParsePublicKey(raw); err != nil {
		return errors.New("the key can't be read: copy the whole line of the file that ends in .pub")
	}
	if k.public.Type() != kind {
		return fmt.Errorf("the line says %s, but the key is of another type", kind)
	}
	if n := bitsOfRSA(k.public); n > 0 && n < leastRSA {
		return fmt.Errorf("the key has %d bits: want %d at least, or a key of type %s", n, leastRSA, ssh.KeyAlgoED25519)
	}
	k.Comment = comment
	return nil
}

// cutWord returns the first word, and what follows it.
func cutWord(text string) (word, rest string) {
	const blanks = " \t"
	text = strings.TrimLeft(text, blanks)
	if i := strings.IndexAny(text, blanks); i >= 0 {
		return text[:i], strings.TrimLeft(text[i:], blanks)
	}
	return text, ""
}
