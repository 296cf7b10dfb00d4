package actions_test

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
	"github.com/up42/up42-webhooks/tui/webhooks/pagetest"
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
		{"no network", pagetest.Unreachable(syscall.EHOSTUNREACH), "UP42 does not answer: no route to host"},
		{"hung up", fmt.Errorf("call: %w", io.EOF), "UP42 does not answer: it hung up"},
		{"no such host", fmt.Errorf("call: %w", &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "api.example.com", IsNotFound: true}}), "UP42 can't be found: there is no host api.example.com"},
		{"wrong password", &client.Error{Call: "sign in", Status: http.StatusUnauthorized, Message: "Invalid user credentials"}, "UP42 does not accept this user name or password"},
		{"too late", fmt.Errorf("call: %w", context.DeadlineExceeded), "UP42 did not answer in time"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
				for _, call := range []struct {
					name string
					keys []string
					out  int // how often esc leads back
				}{
					{"list", []string{"r"}, 0},
					{"create", []string{"c", "ctrl+s"}, 1},
					{"get", []string{"o", "o"}, 0},
					{"update", []string{"o", "o"}, 0},
					{"update", []string{"e", "x", "ctrl+s", "enter"}, 3},
					{"delete", []string{"d", "monitor", "enter"}, 1},
					{"test", []string{"t"}, 1},
				} {
					s.UP42.Fail = map[string]error{call.name: tc.err}
					s.Press(call.keys...)
					require.Len(t, s.Notes, 1, call.name)
					assert.True(t, strings.HasPrefix(s.Notes[0], "! "), s.Notes[0])
					said := strings.Join(strings.Fields(s.View()), " ") + " " + s.Notes[0]
					assert.Equal(t, 1, strings.Count(said, tc.words), "%s: it is said, and once: %s", call.name, said)
					assert.NotContains(t, said, "dial", call.name)
					assert.NotContains(t, said, "192.0.2.1", call.name)
					for range call.out {
						s.Press("esc")
					}
					s.Shows("monitor ")
					s.UP42.Fail = map[string]error{}
					s.Press("r")
				}
				assert.Equal(t, pagetest.Mine, s.UP42.Get(pagetest.Mine.ID))
			}, pagetest.Two)
		})
	}
}

func TestWebhookDeletedByOthersGoes(t *testing.T) {
	for name, keys := range map[string][]string{
		"o": {"o", "o"}, "edit": {"e", "x", "ctrl+s", "enter"}, "test": {"t"}, "delete": {"d", "monitor", "enter"}, "from the details": {"enter", "t"},
	} {
		t.Run(name, func(t *testing.T) {
			pagetest.Run(t, 80, 19, func(s *pagetest.Screen) {
				s.UP42.Remove(pagetest.Mine.ID)
				s.Press(keys...)
				s.Says("deleted", "u creates it again")
				n, _ := s.Page.Count()
				assert.Equal(t, 1, n)
				s.Shows("staging")
				s.Press("u")
				s.Says("created monitor again")
				assert.Equal(t, pagetest.Mine.Secret, s.UP42.All[1].Secret)
			}, pagetest.Two)
		})
	}
}
