package text_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/receiver/safe"
	"github.com/up42/up42-webhooks/tui/text"
)

func TestCommandsHaveTheNameByWhichTheProgramWasCalled(t *testing.T) {
	for s, want := range map[string]string{
		"see up42hooks events --help":               "see bin/up42hooks events --help",
		"up42hooks store info, or up42hooks doctor": "bin/up42hooks store info, or bin/up42hooks doctor",
		"`up42hooks config` shows it":               "`bin/up42hooks config` shows it",
		"See up42hooks --help":                      "See bin/up42hooks --help",
		"another up42hooks with another --store":    "another up42hooks with another --store",
		"start it with: up42hooks":                  "start it with: bin/up42hooks",
		"start up42hooks again":                     "start up42hooks again",
		"create --name up42hooks --url x":           "create --name up42hooks --url x",
		`there is no "my up42hooks events" here`:    `there is no "my up42hooks events" here`,
		"up42hooks demo is on":                      "up42hooks demo is on", // a webhook
		"/opt/up42hooks events":                     "/opt/up42hooks events",
	} {
		assert.Equal(t, want, text.AsCalled("bin/up42hooks", s))
		assert.Equal(t, s, text.AsCalled("up42hooks", s))
		assert.Equal(t, s, text.AsCalled("", s))
	}
	assert.Equal(t, safe.Word("my $tools/up42hooks")+" doctor", text.AsCalled("my $tools/up42hooks", "up42hooks doctor"))
}
