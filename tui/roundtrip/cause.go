package roundtrip

import (
	"fmt"
	"strings"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/signature"
	"github.com/up42/up42-webhooks/tui/text"
)

// maxQuoted is the most cells of a text from outside that a cause has.
const maxQuoted = 200

// explainer finds out why events failed.
type explainer struct {
	webhook    client.Webhook
	report     *client.TestReport // nil: UP42 has not answered
	lost       error              // why UP42's answer was lost; nil: it was not
	pointsHere func(url string) bool
	here       string
}

// cause says why an event probably failed, and what to do. It is empty if the
// event did not fail. The words for reasons are the receiver's, unless more is
// known here: which webhook it is, and whether it has a secret.
func (c *explainer) cause(x expectation, a *arrival) string {
	switch {
	case a == nil:
		return c.notArrived(x)
	case a.verdict == receiver.Rejected:
		return c.rejected(a)
	case a.verdict == receiver.Partial && a.covered:
		return "it is not proved that it is recent: " + a.age
	case a.verdict == receiver.Partial:
		return fmt.Sprintf("the signature covers %s, but no digest: it does not prove the body", covered(a))
	case a.verdict == receiver.Unsigned:
		return c.unsigned()
	case a.verdict == receiver.Trusted:
		return "it came with the receiver's password and was not judged by its signature"
	case x.failed:
		return "it is stored, but the answer did not get back to UP42" + message(x)
	default:
		return ""
	}
}

// notArrived says why an event is not in the log.
func (c *explainer) notArrived(x expectation) string {
	elsewhere := c.elsewhere()
	switch {
	case c.report == nil:
		return "UP42 did not say whether it sent it"
	case x.untested && c.report.Run == 0:
		return "UP42 ran no test at all: check whether the webhook is active and has events"
	case x.untested:
		return "UP42 ran no test of this event: check whether this event type exists"
	case x.failed && elsewhere != "":
		return "UP42 could not deliver it" + message(x) + "; " + elsewhere
	case x.failed:
		return "UP42 could not deliver it" + message(x) + ": check whether " + c.url() + " can be reached from outside"
	case elsewhere != "":
		return elsewhere
	case c.pointsHere != nil:
		return "nothing arrived, though " + c.url() + " leads here: check whether a proxy in between drops it, and whether this is the receiver's store"
	default:
		return "nothing arrived: check whether " + c.url() + " leads to the receiver, and whether this is the receiver's store"
	}
}

// elsewhere says that the webhook's URL does not lead to the receiver. It is
// empty if the URL does, or if that is not known.
func (c *explainer) elsewhere() string {
	switch {
	case c.pointsHere == nil || c.pointsHere(c.webhook.URL):
		return ""
	case c.here == "":
		return "the webhook's URL " + c.url() + " does not lead to this receiver: change it, or give the receiver its --public-url"
	default:
		return "the webhook's URL " + c.url() + " leads elsewhere, this receiver is at " + text.Clean(c.here, maxQuoted) + ": change one of them"
	}
}

func (c *explainer) url() string { return text.Clean(c.webhook.URL, maxQuoted) }

// unsigned says why an event has no signature.
func (c *explainer) unsigned() string {
	switch {
	case c.webhook.SecretUnknown:
		return "it came without a signature: set a secret for the webhook, or check whether a proxy in between drops headers"
	case c.webhook.Secret == "":
		return "the webhook has no secret, so UP42 signs nothing: set one"
	}
	return "it came without a signature, though the webhook has a secret: check whether a proxy in between drops headers"
}

// rejected says why the receiver rejected an event.
func (c *explainer) rejected(a *arrival) string {
	words := c.rejectedFor(a)
	if a.cause != "" {
		words += ". " + text.Clean(a.cause, 0)
	}
	return words
}

func (c *explainer) rejectedFor(a *arrival) string {
	switch a.reason {
	case signature.SignatureMismatch:
		return "the receiver does not know this webhook's secret: give it with --secret-file, or give the receiver the credentials for UP42 (with them it learns a new secret within a minute: test again)"
	case signature.NoSecret:
		return "the receiver knows no secret: give it this webhook's with --secret-file, or give it the credentials for UP42"
	case signature.MissingSignature:
		return c.unsigned()
	case signature.Stale:
		return "the signature's time is too old: the clocks differ, set this machine's clock"
	case signature.Future:
		return "the signature's time is ahead: the clocks differ, set this machine's clock"
	case signature.UnexpectedComponents:
		return fmt.Sprintf("the signature covers %s, which is not the pinned list: change --components", covered(a))
	case signature.DigestMismatch:
		return "the body is not the one that was signed: check what in between changes it"
	case signature.DigestRequired:
		return fmt.Sprintf("the signature covers %s, but no digest, which --require-digest asks for", covered(a))
	default:
		return fmt.Sprintf("rejected (%s): %s", a.reason, receiver.Explain(a.reason).Short)
	}
}

// message is UP42's text about a test, in brackets.
func message(x expectation) string {
	m := strings.Join(strings.Fields(x.test.Message), " ")
	if m == "" {
		return ""
	}
	return " (" + text.Clean(m, maxQuoted) + ")"
}

// covered lists the headers that a signature covers.
func covered(a *arrival) string {
	if len(a.components) == 0 {
		return "nothing"
	}
	return text.Clean(strings.Join(a.components, ", "), maxQuoted)
}
