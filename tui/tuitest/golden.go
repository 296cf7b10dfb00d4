package tuitest

import (
	"flag"
	"os"
	"path/filepath"
	"strings"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the golden screens")

// Golden compares the screen with testdata/NAME.golden. With the flag -update it
// writes that file. Spaces at the ends of lines don't count.
func (s *Screen) Golden(name string) {
	s.T.Helper()
	lines := strings.Split(s.View(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	got := strings.Join(lines, "\n") + "\n"
	file := filepath.Join("testdata", name+".golden")
	if *update {
		require.NoError(s.T, os.MkdirAll("testdata", 0o755))
		require.NoError(s.T, os.WriteFile(file, []byte(got), 0o644))
		return
	}
	want, err := os.ReadFile(file)
	require.NoError(s.T, err)
	assert.Equal(s.T, string(want), got, "%s; go test -update writes it", file)
}
