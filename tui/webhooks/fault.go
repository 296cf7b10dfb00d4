package webhooks

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/text"
)

// why says in a clean line why a call failed, and what to do. UP42 may repeat
// what it was sent, so the secrets that a call had to do with are taken out.
func why(err error, secrets ...client.Secret) string {
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return "UP42 did not answer in time; try again"
	case errors.Is(err, context.Canceled):
		return "it was given up"
	}
	s := err.Error()
	var refused *client.Error
	if errors.As(err, &refused) {
		s = refusal(refused)
	}
	for _, secret := range secrets {
		if secret != "" {
			s = strings.ReplaceAll(s, secret.Reveal(), secret.String())
		}
	}
	s = text.Clean(s, 200)
	if do := client.Advice(err); do != "" {
		s += "; " + text.Clean(do, 0)
	}
	return s
}

// refusal is UP42's own words, or what its status means. What was being done
// the page says itself.
func refusal(e *client.Error) string {
	words := strings.TrimSpace(e.Message)
	if words == "" {
		words = http.StatusText(e.Status)
	}
	return strings.TrimSpace(fmt.Sprintf("%s (%d)", words, e.Status))
}

// uncertain says that a call that failed may have been carried out all the
// same: its answer was lost.
func uncertain(err error) bool {
	var refused *client.Error
	return !errors.As(err, &refused) || refused.Status >= http.StatusInternalServerError
}
