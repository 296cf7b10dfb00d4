package roundtrip

import (
	"fmt"
	"strings"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/signature"
	"github.com/up42/up42-webhooks/tui/text"
)

// shown is how much of UP42's own words, and of a URL, a cause holds, in cells.
const shown = 200

// cause is why an event likely did not make it, and what to do; "" where it
// did.
func (t *trip) cause(x expectation, a *arrival) string {
	switch {
	case a == nil:
		return t.lost(x)
	case a.verdict == receiver.Rejected:
		return t.rejection(a)
	case a.verdict == receiver.Partial:
		return fmt.Sprintf("the signature covers %s, but no digest: it does not vouch for the body", headers(a))
	case a.verdict == receiver.Unsigned && t.webhook.Secret == "":
		return "the webhook has no secret, so that nothing is signed: set one"
	case a.verdict == receiver.Unsigned:
		return "it came without a signature, though the webhook has a secret: see whether a proxy in between drops headers"
	case a.verdict == receiver.Trusted:
		return "it came with the receiver's password and was not judged by its signature"
	case x.failed:
		return "it is stored, but the answer did not get back to UP42" + words(x)
	default:
		return ""
	}
}

// lost is why an event did not arrive.
func (t *trip) lost(x expectation) string {
	elsewhere := t.elsewhere()
	switch {
	case t.report == nil:
		return "UP42 did not say whether it sent it"
	case x.untested && t.report.Run == 0:
		return "UP42 ran no test at all: see whether the webhook is active and has events"
	case x.untested:
		return "UP42 ran no test of this event: see whether there is such an event type"
	case x.failed && elsewhere != "":
		return "UP42 could not deliver it" + words(x) + "; " + elsewhere
	case x.failed:
		return "UP42 could not deliver it" + words(x) + ": see whether " + t.url() + " can be reached from outside"
	case elsewhere != "":
		return elsewhere
	case t.o.PointsHere != nil:
		return "nothing arrived, though " + t.url() + " leads here: see whether a proxy in between keeps it, and whether this is the receiver's store"
	default:
		return "nothing arrived: see whether " + t.url() + " leads to the receiver, and whether this is the receiver's store"
	}
}

// elsewhere says that the webhook's URL leads away from the receiver, "" where
// it leads there or where that is not known.
func (t *trip) elsewhere() string {
	switch {
	case t.o.PointsHere == nil || t.o.PointsHere(t.webhook.URL):
		return ""
	case t.o.Here == "":
		return "the webhook's URL " + t.url() + " does not lead to this receiver: change it, or tell the receiver its --public-url"
	default:
		return "the webhook's URL " + t.url() + " leads elsewhere, this receiver is at " + text.Clean(t.o.Here, shown) + ": change the one or the other"
	}
}

func (t *trip) url() string { return text.Clean(t.webhook.URL, shown) }

// words are UP42's own, in brackets.
func words(x expectation) string {
	message := strings.Join(strings.Fields(x.test.Message), " ")
	if message == "" {
		return ""
	}
	return " (" + text.Clean(message, shown) + ")"
}

func headers(a *arrival) string {
	if len(a.components) == 0 {
		return "nothing"
	}
	return text.Clean(strings.Join(a.components, ", "), shown)
}

// rejection is why the receiver turned an event away.
func (t *trip) rejection(a *arrival) string {
	switch a.reason {
	case signature.SignatureMismatch:
		return "the receiver does not know this webhook's secret: give it with --secret-file, or give the receiver the credentials for UP42 (with them it learns a new secret within a minute: test again)"
	case signature.NoSecret:
		return "the receiver knows no secret: give it this webhook's with --secret-file, or give it the credentials for UP42"
	case signature.MissingSignature:
		if t.webhook.Secret == "" {
			return "the webhook has no secret, so that UP42 signs nothing: set one"
		}
		return "it came without a signature, though the webhook has a secret: see whether a proxy in between drops headers"
	case signature.Stale, signature.Future:
		return fmt.Sprintf("the signature's time is %s: the clocks differ, set this machine's right", clock(a.reason))
	case signature.UnexpectedComponents:
		return fmt.Sprintf("the signature covers %s, which is not the pinned list: change --components", headers(a))
	case signature.DigestMismatch:
		return "the body is not the one that was signed: see what in between changes it"
	case signature.DigestRequired:
		return fmt.Sprintf("the signature covers %s, but no digest, which --require-digest asks for", headers(a))
	case signature.ComponentMissing, signature.ComponentRepeated, signature.ComponentMalformed,
		signature.MalformedSignature, signature.MalformedSignatureInput:
		return fmt.Sprintf("rejected (%s): see what in between changes the headers", a.reason)
	case receiver.WrongCredentials:
		return "it came with a wrong password: see what in between adds one"
	default:
		return fmt.Sprintf("rejected (%s)", a.reason)
	}
}

func clock(r receiver.Reason) string {
	if r == signature.Future {
		return "ahead"
	}
	return "too old"
}
