package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	// namedIn finds tests, behind the package that they are in.
	namedIn = regexp.MustCompile("`([a-z0-9/]+)`: ((?:`Test\\w+`(?:, )?)+)")
	oneTest = regexp.MustCompile("`(Test\\w+)`")
)

// Each test that PROMISES.md names is in the package that it names with it.
func TestTestsOfPromisesExist(t *testing.T) {
	found := namedIn.FindAllStringSubmatch(read(t, ".github/PROMISES.md"), -1)
	assert.Greater(t, len(found), 10)
	for _, m := range found {
		files, err := filepath.Glob(filepath.Join(root, m[1], "*_test.go"))
		require.NoError(t, err)
		var all strings.Builder
		for _, f := range files {
			text, err := os.ReadFile(f)
			require.NoError(t, err)
			all.Write(text)
		}
		for _, name := range oneTest.FindAllStringSubmatch(m[2], -1) {
			assert.Contains(t, all.String(), "func "+name[1]+"(t *testing.T)", "a test of %s", m[1])
		}
	}
}
