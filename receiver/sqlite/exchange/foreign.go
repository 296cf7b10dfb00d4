package exchange

import (
	"bytes"
	"errors"
	"fmt"
)

var errForeign = errors.New("import: this is not an export of a store: make one with: up42hooks store export")

// compressed are the first bytes of compressed files, and the program that unpacks each.
var compressed = []struct{ begin, form, unpack string }{
	{"\x1f\x8b", "gzip", "gunzip -c"},
	{"\x28\xb5\x2f\xfd", "zstd", "zstd -dc"},
	{"\xfd7zXZ\x00", "xz", "xz -dc"},
	{"BZh", "bzip2", "bunzip2 -c"},
	{"PK\x03\x04", "zip", "unzip -p"},
}

// utf8Mark is the byte order mark that some editors and shells put before a text.
const utf8Mark = "\xef\xbb\xbf"

// foreign says what a file is that does not begin as an export, nil if that is not known.
func foreign(begin []byte) error {
	if len(begin) == 0 {
		return errors.New("import: this is empty: make an export with: up42hooks store export")
	}
	if bytes.HasPrefix(begin, []byte("SQLite format 3\x00")) {
		return errors.New("import: this is a store, not an export: use it with --store, or export it with: up42hooks store export --store FILE")
	}
	for _, mark := range []string{"\xff\xfe", "\xfe\xff"} {
		if bytes.HasPrefix(begin, []byte(mark)) {
			return errors.New("import: this is UTF-16, as the > of some shells writes: export into a file with: up42hooks store export FILE")
		}
	}
	for _, c := range compressed {
		if bytes.HasPrefix(begin, []byte(c.begin)) {
			return fmt.Errorf("import: this is compressed by %s: unpack it with: %s FILE | up42hooks store import", c.form, c.unpack)
		}
	}
	return nil
}
