// Package torture kills the real program at any moment of its life while many senders deliver,
// and checks what is in the store afterwards. It does the same to the receivers and the servers
// of a team.
package torture

import (
	"testing"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/cmd/up42hooks/daemon"
	"github.com/up42/up42-webhooks/cmd/up42hooks/dashboard"
	"github.com/up42/up42-webhooks/cmd/up42hooks/events"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
)

func TestMain(m *testing.M) {
	clitest.Main(m, clitest.Program(daemon.NewListenCommand, dashboard.NewCommand, events.NewCommand, store.NewCommand, newServerCommand))
}
