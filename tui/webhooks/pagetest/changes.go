package pagetest

import (
	"fmt"
	"net"
	"os"
	"syscall"
	"time"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/tuitest"
	"github.com/up42/up42-webhooks/tui/webhooks"
)

// Mine and Other are webhooks of the workspace. Mine leads to this receiver.
var (
	Mine = client.Webhook{
		ID: "0b1f6bb4-1111-4a0e-8c53-a3dbe3b5d7a1", Name: "monitor", URL: PublicURL, Events: []string{"job.status", "order.status"},
		Active: true, Secret: "the-first-secret", CreatedAt: tuitest.Noon.Add(-48 * time.Hour), UpdatedAt: tuitest.Noon.Add(-3 * time.Hour),
	}
	Other = client.Webhook{
		ID: "0b1f6bb4-2222-4a0e-8c53-a3dbe3b5d7a1", Name: "staging orders", URL: "https://staging.example.com/up42/hooks/orders?tenant=7", Events: []string{"order.status"},
		CreatedAt: tuitest.Noon.Add(-24 * time.Hour), UpdatedAt: tuitest.Noon.Add(-24 * time.Hour),
	}
)

// Two gives the workspace two webhooks, Mine and Other.
func Two(s *Screen, _ *webhooks.Options) { s.UP42.Have(Mine, Other) }

// Have gives the workspace these webhooks.
func Have(all ...client.Webhook) Change {
	return func(s *Screen, _ *webhooks.Options) { s.UP42.Have(all...) }
}

// Hidden makes UP42 leave the secrets of webhooks out of its answers.
func Hidden(s *Screen, _ *webhooks.Options) { s.UP42.Hidden = true }

// Forty makes UP42 name forty events.
func Forty(s *Screen, _ *webhooks.Options) {
	s.UP42.Types = nil
	for i := range 40 {
		name := fmt.Sprintf("kind-%02d.status", i+1)
		s.UP42.Types = append(s.UP42.Types, client.EventType{Name: name, Title: "Updates of kind " + fmt.Sprint(i+1)})
	}
}

// NoCredentials is a page without an API.
func NoCredentials(_ *Screen, o *webhooks.Options) { o.API = nil }

// WrongPassword makes UP42 refuse the password.
func WrongPassword(s *Screen, _ *webhooks.Options) {
	s.UP42.Fail["list"] = &client.Error{Call: "sign in", Status: 401, Message: "Invalid user credentials"}
}

// Unreachable is the error of a client if nothing answers.
func Unreachable(cause syscall.Errno) error {
	return fmt.Errorf("call: %w", &net.OpError{
		Op: "dial", Net: "tcp", Addr: &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 443}, Err: os.NewSyscallError("connect", cause),
	})
}
