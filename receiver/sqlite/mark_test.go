package sqlite_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver/receivertest/straced"
)

// marking is what a child does that marks a store as damaged.
const marking = "mark"

// That a store is damaged is known after a power cut, too.
func TestTheMarkOfADamagedStoreIsOnDisk(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childFile+"="+filepath.Join(folder, "a.db"), childDoes+"="+marking)
	assert.Equal(t, []string{"write a.db-mark.part", "sync a.db-mark.part", "name a.db-mark.part a.db-mark", "sync ."}, straced.Steps(t, folder, cmd))
}
