// Command up42hooks receives, verifies, stores and shows UP42 webhooks.
package main

import (
	"context"
	"os"

	"github.com/up42/up42-webhooks/cmd/up42hooks/quietstart"
)

func main() {
	quietstart.Restore()
	os.Exit(run(context.Background(), system(), os.Args[1:]))
}
