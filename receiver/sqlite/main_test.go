package sqlite_test

import (
	"os"
	"testing"

	"github.com/up42/up42-webhooks/receiver/receivertest/testmain"
)

func TestMain(m *testing.M) {
	if file := os.Getenv(childFile); file != "" {
		os.Exit(runChild(file))
	}
	testmain.Run(m)
}
