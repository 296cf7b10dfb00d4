package webhooks

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

// fault is why a call failed, in clean words.
type fault struct {
	words string
	do    string // what to do before it is tried again; "": nothing
	// hopeless: trying again changes nothing.
	hopeless bool
}

// why says in a clean line why a call failed, and what to do.
func why(err error, secrets ...client.Secret) string {
	f := faultOf(err, secrets...)
	if f.do == "" {
		return f.words
	}
	return f.words + "; " + f.do
}

// faultOf reads an error. UP42 may repeat what it was sent, so the secrets that a
// call had to do with are taken out.
func faultOf(err error, secrets ...client.Secret) fault {
	f := blame(err)
	for _, secret := range secrets {
		if secret != "" {
			f.words = strings.ReplaceAll(f.words, secret.Reveal(), secret.String())
		}
	}
	f.words, f.do = text.Clean(f.words, 200), text.Clean(f.do, 0)
	return f
}

// blame finds out who is to blame. What was being done the page says itself.
func blame(err error) fault {
	var refused *client.Error
	var unread *roundtrip.LogError
	var dns *net.DNSError
	var cert *tls.CertificateVerificationError
	switch {
	case errors.As(err, &unread):
		return fault{words: err.Error()}
	case errors.As(err, &refused):
		return refusal(refused)
	case errors.Is(err, context.Canceled):
		return fault{words: "it was given up"}
	case errors.Is(err, context.DeadlineExceeded), timedOut(err):
		return fault{words: "UP42 did not answer in time", do: "try again"}
	case errors.As(err, &dns):
		return fault{words: "UP42 can't be found (there is no host " + dns.Name + ")", do: client.Advice(err)}
	case errors.As(err, &cert):
		return fault{words: "there is no safe way to UP42", do: client.Advice(err)}
	}
	if cause := client.Broken(err); cause != "" {
		return fault{words: "UP42 does not answer (" + cause + ")", do: "check the network, then try again"}
	}
	return fault{words: err.Error(), do: client.Advice(err)}
}

func timedOut(err error) bool {
	var network net.Error
	return errors.As(err, &network) && network.Timeout()
}

// refusal is UP42's own words, or what its status means.
func refusal(e *client.Error) fault {
	if client.PasswordRefused(e) {
		return fault{
			words: "UP42 does not accept this user name or password",
			do:    "correct UP42_USERNAME and UP42_PASSWORD and start up42hooks again", hopeless: true,
		}
	}
	words := strings.TrimSpace(e.Message)
	if words == "" {
		words = http.StatusText(e.Status)
	}
	words = strings.TrimSpace(fmt.Sprintf("%s (%d)", words, e.Status))
	return fault{words: "UP42 says: " + words, do: client.Advice(e)}
}

// uncertain says that a call that failed may have been carried out all the
// same: its answer was lost.
func uncertain(err error) bool {
	var refused *client.Error
	return !errors.As(err, &refused) || refused.Status >= http.StatusInternalServerError
}

// failed tells of a call that failed: what it was in a note, and why where it
// was made from; in the note too if that is the list.
func (p *Page) failed(from layer, what, why string) {
	switch l := from.(type) {
	case *form:
		l.problem = why
	case *removal:
		l.problem = why
	case *test:
	default:
		what += ": " + why
	}
	p.say(Failure, what)
}
