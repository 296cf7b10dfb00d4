package detail

import (
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/signature"
)

// advice explains a reason to the owner of the receiver.
type advice struct{ what, do string }

// adviceFor explains why a delivery was rejected and what can be done about it.
func adviceFor(r receiver.Reason) advice {
	if a, ok := advices[r]; ok {
		return a
	}
	return advice{"It was rejected for a reason that this version has no words for.", "Update up42hooks."}
}

const notFromUP42 = "If you don't know the sender, nothing needs to be done: it was not let in."

var advices = map[receiver.Reason]advice{
	signature.MissingSignature: {
		"It carries no signature, or only half of one.",
		"Give the webhook a secret at UP42, the same one as here: UP42 signs only then. To take unsigned deliveries all the same, start with --allow-unsigned.",
	},
	signature.MalformedSignatureInput: {
		"Its Signature-Input header can't be read, or has no up42-sig in it.",
		"Something between UP42 and here may rewrite headers. " + notFromUP42,
	},
	signature.MalformedSignature: {
		"Its Signature header holds no up42-sig, or one that is no base64 of 32 bytes.",
		"Something between UP42 and here may rewrite headers. " + notFromUP42,
	},
	signature.MissingCreated: {
		"Its signature does not say when it was made.",
		"UP42's signatures always do. " + notFromUP42,
	},
	signature.NoCoveredComponents: {
		"Its signature covers no header at all, so it proves nothing.",
		notFromUP42,
	},
	signature.DuplicateComponent: {
		"Its signature names the same header twice.",
		notFromUP42,
	},
	signature.ComponentUnsupported: {
		"Its signature covers something other than a plain header.",
		"UP42's signatures cover headers only. " + notFromUP42,
	},
	signature.UnexpectedComponents: {
		"Its signature covers other headers than the ones that --components pins.",
		"If UP42 changed what it signs, compare with a delivery that you trust and change --components.",
	},
	signature.ComponentMissing: {
		"Its signature covers a header that the request does not have.",
		"A proxy or tunnel in front may drop headers: let it pass all of them.",
	},
	signature.ComponentRepeated: {
		"A header that its signature covers is there more than once.",
		"A proxy or tunnel in front may add headers of its own: let it pass them unchanged.",
	},
	signature.ComponentMalformed: {
		"A header that its signature covers does not have the form that its name calls for, or its lines did not come as HTTP has them.",
		"A proxy or tunnel in front may rewrite headers: let it pass them unchanged, each in one line, one request after the other's answer.",
	},
	signature.Stale: {
		"Its signature was made too long ago.",
		"Check this machine's clock. If deliveries do take that long to come here, raise --max-age.",
	},
	signature.Future: {
		"Its signature was made in the future.",
		"Check this machine's clock: it seems to be slow. --max-future says how much is let pass.",
	},
	signature.NoSecret: {
		"It is signed, but this receiver has no secret to check that with.",
		"Start with --secret-file or UP42_WEBHOOK_SECRET, holding the secret that the webhook has at UP42.",
	},
	signature.SignatureMismatch: {
		"Its signature was not made with any of the secrets that are configured here.",
		"Compare the webhook's secret at UP42 with the one here. " + notFromUP42,
	},
	signature.DigestMismatch: {
		"Its body is not the one that its digest was made of: it was changed on its way.",
		"A proxy in front may rewrite bodies: let it pass them byte for byte.",
	},
	signature.DigestRequired: {
		"Its signature does not cover a digest of the body, and --require-digest asks for one.",
		"Without --require-digest such a delivery is taken, marked as partial.",
	},
	receiver.BodyMalformed: {
		"Its body is no JSON object that names an event.",
		"It was not made by UP42's webhooks, or was cut on its way.",
	},
	receiver.BodyTooLarge: {
		"Its body is larger than --max-body allows.",
		"UP42's are about a kilobyte. If you expect larger ones, raise --max-body.",
	},
	receiver.MethodNotAllowed: {
		"It is no POST request.",
		"UP42 delivers by POST. Often it is a browser or a scanner that came by.",
	},
	receiver.WrongCredentials: {
		"Its user name or password is not the one that --basic-auth sets.",
		"Compare the forwarder's credentials with --basic-auth.",
	},
}
