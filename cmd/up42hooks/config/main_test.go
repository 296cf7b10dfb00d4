package config

import (
	"fmt"
	"os"
	"testing"

	"github.com/up42/up42-webhooks/receiver/receivertest/testmain"
)

// childSecret is the environment variable that makes the test program generate a secret in the file
// that it names, and do nothing else.
const childSecret = "CONFIG_TEST_SECRET"

func TestMain(m *testing.M) {
	if file := os.Getenv(childSecret); file != "" {
		if _, _, err := generatedSecret(file); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	testmain.Run(m)
}
