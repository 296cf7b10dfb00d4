package receiver

import (
	"slices"

	"github.com/up42/up42-webhooks/receiver/altered"
	"github.com/up42/up42-webhooks/receiver/signature"
)

// Reason says why a delivery was rejected. It is for the owner of the receiver:
// the sender never learns it. The reasons of a signature are constants of package
// signature.
type Reason = signature.Reason

// The reasons that the receiver adds to those of the signature.
const (
	BodyMalformed    Reason = "body-malformed"     // not a JSON object that names an event, or its end is unclear
	BodyTooLarge     Reason = "body-too-large"     // longer than HandlerOptions.MaxBody
	MethodNotAllowed Reason = "method-not-allowed" // any method but POST
	WrongCredentials Reason = "wrong-credentials"  // basic authentication that differs from HandlerOptions.BasicAuth
)

// Words explain a [Reason] or a [Verdict] to the owner of the receiver.
type Words struct {
	// Short is a phrase for one line or a table cell. It starts in lower case and
	// has no full stop, so it can follow "rejected: ".
	Short string
	// Long explains in whole sentences.
	Long string
	// Todo says in whole sentences what the owner can do. It may be empty.
	Todo string
}

// Explain returns the words for a reason. A reason that this version does not
// know has words too.
func Explain(r Reason) Words {
	i := slices.IndexFunc(reasons[:], func(x reasonWords) bool { return x.reason == r })
	if i < 0 {
		return Words{"unknown reason", "This version of up42hooks has no explanation for this reason.", "Update up42hooks."}
	}
	return reasons[i].words
}

// Cause says what has probably changed a rejected delivery on its way to the receiver. It is
// zero if nothing speaks for a change. Its text may have header values: clean it before you
// print it.
func (e *Event) Cause() altered.Cause {
	if e.Verdict != Rejected || len(e.Headers) == 0 {
		return altered.Cause{}
	}
	header, host := e.header()
	// Without a secret only what is wrong with the covered headers is found.
	res, _ := signature.New(signature.Policy{}).VerifyHead(signature.Request{Header: header, Host: host}, e.ReceivedAt)
	_, err := Decode(e.Raw)
	return altered.Find(altered.Delivery{
		Reason: e.Reason, Header: header, Host: host, Body: e.Raw, Components: e.Proof.Components, Faulty: res.Faulty,
		Plain: e.Plain, Decodes: err == nil,
	})
}

// Reasons returns all reasons: first those of the signature, in the order in which
// they are checked.
func Reasons() []Reason {
	out := make([]Reason, len(reasons))
	for i, x := range reasons {
		out[i] = x.reason
	}
	return out
}

type reasonWords struct {
	reason Reason
	words  Words
}

const (
	checkProxy    = "Check whether a proxy or tunnel in between rewrites headers. "
	unknownSender = "If you don't know the sender, you don't need to do anything: the delivery was not accepted."
)

// reasons is the only place that has words for reasons: the screen, the commands
// and the documents read it.
var reasons = [...]reasonWords{
	{signature.MissingSignature, Words{
		"no signature",
		"The delivery has no signature, or only a part of one: Signature, Signature-Input or the label up42-sig in one of them is missing.",
		"Set a secret for the webhook at UP42: UP42 signs only if there is one. If a proxy in between drops headers, let it pass all of them. To accept deliveries without a signature, use --allow-unsigned.",
	}},
	{signature.MalformedSignatureInput, Words{
		"malformed Signature-Input",
		"The header Signature-Input can't be read, or does not have a list of headers and a created time of 10 to 20 digits under up42-sig.",
		checkProxy + unknownSender,
	}},
	{signature.MalformedSignature, Words{
		"malformed Signature",
		"The header Signature occurs twice, or its value is not the padded base64 of 32 bytes.",
		checkProxy + unknownSender,
	}},
	{signature.MissingCreated, Words{
		"signature without a time",
		"Signature-Input does not say when the signature was made. Without a time, a signature would be good for ever.",
		"UP42's signatures always have a time. " + unknownSender,
	}},
	{signature.NoCoveredComponents, Words{
		"signature covers no header",
		"The signature covers no header, so it proves nothing about this request.",
		unknownSender,
	}},
	{signature.DuplicateComponent, Words{
		"signature lists a header twice",
		"The signature lists the same header twice.",
		"UP42's signatures list each header once. " + unknownSender,
	}},
	{signature.ComponentUnsupported, Words{
		"signature covers more than headers",
		"The signature lists something that is not the name of a header in lower case.",
		"UP42's signatures cover only headers. " + unknownSender,
	}},
	{signature.UnexpectedComponents, Words{
		"signature covers unexpected headers",
		"The signature covers other headers than --components lists, or the same headers in another order.",
		"If UP42 signs other headers now, compare with a delivery that you trust and change --components. Otherwise somebody made this delivery from parts of another one.",
	}},
	{signature.ComponentMissing, Words{
		"a signed header is missing",
		"A header that the signature covers is not in the request.",
		"Check whether a proxy or tunnel in between drops headers: let it pass all of them.",
	}},
	{signature.ComponentRepeated, Words{
		"a signed header occurs twice",
		"A header that the signature covers occurs more than once.",
		"Check whether a proxy or tunnel in between adds a header of its own, such as Date.",
	}},
	{signature.ComponentMalformed, Words{
		"a signed header is malformed",
		"A header that the signature covers is empty, is not plain ASCII, continues on a second line, or does not have the form that its name requires.",
		"Check whether a proxy or tunnel in between rewrites headers: let it pass each header unchanged and on one line. Otherwise somebody moved bytes from one header to another.",
	}},
	{signature.Stale, Words{
		"signature too old",
		"The signature, or the date that it covers, is too old.",
		"Check this machine's clock. If deliveries take this long to arrive, raise --max-age.",
	}},
	{signature.Future, Words{
		"signature from the future",
		"The signature, or the date that it covers, is ahead of the clock.",
		"Check this machine's clock: it may be slow. --max-future sets how far ahead a signature may be.",
	}},
	{signature.NoSecret, Words{
		"no secret to check the signature with",
		"The delivery is signed, but no secret is configured, so no signature can be checked.",
		"Give the webhook's secret with --secret-file or UP42_WEBHOOK_SECRET. If up42hooks made the secret, its command config shows the file.",
	}},
	{signature.SignatureMismatch, Words{
		"signed with another secret",
		"None of the configured secrets makes this signature over these headers.",
		"Compare the webhook's secret at UP42 with the one here: it must not have quotation marks or a space at its end. If it is the same, something in between changed a signed header. " + unknownSender,
	}},
	{signature.DigestMismatch, Words{
		"body does not match its digest",
		"The body does not match the digest in its headers: the body was changed, even if only in white space or line ends.",
		"Check whether a proxy in between, or the way of capturing, changes the body: it must stay the same byte for byte.",
	}},
	{signature.DigestRequired, Words{
		"signature does not cover the body",
		"The signature is good, but it does not cover a SHA-256 or SHA-512 digest of the body, which --require-digest asks for.",
		"Without --require-digest, such a delivery is accepted with the verdict partial.",
	}},
	{BodyMalformed, Words{
		"malformed body",
		"The body is not a JSON object that names an event, or it was cut off, or the request does not say clearly where the body ends.",
		"UP42's webhooks don't send such a body. Check whether a proxy in between, or the way of capturing, cuts or changes it.",
	}},
	{BodyTooLarge, Words{
		"body too large",
		"The body is larger than --max-body allows.",
		"A body from UP42 has about a kilobyte. If you expect larger ones, raise --max-body.",
	}},
	{MethodNotAllowed, Words{
		"not a POST request",
		"The request is not a POST.",
		"UP42 delivers by POST. Other requests mostly come from browsers and scanners.",
	}},
	{WrongCredentials, Words{
		"wrong user name or password",
		"The request has a user name and a password that differ from those of --basic-auth.",
		"Compare the sender's credentials with --basic-auth. If the sender needs none, check whether a proxy in between adds some.",
	}},
}
