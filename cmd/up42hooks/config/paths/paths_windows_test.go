package paths_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/config/paths"
)

func TestPathsOfWindows(t *testing.T) {
	for text, want := range map[string]string{
		`D:\s\e.db`: `D:\s\e.db`, `\s\e.db`: `\s\e.db`, `/s/e.db`: `/s/e.db`, `D:e.db`: `D:e.db`, `\\host\share\e.db`: `\\host\share\e.db`,
		`e.db`: `C:\x\e.db`, `.\e.db`: `C:\x\e.db`, `..\e.db`: `C:\e.db`, `d\`: `C:\x\d/`, `a%b`: `C:\x\a%b`, `100%`: `C:\x\100%`,
		`~\e.db`: `C:\Users\ada\e.db`, `~/e.db`: `C:\Users\ada\e.db`, `~\d\`: `C:\Users\ada\d/`,
	} {
		got, err := paths.Resolve(text, `C:\x`, `C:\Users\ada`)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
	}
	_, err := paths.Resolve(`%AppData%\e.db`, `C:\x`, `C:\Users\ada`)
	assert.EqualError(t, err, "nothing replaces %AppData% in a path: write the whole path, or begin it with ~/")
}

func TestHomeOnWindows(t *testing.T) {
	env := map[string]string{"UserProfile": `C:\Users\ada`}
	getenv := func(name string) string { return env[name] }
	assert.Equal(t, `C:\Users\ada`, paths.Home(getenv))
	env["HOME"] = `D:\ada`
	assert.Equal(t, `D:\ada`, paths.Home(getenv))
}
