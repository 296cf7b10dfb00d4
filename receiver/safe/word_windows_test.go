package safe_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"golang.org/x/sys/windows"

	"github.com/up42/up42-webhooks/receiver/safe"
)

func TestAShellTakesAWordAsItIs(t *testing.T) {
	for s, want := range map[string]string{
		`C:\Tools\up42_hooks.exe`:    `C:\Tools\up42_hooks.exe`,
		`C:\Program Files\a.db`:      `"C:\Program Files\a.db"`,
		`C:\my folder\`:              `"C:\my folder\\"`,
		`it's`:                       `"it's"`,
		`say "hi \"`:                 `"say \"hi \\\""`,
		"exec a,b":                   `"exec a,b"`,
		"https://h.example/x?a=1&b=": `"https://h.example/x?a=1&b="`,
		"":                           `""`,
	} {
		word := safe.Word(s)
		assert.Equal(t, want, word)
		args, err := windows.DecomposeCommandLine("program " + word)
		assert.NoError(t, err)
		assert.Equal(t, []string{"program", s}, args)
	}
}
