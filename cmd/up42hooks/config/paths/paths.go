// Package paths knows what the names of files in settings mean.
package paths

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
)

// variable matches what a shell would replace by the value of a variable.
var variable = regexp.MustCompile(`\$(\w+|\{[^}]*\}?)` + ofWindows[runtime.GOOS == "windows"])

// ofWindows matches in addition what the shell of Windows would replace.
var ofWindows = map[bool]string{true: `|%\w+%`}

// Resolve returns the file that a setting names. A leading ~/ is the home. A relative path is below the
// folder; if that is "", it stays as it is. Its errors say what to write instead.
func Resolve(text, folder, home string) (string, error) {
	if found := variable.FindString(text); found != "" {
		return "", fmt.Errorf("nothing replaces %s in a path: write the whole path, or begin it with ~/", found)
	}
	first, rest, more := strings.Cut(filepath.ToSlash(text), "/")
	switch {
	case first == "~" && more && !filepath.IsAbs(home):
		return "", errors.New("~ is the home, but HOME names no folder: write the whole path")
	case first == "~" && more:
		return keepSlash(filepath.Join(home, rest), rest), nil
	case first == "~":
		return "", errors.New("~ is the home, which is a folder: name a file in it, like ~/file")
	case strings.HasPrefix(first, "~"):
		return "", fmt.Errorf("nothing replaces %s in a path: write the whole path, or ./ before a name that begins with ~", first)
	case folder == "" || text == "" || filepath.IsAbs(text) || namesRoot(text):
		return text, nil
	default:
		return keepSlash(filepath.Join(folder, text), text), nil
	}
}

// namesRoot reports whether a path begins at the root of the drive or at a drive, although it is not
// absolute, as on Windows.
func namesRoot(text string) bool {
	return os.IsPathSeparator(text[0]) || filepath.VolumeName(text) != ""
}

// ResolveProgram is Resolve for a program. One without a slash is looked for as a shell does.
func ResolveProgram(text, folder, home string) (string, error) {
	if !strings.ContainsRune(filepath.ToSlash(text), '/') {
		folder = ""
	}
	return Resolve(text, folder, home)
}

// keepSlash keeps the slash at the end of a text: it is the name of a folder, which is refused later.
func keepSlash(path, text string) string {
	if strings.HasSuffix(filepath.ToSlash(text), "/") && !strings.HasSuffix(path, string(os.PathSeparator)) {
		path += "/"
	}
	return path
}
