// Package soak runs the real program for a long time under load, with its screen on, and checks that
// nothing of it grows.
package soak

import (
	"testing"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/cmd/up42hooks/dashboard"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
)

func TestMain(m *testing.M) {
	clitest.Main(m, clitest.Program(dashboard.NewListenCommand, dashboard.NewCommand, store.NewCommand))
}
