package console

import (
	"io"
	"os"
	"time"

	"golang.org/x/sys/windows"
)

// Enable makes outputs understand escape sequences, and UTF-8. What is no console stays as it
// is.
func Enable(outputs ...*os.File) {
	for _, f := range outputs {
		var mode uint32
		h := windows.Handle(f.Fd())
		if windows.GetConsoleMode(h, &mode) == nil {
			_ = windows.SetConsoleMode(h, mode|windows.ENABLE_PROCESSED_OUTPUT|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING)
			_ = windows.SetConsoleOutputCP(utf8)
		}
	}
}

// utf8 is the number of UTF-8 among the code pages.
const utf8 = 65001

// Foreground reports whether the console is this process's. It has no jobs in the background.
func Foreground(uintptr) bool { return true }

// Continued would tell when the process goes on after it was stopped. Nothing stops it here.
func Continued() (again <-chan os.Signal, stop func()) { return nil, func() {} }

// sizeInterval is how often the size of the console is asked: there is no signal of a change.
const sizeInterval = 250 * time.Millisecond

// Resized tells when the console has perhaps another size, until stop is called.
func Resized() (again <-chan os.Signal, stop func()) {
	c, ended, done := make(chan os.Signal, 1), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(sizeInterval)
		defer tick.Stop()
		for {
			select {
			case <-ended:
				return
			case <-tick.C:
			}
			select {
			case c <- os.Interrupt: // which one does not matter
			default:
			}
		}
	}()
	return c, func() { close(ended); <-done }
}

// Ready waits until there is something to read from a console, no longer than wait.
func Ready(terminal *os.File, wait time.Duration) (bool, error) {
	event, err := windows.WaitForSingleObject(windows.Handle(terminal.Fd()), uint32(wait.Milliseconds()))
	return event == windows.WAIT_OBJECT_0, err
}

// AwaitClosed blocks until the other end of wake is closed, and returns false: Windows does not
// tell whether anybody reads out. The next write does.
func AwaitClosed(_, wake *os.File) bool {
	_, _ = io.Copy(io.Discard, wake)
	return false
}
