package outfile_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver/receivertest/straced"
)

// A power cut leaves the old file or the whole new one: what was written is on disk before it has
// the name, and the name is before the function returns.
func TestAFileIsOnDiskBeforeItHasItsName(t *testing.T) {
	const part = ".up42hooks-part-*"
	whole := []string{"write " + part, "sync " + part, "name " + part + " a", "sync ."}
	for way, want := range map[string][]string{
		"Write": whole, "Make": whole, "Make, replacing": whole,
		"Put": {"sync .", "write new/" + part, "sync new/" + part, "name new/" + part + " new/a", "sync new"},
	} {
		t.Run(way, func(t *testing.T) {
			folder, name := t.TempDir(), "a"
			if way == "Put" {
				name = "new/a" // it makes the folder
			}
			cmd := exec.CommandContext(t.Context(), os.Args[0])
			cmd.Env = append(os.Environ(), childWay+"="+way, childName+"="+filepath.Join(folder, name))
			assert.Equal(t, want, straced.Steps(t, folder, cmd))
		})
	}
}
