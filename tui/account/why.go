package account

import (
	"context"
	"errors"
	"net"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/text"
)

// why says in one line what to do about a call that failed, and what went wrong.
// What to do comes first, as the end of the line may be cut.
func why(err error) string {
	switch {
	case client.PasswordRefused(err):
		return "correct UP42_USERNAME and UP42_PASSWORD and start up42hooks again: UP42 does not accept them"
	case errors.Is(err, context.DeadlineExceeded):
		return "it did not answer in time; R tries again"
	}
	words, do := text.Clean(blame(err), 0), client.Advice(err)
	if do == "" {
		return words
	}
	return text.Clean(do, 0) + " (" + words + ")"
}

// answered reports whether UP42 answered, and refused the call.
func answered(err error) bool {
	var refused *client.Error
	return errors.As(err, &refused)
}

// blame says what went wrong, without the details of the network library.
func blame(err error) string {
	var dns *net.DNSError
	switch {
	case answered(err):
		return err.Error()
	case errors.As(err, &dns):
		return "there is no host " + dns.Name
	case client.Broken(err) != "":
		return "UP42 does not answer: " + client.Broken(err)
	default:
		return err.Error()
	}
}
