package cli

import (
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

// The same signal twice at once, as timeout(1) sends it, is one signal. A second one that was
// meant as such ends the program at once.
func TestAnEchoIsNoSecondSignal(t *testing.T) {
	for name, c := range map[string]struct {
		second syscall.Signal
		after  time.Duration
		atOnce bool
	}{
		"at once":         {syscall.SIGTERM, 0, false},
		"soon":            {syscall.SIGTERM, echoTime - time.Millisecond, false},
		"later":           {syscall.SIGTERM, echoTime, true},
		"another at once": {syscall.SIGINT, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				came, stopped := make(chan os.Signal, 2), make(chan struct{})
				ends, by := 0, []os.Signal(nil)
				go followSignals(came, stopped, func() { ends++ }, func(s os.Signal) { by = append(by, s) })
				came <- syscall.SIGTERM
				synctest.Wait()
				time.Sleep(c.after)
				came <- c.second
				synctest.Wait()
				close(stopped)
				synctest.Wait()
				assert.Equal(t, 1, ends)
				assert.Equal(t, c.atOnce, len(by) == 1)
			})
		})
	}
}
