package probe_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/cmd/up42hooks/probe"
)

func TestWhyARequestFailedIsSaidPlainly(t *testing.T) {
	assert.Equal(t, "there was no answer in time", probe.Plain(fmt.Errorf("Get: %w", context.DeadlineExceeded)))
	assert.Equal(t, "x", probe.Plain(errors.New("x")))
}

func TestAnotherAddress(t *testing.T) {
	for address, want := range map[string]string{
		"127.0.0.1:9888": "127.0.0.1:9889", ":9888": ":9889", "[::1]:80": "[::1]:81", "127.0.0.1:65535": "HOST:PORT", "localhost:http": "HOST:PORT",
	} {
		assert.Equal(t, want, probe.Beside(address))
	}
}
