package config_test

import (
	"flag"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config/environment"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config/own"
)

var update = flag.Bool("update", false, "write the table of settings to ../README.md")

func TestReadmeListsTheSettings(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the document has the defaults of Unix")
	}
	compareReadme(t, "settings", config.Reference())
}

func TestReadmeListsTheActions(t *testing.T) { compareReadme(t, "actions", own.Reference()) }

func TestReadmeListsTheColumns(t *testing.T) { compareReadme(t, "columns", own.ColumnsReference()) }

// compareReadme compares a table with that in the document.
func compareReadme(t *testing.T, name, want string) {
	t.Helper()
	const file = "../README.md"
	begin, end := "<!-- "+name+" -->\n", "<!-- /"+name+" -->"
	content, err := os.ReadFile(file)
	require.NoError(t, err)
	before, rest, found := strings.Cut(string(content), begin)
	require.True(t, found)
	section, after, found := strings.Cut(rest, end)
	require.True(t, found)
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(before+begin+want+end+after), 0o644))
		return
	}
	assert.Equal(t, want, section, "regenerate it: go test ./cmd/up42hooks/config -run Readme -update")
}

func TestEachSettingHasASubject(t *testing.T) {
	reference := config.Reference()
	for _, name := range config.Names() {
		assert.Contains(t, reference, "| `"+environment.Name(name)+"`", "%s has no subject of cli.Subjects", name)
	}
}
