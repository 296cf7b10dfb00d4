// Package siege attacks the real program, and measures what a good sender notices of it.
package siege

import (
	"testing"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/cmd/up42hooks/daemon"
	"github.com/up42/up42-webhooks/cmd/up42hooks/dashboard"
)

func TestMain(m *testing.M) {
	clitest.Main(m, clitest.Program(daemon.NewListenCommand, dashboard.NewCommand))
}
