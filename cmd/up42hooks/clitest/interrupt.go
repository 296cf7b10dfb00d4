package clitest

import (
	"io"
	"net/http"
	"syscall"
	"testing"
)

// Interrupt runs a command with a UP42 that does not answer, and interrupts the
// command when it waits for the answer. It returns the command after its end.
func Interrupt(t *testing.T, args ...string) (p *Process, code int) {
	t.Helper()
	waiting := make(chan struct{}, 1)
	env := WithUP42(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		select {
		case waiting <- struct{}{}:
		default:
		}
		<-r.Context().Done()
	}))
	p, err := Start(env, nil, args...)
	if err != nil {
		t.Fatal(err)
	}
	<-waiting
	p.Signal(syscall.SIGINT)
	code, ok := p.Wait()
	if !ok {
		t.Fatal("the command does not end")
	}
	return p, code
}
