//go:build unix

package main

import (
	"os"
	"os/signal"
	"syscall"
)

// With this variable the program panics when it gets the signal.
const (
	panicVariable = "TEST_PANIC"
	panicSignal   = syscall.SIGUSR2
)

func panicOnSignal() {
	if os.Getenv(panicVariable) == "" {
		return
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, panicSignal)
	go func() {
		<-signals
		panic("forced")
	}()
}
