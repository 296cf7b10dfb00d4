// Command up42hooks receives, verifies, stores and shows UP42 webhooks.
package main

import (
	"context"
	"os"
)

func main() {
	os.Exit(run(context.Background(), system(), os.Args[1:]))
}
