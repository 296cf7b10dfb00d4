package sqlite_test

import (
	"os"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if file := os.Getenv(childFile); file != "" {
		os.Exit(runChild(file))
	}
	goleak.VerifyTestMain(m)
}
