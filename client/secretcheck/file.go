package secretcheck

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"strconv"
)

// File returns what is wrong with a file that has secrets, except for the secrets. It has no
// problem if it can't be read: whoever needs it says that.
func File(path string) (out []Problem) {
	content, _ := Read(path)
	return append(Privacy(path), Content(content)...)
}

// maxFile is how many bytes a file with secrets may have. Whoever needs its secrets refuses a larger one.
const maxFile = 1 << 20

// Read returns the content of a file that can be read twice. ok is false for others: what is
// read from a pipe is missing for its real reader. It is also false for a file that is too large
// to have secrets.
func Read(path string) (content []byte, ok bool) {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxFile {
		return nil, false
	}
	content, err = os.ReadFile(path)
	return content, err == nil
}

// Privacy says whether other users of the machine can use a file.
func Privacy(path string) []Problem {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() || !open(info.Mode()) {
		return nil
	}
	return []Problem{{What: fmt.Sprintf("can be read or written by other users (%04o)", info.Mode().Perm()), Todo: Close(path, info, 0o600)}}
}

// Close returns the command after which only this user can use a file or a folder. One that
// belongs to another user could not be used by this one after a chmod alone.
func Close(path string, info fs.FileInfo, mode fs.FileMode) string {
	command := fmt.Sprintf("chmod %o %s", mode, path)
	if !isForeign(info) {
		return command
	}
	return fmt.Sprintf("as root: chown %s %s && %s", userName(), path, command)
}

// userName returns the name of the user that runs this program, or the number of one without a name.
func userName() string {
	id := strconv.Itoa(os.Geteuid())
	if u, err := user.LookupId(id); err == nil {
		return u.Username
	}
	return id
}

// open says whether others than the owner can read or write a file.
func open(mode fs.FileMode) bool { return Others(mode)&0o066 != 0 }

// Content returns what is wrong with the way in which a file with secrets is written.
func Content(content []byte) (out []Problem) {
	switch {
	case IsUTF16(content):
		return []Problem{{What: "is UTF-16, so that no secret in it is what it looks like", Todo: "Save it as UTF-8 without a byte order mark."}}
	case bytes.HasPrefix(content, []byte("\ufeff")):
		out = append(out, Problem{What: "begins with a byte order mark, which is a part of the first secret", Todo: "Save it as UTF-8 without a byte order mark."})
	}
	lines := bytes.Count(content, []byte("\n"))
	switch windows := bytes.Count(content, []byte("\r\n")); {
	case windows > 0:
		out = append(out, Problem{What: "has line ends of Windows (CR LF)", Todo: "Nothing: the carriage returns do not count.", Harmless: true})
	case lines == 0 && bytes.Contains(bytes.TrimRight(content, "\r"), []byte("\r")):
		out = append(out, Problem{What: "has line ends of old Macs (CR), so that all of it is one secret", Todo: "Save it with line feeds."})
	}
	if brokenLine().Match(content) {
		out = append(out, Problem{What: "has a line that seems to go on in the next one, as base64 has; each line is a secret", Todo: "Write the secret on one line."})
	}
	return out
}

// brokenLine matches a line of the lengths at which programs break base64, with another line behind it.
var brokenLine = compiled(`(?m)^([A-Za-z0-9+/]{64}|[A-Za-z0-9+/]{76})\r?\n[A-Za-z0-9+/]+={0,2}\r?$`)

// IsUTF16 says whether a text is UTF-16: by its byte order mark, or by the zeros beside
// ASCII characters.
func IsUTF16(content []byte) bool {
	if bytes.HasPrefix(content, []byte("\xff\xfe")) || bytes.HasPrefix(content, []byte("\xfe\xff")) {
		return true
	}
	return len(content) >= 4 && (content[0] == 0 && content[2] == 0 && content[1] != 0 || content[1] == 0 && content[3] == 0 && content[0] != 0)
}
