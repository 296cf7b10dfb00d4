package webhooks

import (
	"context"
	"errors"
	"net/http"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/text"
)

// why says in a clean line why a call failed, and what to do.
func why(err error) string {
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return "UP42 did not answer in time; try again"
	case errors.Is(err, context.Canceled):
		return "it was given up"
	}
	s := text.Clean(err.Error(), 300)
	if do := advice(err); do != "" {
		s += "; " + text.Clean(do, 200)
	}
	return s
}

// uncertain says that a call that failed may have been carried out all the
// same: its answer was lost.
func uncertain(err error) bool {
	var refused *client.Error
	return !errors.As(err, &refused) || refused.Status >= http.StatusInternalServerError
}
