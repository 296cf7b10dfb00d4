package daemon

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A panic in a task is one line of the log. The test runs itself as the program that ends.
func TestAPanicIsALineOfTheLog(t *testing.T) {
	const variable = "TASK_PANICS"
	if os.Getenv(variable) != "" {
		task := Task(func(context.Context) error { panic("index out of range") })
		_ = task.loggingPanics(slog.New(slog.NewJSONHandler(os.Stderr, nil)))(t.Context())
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), variable+"=1")
	_, err := cmd.Output()
	var exit *exec.ExitError
	require.ErrorAs(t, err, &exit)
	assert.Equal(t, 1, exit.ExitCode(), "2 is for wrong usage")
	var line map[string]any
	require.NoError(t, json.Unmarshal(exit.Stderr, &line), "%s", exit.Stderr)
	assert.Equal(t, []any{"ERROR", "index out of range"}, []any{line["level"], line["panic"]})
	assert.Contains(t, line["stack"], "task_test.go")
}
