// Package straced tells tests what another program does to its files, by the system calls that strace
// records.
package straced

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Needs skips a test where strace does not work. what says what is not tested then.
func Needs(t testing.TB, what string) {
	t.Helper()
	if err := exec.CommandContext(t.Context(), "strace", "-o", os.DevNull, "true").Run(); err != nil {
		t.Skipf("strace does not work here, %s: %v", what, err)
	}
}

// Steps runs a program, and returns what it writes, syncs and names in a folder, in its order: steps
// like "write a", "sync a", "name a b" and, for the folder itself, "sync .". Long numbers in names are
// a "*", since those of temporary files are random. A step that repeats the one before is left out.
func Steps(t testing.TB, folder string, cmd *exec.Cmd) (steps []string) {
	t.Helper()
	Needs(t, "it is not tested what is on disk")
	folder, err := filepath.EvalSymlinks(folder)
	require.NoError(t, err)
	strace, err := exec.LookPath("strace")
	require.NoError(t, err)
	trace := filepath.Join(t.TempDir(), "trace")
	options := []string{strace, "-f", "-y", "-o", trace, "-e", "signal=none", "-e", "trace=" + strings.Join(traced, ",")}
	cmd.Path, cmd.Args = strace, append(append(options, cmd.Path), cmd.Args[1:]...)
	said, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", said)
	text, err := os.ReadFile(trace)
	require.NoError(t, err)
	for line := range strings.Lines(string(text)) {
		s := step(line, folder)
		if s != "" && (len(steps) == 0 || s != steps[len(steps)-1]) {
			steps = append(steps, s)
		}
	}
	return steps
}

// traced are the calls that steps are made of. Not each machine has those with a question mark.
var traced = []string{"write", "pwrite64", "fsync", "fdatasync", "?link", "linkat", "?rename", "?renameat", "renameat2"}

var (
	calls   = regexp.MustCompile(`^\d+ +(\w+)\((.*)`)
	opened  = regexp.MustCompile(`^\d+<([^>]*)>`)
	quoted  = regexp.MustCompile(`"([^"]*)"`)
	numbers = regexp.MustCompile(`\d{5,}`)
)

// step is what a line of a trace says, "" if it is about no file in the folder.
func step(line, folder string) string {
	m := calls.FindStringSubmatch(line)
	if m == nil {
		return ""
	}
	call, arguments := m[1], m[2]
	if names := quoted.FindAllStringSubmatch(arguments, -1); strings.HasPrefix(call, "link") || strings.HasPrefix(call, "rename") {
		from, to := within(folder, names[0][1]), within(folder, names[1][1])
		if from == "" || to == "" {
			return ""
		}
		return "name " + from + " " + to
	}
	file := opened.FindStringSubmatch(arguments)
	if file == nil || within(folder, file[1]) == "" {
		return ""
	}
	verb := "write "
	if call == "fsync" || call == "fdatasync" {
		verb = "sync "
	}
	return verb + within(folder, file[1])
}

// within is the name of a file in a folder, "" if it is elsewhere.
func within(folder, name string) string {
	rel, err := filepath.Rel(folder, name)
	if err != nil || !filepath.IsLocal(rel) {
		return ""
	}
	return numbers.ReplaceAllString(rel, "*")
}
