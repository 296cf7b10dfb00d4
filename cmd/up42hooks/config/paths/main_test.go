package paths_test

import (
	"testing"

	"github.com/up42/up42-webhooks/receiver/receivertest/testmain"
)

func TestMain(m *testing.M) { testmain.Run(m) }
