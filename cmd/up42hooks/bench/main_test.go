// Package bench measures how many deliveries the program takes, how long each waits for its
// answer and what it costs, beside the same receiver with other logs.
package bench

import (
	"os"
	"testing"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/cmd/up42hooks/daemon"
)

func TestMain(m *testing.M) {
	switch kind := os.Getenv(serverKind); kind {
	case "":
	case natsServer:
		os.Exit(serveNATS())
	default:
		os.Exit(serve(kind))
	}
	clitest.Main(m, clitest.Program(daemon.NewListenCommand))
}
