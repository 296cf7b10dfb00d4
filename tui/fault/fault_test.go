package fault_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/fault"
	"github.com/up42/up42-webhooks/tui/roundtrip"
)

func dial(err error) error {
	return fmt.Errorf("list the webhooks: %w", &net.OpError{Op: "dial", Net: "tcp", Err: err})
}

func TestOf(t *testing.T) {
	for name, tc := range map[string]struct {
		err  error
		want fault.Fault
	}{
		"refused": {
			&client.Error{Call: "list the webhooks", Status: http.StatusForbidden, Message: "not your \x1b[2Jworkspace"},
			fault.Fault{Words: `UP42 answered 403: not your \u001b[2Jworkspace`, Do: "this account may not do that: check the workspace", Answered: true},
		},
		"refused without a message": {
			&client.Error{Call: "list the webhooks", Status: http.StatusConflict},
			fault.Fault{Words: "UP42 answered 409: Conflict", Do: "it was changed meanwhile: refresh, then try again", Answered: true},
		},
		"UP42 fails": {
			&client.Error{Call: "list the webhooks", Status: http.StatusBadGateway, Message: "no"},
			fault.Fault{Words: "UP42 answered 502: no", Do: "UP42 has a problem: try again later"},
		},
		"wrong password": {
			&client.Error{Call: "sign in", Status: http.StatusUnauthorized, Message: "Invalid user credentials"},
			fault.Fault{
				Words:    "UP42 does not accept this user name or password",
				Do:       "correct UP42_USERNAME and UP42_PASSWORD and start up42hooks again",
				Hopeless: true, Answered: true,
			},
		},
		"refused client": {
			&client.Error{Call: "sign in", Status: http.StatusUnauthorized, Code: "invalid_client", Message: "it does not let the client id x sign in"},
			fault.Fault{
				Words:    "UP42 does not let this client id sign in",
				Do:       "set --client-id or UP42_CLIENT_ID to up42-sdk, as UP42's SDK does, and start up42hooks again",
				Hopeless: true, Answered: true,
			},
		},
		"given up":  {fmt.Errorf("call: %w", context.Canceled), fault.Fault{Words: "the call was given up"}},
		"too late":  {fmt.Errorf("call: %w", context.DeadlineExceeded), fault.Fault{Words: "UP42 did not answer in time", Do: "try again"}},
		"timed out": {dial(os.ErrDeadlineExceeded), fault.Fault{Words: "UP42 did not answer in time", Do: "try again"}},
		"no such host": {
			dial(&net.DNSError{Err: "no such host", Name: "api.example.com", IsNotFound: true}),
			fault.Fault{Words: "UP42 can't be found: there is no host api.example.com", Do: "check the network and the name of the host"},
		},
		"no answer about the host": {
			dial(&net.DNSError{Err: "server misbehaving", Name: "api.example.com", Server: "127.0.0.53:53", IsTemporary: true}),
			fault.Fault{Words: "UP42 can't be found: the host api.example.com can't be looked up", Do: "check the network and the name of the host"},
		},
		"certificate": {
			fmt.Errorf("call: %w", &tls.CertificateVerificationError{Err: errors.New("unknown authority")}),
			fault.Fault{Words: "there is no secure connection to UP42", Do: "the server's certificate is not trusted: see whether something stands in between"},
		},
		"no connection": {
			dial(os.NewSyscallError("connect", syscall.ECONNREFUSED)),
			fault.Fault{Words: "UP42 does not answer: connection refused", Do: "check the network, then try again"},
		},
		"hung up": {
			fmt.Errorf("call: %w", io.EOF),
			fault.Fault{Words: "UP42 does not answer: it hung up", Do: "check the network, then try again"},
		},
		"log":   {&roundtrip.LogError{Err: errors.New("disk full")}, fault.Fault{Words: "look for the test events in the store: disk full"}},
		"other": {errors.New("odd"), fault.Fault{Words: "odd", Do: "check the network, then try again"}},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tc.want, fault.Of(tc.err)) })
	}
}

func TestLine(t *testing.T) {
	assert.Equal(t, "it broke; try again", fault.Fault{Words: "it broke", Do: "try again"}.Line())
	assert.Equal(t, "it broke", fault.Fault{Words: "it broke"}.Line())
	assert.Equal(t, "try again (it broke)", fault.Fault{Words: "it broke", Do: "try again"}.Todo())
	assert.Equal(t, "it broke", fault.Fault{Words: "it broke"}.Todo())
}

func TestSecretsAreMasked(t *testing.T) {
	err := &client.Error{Status: http.StatusBadRequest, Message: "secret hunter2 is too weak"}
	assert.NotContains(t, fault.Of(err, "", "hunter2").Line(), "hunter2")
}
