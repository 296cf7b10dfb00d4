// Package fault has the words for calls to UP42 that failed: what went wrong,
// without the details of the network library, and what to do. What to do comes
// from [client.Advice] where it has an answer.
package fault

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/tui/roundtrip"
	"github.com/up42/up42-webhooks/tui/text"
)

// Fault says why a call failed, in clean words.
type Fault struct {
	// Words say what went wrong.
	Words string
	// Do says what to do before the call is tried again. It may be empty.
	Do string
	// Hopeless: it does not help to try again.
	Hopeless bool
	// Answered: UP42 answered, and refused the call. Otherwise UP42 was not
	// reached or failed itself, which may be over soon.
	Answered bool
}

// Line says in a line what went wrong, and what to do.
func (f Fault) Line() string {
	if f.Do == "" {
		return f.Words
	}
	return f.Words + "; " + f.Do
}

// Todo is a line like Line that begins with what to do: a line may be cut at its
// end.
func (f Fault) Todo() string {
	if f.Do == "" {
		return f.Words
	}
	return f.Do + " (" + f.Words + ")"
}

// Private is an error whose own words may name what nobody is to see. [Of] explains it in general
// words.
type Private struct{ Err error }

func (p Private) Error() string { return "it failed; the reason is not shown" }

func (p Private) Unwrap() error { return p.Err }

// Of explains an error. UP42 may repeat what it was sent, so the secrets that the
// call had to do with are masked.
func Of(err error, secrets ...client.Secret) Fault {
	f := explain(err)
	if private := (Private{}); errors.As(err, &private) {
		f.Words = inGeneral(private.Err)
	}
	for _, secret := range secrets {
		if secret != "" {
			f.Words = strings.ReplaceAll(f.Words, secret.Reveal(), secret.String())
		}
	}
	f.Words, f.Do = text.Clean(f.Words, 200), text.Clean(f.Do, 0)
	return f
}

func explain(err error) Fault {
	var refused *client.Error
	var log *roundtrip.LogError
	var dns *net.DNSError
	var cert *tls.CertificateVerificationError
	switch {
	case client.Fate(err) != "":
		return Fault{Words: client.Fate(err) + ": " + explain(client.Cause(err)).Words, Do: client.Advice(err)}
	case errors.As(err, &log):
		return Fault{Words: err.Error()}
	case errors.As(err, &refused):
		return refusal(err, refused)
	case errors.Is(err, context.Canceled):
		return Fault{Words: "the call was given up"}
	case errors.Is(err, context.DeadlineExceeded), timedOut(err):
		return Fault{Words: "UP42 did not answer in time", Do: "try again"}
	case errors.As(err, &dns):
		return Fault{Words: "UP42 can't be found: " + client.Broken(err), Do: client.Advice(err)}
	case errors.As(err, &cert):
		return Fault{Words: "there is no secure connection to UP42", Do: client.Advice(err)}
	}
	if cause := client.Broken(err); cause != "" {
		return Fault{Words: "UP42 does not answer: " + cause, Do: "check the network, then try again"}
	}
	return Fault{Words: err.Error(), Do: client.Advice(err)}
}

// inGeneral are the words for an error without names, ids and texts from elsewhere.
func inGeneral(err error) string {
	var refused *client.Error
	var log *roundtrip.LogError
	var dns *net.DNSError
	switch {
	case client.Fate(err) != "":
		return client.Fate(err) + ": " + inGeneral(client.Cause(err))
	case errors.As(err, &log):
		return "the store could not be read"
	case errors.As(err, &refused):
		return strings.TrimSuffix(fmt.Sprintf("UP42 answered %d: %s", refused.Status, http.StatusText(refused.Status)), ": ")
	case errors.As(err, &dns):
		return "UP42 can't be found"
	case timedOut(err), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded), client.Broken(err) != "":
		return explain(err).Words
	default:
		return "the call failed"
	}
}

func timedOut(err error) bool {
	var network net.Error
	return errors.As(err, &network) && network.Timeout()
}

// refusal explains an error in which UP42 refuses a call. It takes UP42's own words, or the name of its status.
func refusal(err error, e *client.Error) Fault {
	if client.ClientRefused(e) {
		return Fault{
			Words:    "UP42 does not let this client id sign in",
			Do:       "set --client-id or UP42_CLIENT_ID to " + client.DefaultClientID + ", as UP42's SDK does, and start up42hooks again",
			Hopeless: true, Answered: true,
		}
	}
	if client.PasswordRefused(e) {
		return Fault{
			Words:    "UP42 does not accept this user name or password",
			Do:       strings.TrimSuffix("correct UP42_USERNAME and UP42_PASSWORD and start up42hooks again; "+client.NextSignIn(err), "; "),
			Hopeless: true, Answered: true,
		}
	}
	words := strings.TrimSpace(e.Message)
	if words == "" {
		words = http.StatusText(e.Status)
	}
	words = strings.TrimSuffix(fmt.Sprintf("UP42 answered %d: %s", e.Status, words), ": ")
	return Fault{Words: words, Do: client.Advice(e), Answered: e.Status < http.StatusInternalServerError}
}
