package webhooks_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client"
)

func TestFailuresSayWhatToDo(t *testing.T) {
	refusal := func(status int, message string) error {
		return &client.Error{Call: "call", Status: status, Message: message}
	}
	for _, tc := range []struct {
		name  string
		err   error
		words string
	}{
		{"401", refusal(http.StatusUnauthorized, "token expired"), "token expired"},
		{"403", refusal(http.StatusForbidden, "not your workspace"), "not your workspace"},
		{"409", refusal(http.StatusConflict, "it exists"), "it exists"},
		{"422", refusal(http.StatusUnprocessableEntity, "events: unknown \x1b[2Jevent"), `events: unknown \u001b[2Jevent`},
		{"429", refusal(http.StatusTooManyRequests, "slow down"), "slow down"},
		{"500", refusal(http.StatusInternalServerError, "an HTML page instead of JSON"), "an HTML page instead of JSON"},
		{"no network", unreachable(syscall.EHOSTUNREACH), "UP42 does not answer (no route to host)"},
		{"hung up", fmt.Errorf("call: %w", io.EOF), "UP42 does not answer (it hung up)"},
		{"no such host", fmt.Errorf("call: %w", &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "api.example.com", IsNotFound: true}}), "UP42 can't be found (there is no host api.example.com)"},
		{"wrong password", &client.Error{Call: "sign in", Status: http.StatusUnauthorized, Message: "Invalid user credentials"}, "UP42 does not accept this user name or password"},
		{"too late", fmt.Errorf("call: %w", context.DeadlineExceeded), "UP42 did not answer in time"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			within(t, 80, 19, func(s *screen) {
				for _, call := range []struct {
					name string
					keys []string
					out  int // how often esc leads back
				}{
					{"list", []string{"r"}, 0},
					{"create", []string{"c", "ctrl+s"}, 1},
					{"get", []string{"space", "space"}, 0},
					{"update", []string{"space", "space"}, 0},
					{"update", []string{"e", "x", "ctrl+s", "enter"}, 3},
					{"delete", []string{"d", "monitor", "enter"}, 1},
					{"test", []string{"t"}, 1},
				} {
					s.api.fail = map[string]error{call.name: tc.err}
					s.press(call.keys...)
					require.Len(t, s.notes, 1, call.name)
					assert.True(t, strings.HasPrefix(s.notes[0], "! "), s.notes[0])
					said := strings.Join(strings.Fields(s.view()), " ") + " " + s.notes[0]
					assert.Equal(t, 1, strings.Count(said, tc.words), "%s: it is said, and once: %s", call.name, said)
					assert.NotContains(t, said, "dial", call.name)
					assert.NotContains(t, said, "192.0.2.1", call.name)
					for range call.out {
						s.press("esc")
					}
					s.shows("monitor ")
					s.api.fail = map[string]error{}
					s.press("r")
				}
				assert.Equal(t, mine, s.api.get(mine.ID))
			}, two)
		})
	}
}

func TestWebhookDeletedByOthersGoes(t *testing.T) {
	for name, keys := range map[string][]string{
		"space": {"space", "space"}, "edit": {"e", "x", "ctrl+s", "enter"}, "test": {"t"}, "delete": {"d", "monitor", "enter"}, "from the details": {"enter", "t"},
	} {
		t.Run(name, func(t *testing.T) {
			within(t, 80, 19, func(s *screen) {
				s.api.remove(mine.ID)
				s.press(keys...)
				s.says("deleted", "u creates it again")
				n, _ := s.p.Count()
				assert.Equal(t, 1, n)
				s.shows("staging")
				s.press("u")
				s.says("created monitor again")
				assert.Equal(t, mine.Secret, s.api.webhooks[1].Secret)
			}, two)
		})
	}
}
