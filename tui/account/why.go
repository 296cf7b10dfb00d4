package account

import (
	"errors"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/fault"
)

// why says in one line what to do about a call that failed, and what went wrong.
func why(err error) string { return fault.Of(err).Todo() }

// answered reports whether UP42 answered, and refused the call.
func answered(err error) bool {
	var refused *client.Error
	return errors.As(err, &refused)
}
