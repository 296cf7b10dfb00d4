package main

import (
	"testing"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

// The tests run the whole program as its users do.
func TestMain(m *testing.M) {
	clitest.Main(m, func() {
		panicOnSignal()
		if !otherProgram() {
			main()
		}
	})
}
