package handover

import (
	"fmt"
	"os"
	"os/signal"
)

// inForeground runs the program in our console. Keys such as ctrl+c reach both: they are for the
// program. If the context ends, the program is killed.
func (j *job) inForeground(*os.File) error {
	signal.Ignore(os.Interrupt)
	defer signal.Reset(os.Interrupt)
	if err := j.program.Start(); err != nil {
		return fmt.Errorf("start it: %w", err)
	}
	done := make(chan error, 1)
	go func() { done <- j.program.Wait() }()
	select {
	case err := <-done:
		return err
	case <-j.terminal.Ctx.Done():
		_ = j.program.Process.Kill() // it may have ended meanwhile
		return <-done
	}
}
