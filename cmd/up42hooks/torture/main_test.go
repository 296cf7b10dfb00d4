// Package torture kills the real program at any moment of its life while many senders deliver,
// lets calls of the system fail and the disk get full, and checks what is in the store
// afterwards. It kills the receivers and the servers of a team as well.
package torture

import (
	"testing"

	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/cmd/up42hooks/daemon"
	"github.com/up42/up42-webhooks/cmd/up42hooks/dashboard"
	"github.com/up42/up42-webhooks/cmd/up42hooks/events"
	"github.com/up42/up42-webhooks/cmd/up42hooks/forward"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
)

func TestMain(m *testing.M) {
	clitest.Main(m, clitest.Program(daemon.NewListenCommand, dashboard.NewCommand, events.NewCommand, orders, forward.NewCommand, store.NewCommand, newServerCommand))
}

func orders(env cli.Env) *cobra.Command { return events.NewRowsCommand(env, events.Orders) }
