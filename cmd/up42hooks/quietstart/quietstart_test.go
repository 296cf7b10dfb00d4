package quietstart_test

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"

	_ "github.com/charmbracelet/bubbletea"
	"github.com/creack/pty"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/quietstart"
	"github.com/up42/up42-webhooks/receiver/receivertest/testmain"
)

const child = "QUIETSTART_TEST_CHILD"

// The test starts its own binary, which is a program that imports bubbletea.
func TestMain(m *testing.M) {
	if os.Getenv(child) != "" {
		quietstart.Restore()
		fmt.Println("TERM is " + os.Getenv("TERM"))
		os.Exit(0)
	}
	testmain.Run(m)
}

// Without the init function the output has the query for the background colour
// (OSC 11), and the program waits for an answer.
func TestStartAsksTheTerminalNothing(t *testing.T) {
	for name, tc := range map[string]struct {
		environment []string
		want        string
	}{
		"with TERM":    {[]string{"TERM=xterm-256color"}, "TERM is xterm-256color\r\n"},
		"without TERM": {nil, "TERM is \r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			cmd := exec.Command(os.Args[0])
			// Without GOCOVERDIR, a program with coverage prints a warning.
			cmd.Env = append(tc.environment, child+"=1", "GORACE=atexit_sleep_ms=0", "GOCOVERDIR="+t.TempDir())
			terminal, err := pty.Start(cmd)
			require.NoError(t, err)
			defer terminal.Close()
			text, _ := io.ReadAll(terminal) // it ends with an error when the child is gone
			require.NoError(t, cmd.Wait())
			assert.Equal(t, tc.want, string(text))
		})
	}
}
