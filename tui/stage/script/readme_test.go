package script_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/tui/stage/script"
)

var update = flag.Bool("update", false, "write the table of scenes")

const begin, end = "<!-- scenes: go test ./tui/stage/script -update writes them -->\n", "<!-- end -->"

func TestReadmeListsTheScenes(t *testing.T) {
	var table strings.Builder
	table.WriteString("| script | title | steps | takes about |\n|---|---|---|---|\n")
	for _, name := range script.Names() {
		s, err := script.Load(name)
		require.NoError(t, err)
		fmt.Fprintf(&table, "| `%s` | %s | %d | %v |\n", name, s.Title, s.Steps(), s.Duration().Round(5*time.Second))
	}
	const file = "../README.md"
	readme, err := os.ReadFile(file)
	require.NoError(t, err)
	before, rest, found := strings.Cut(string(readme), begin)
	require.True(t, found)
	have, after, found := strings.Cut(rest, end)
	require.True(t, found)
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(before+begin+table.String()+end+after), 0o644))
		return
	}
	assert.Equal(t, table.String(), have, "go test ./tui/stage/script -update writes it")
}
