package environment_test

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/cmd/up42hooks/config/environment"
)

func TestStrays(t *testing.T) {
	known := []string{"UP42_REQUIRE_DIGEST", "UP42_LISTEN", "UP42_STORE", "UP42_EVENTS", "UP42_CLIENT_ID", "UP42_THEME", "UP42_FINAL"}
	for variable, meant := range map[string]string{
		"UP42_REQUIRE_DIGETS=true":      "UP42_REQUIRE_DIGEST",
		"UP42_REQUIREDIGEST=true":       "UP42_REQUIRE_DIGEST",
		"UP42HOOKS_REQUIRE_DIGEST=yes":  "UP42_REQUIRE_DIGEST",
		"UP42_LISTNE=:1":                "UP42_LISTEN",
		"UP42_STORE_FILE=/s":            "UP42_STORE",
		"UP42_EVENT=order.status":       "UP42_EVENTS",
		"UP42_STORE_PATH=/s":            "UP42_STORE",
		"UP42_LISTEN_ADDR=:1":           "UP42_LISTEN",
		"up42_listen_address=:1":        "UP42_LISTEN",
		"up42_requiredigest=1":          "UP42_REQUIRE_DIGEST",
		"UP42LISTEN=:1":                 "UP42_LISTEN",
		"UP_42_LISTEN=:1":               "UP42_LISTEN",
		"UP42__LISTEN=:1":               "UP42_LISTEN",
		"UP42_HOOKS_LISTEN=:1":          "UP42_LISTEN",
		"UP42_STORE_SERVICE_HOST=x":     "",
		"UP42_STORE_PORT=tcp://x":       "",
		"UP42_STORE_PORT_80_TCP_ADDR=x": "",
		"UP42_LISTEN_SERVICE_PORT=1":    "",
		"UP42PROJECT=1":                 "",
		"UP42_PROJECT_ID=1":             "",
		"UP42_SERVICE_HOST=10.0.0.1":    "",
		"UP42_PORT_9888_TCP=tcp://x":    "",
		"UP42_HOME=/h":                  "",
	} {
		strays := environment.Strays([]string{variable}, known)
		if assert.Len(t, strays, 1, variable) {
			assert.Equal(t, meant, strays[0].Meant, variable)
		}
	}
	assert.Empty(t, environment.Strays([]string{"UP42_LISTEN=:1", "HOME=/h", "UP42_REQUIRE_DIGETS=", "UP42_=x", "LISTNE=1"}, known))
	assert.Empty(t, environment.Strays([]string{"UP42_SEQ=1", "UP42_EVENT=order.status", "UP42_STATUS=PLACED"}, known), "in a program of --exec")
}

// Windows reads a variable by any case of its name, and in large letters if it lists them so.
func TestCaseOfVariables(t *testing.T) {
	strays := environment.Strays([]string{"up42_listen=:1"}, []string{"UP42_LISTEN"})
	if runtime.GOOS == "windows" {
		assert.Empty(t, strays)
	} else if assert.Len(t, strays, 1) {
		assert.Equal(t, "UP42_LISTEN", strays[0].Meant)
	}
}

// Kubernetes sets them for each service: they are not worth a word.
func TestVariablesOfAService(t *testing.T) {
	for variable, want := range map[string]bool{
		"UP42_SERVICE_HOST=10.0.0.1": true, "UP42HOOKS_SERVICE_PORT=80": true, "UP42_SERVICE_PORT_HTTP=80": true, "UP42_PORT=tcp://10.0.0.1:80": true,
		"UP42_PORT_80_TCP=tcp://10.0.0.1:80": true, "UP42_PORT_80_TCP_PROTO=tcp": true, "UP42_PORT_80_TCP_ADDR=10.0.0.1": true,
		"UP42_PORT=8080": false, "UP42_FORWARD_HEADER=x": false, "UP42_PROJECT_ID=UP42_SERVICE_HOST": false,
	} {
		strays := environment.Strays([]string{variable}, nil)
		if assert.Len(t, strays, 1, variable) {
			assert.Equal(t, want, strays[0].OfService, variable)
		}
	}
}

func TestVariablesOfAnEventAreNotSettings(t *testing.T) {
	env := map[string]string{"UP42_FINAL": "true", "UP42_LISTEN": ":1"}
	getenv := func(name string) string { return env[name] }
	assert.Equal(t, "true", environment.Of(getenv)("UP42_FINAL"))
	env["UP42_SEQ"] = "7"
	assert.Empty(t, environment.Of(getenv)("UP42_FINAL"))
	assert.Equal(t, ":1", environment.Of(getenv)("UP42_LISTEN"))
}
