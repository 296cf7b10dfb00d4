package verify

import (
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/signature"
)

// advice explains a reason to the owner of the receiver.
type advice struct{ meaning, todo string }

func adviceOn(r receiver.Reason) advice { return advices[r] }

var advices = map[receiver.Reason]advice{
	signature.MissingSignature: {
		"Signature, Signature-Input or the label up42-sig in one of them is missing",
		"give the webhook a secret at UP42; if a proxy in between drops headers, let it pass them; --allow-unsigned takes deliveries without any signature",
	},
	signature.MalformedSignatureInput: {
		"Signature-Input is no dictionary with one list and a created time of 10 to 20 digits under up42-sig",
		"see whether a proxy in between changes headers; otherwise it was not UP42 who sent this",
	},
	signature.MalformedSignature: {
		"the value in Signature is not the padded base64 of 32 bytes, or the header is there twice",
		"see whether a proxy in between changes headers; otherwise it was not UP42 who sent this",
	},
	signature.MissingCreated: {
		"Signature-Input does not say when the signature was made",
		"nothing: without a time a signature could be used for ever",
	},
	signature.NoCoveredComponents: {
		"the signature covers no header at all",
		"nothing: such a signature says nothing about this request",
	},
	signature.DuplicateComponent: {
		"the signature lists a header twice",
		"nothing: it was not UP42 who sent this, or its way of signing has changed",
	},
	signature.ComponentUnsupported: {
		"the signature lists something that is not the name of a header in lower case",
		"nothing: UP42 signs headers only, or its way of signing has changed",
	},
	signature.UnexpectedComponents: {
		"the signature covers other headers than --components asks for, or in another order",
		"if UP42 signs other headers now, change --components; otherwise this was cut from another request",
	},
	signature.ComponentMissing: {
		"a header that the signature covers is not in the request",
		"see whether a proxy in between drops it",
	},
	signature.ComponentRepeated: {
		"a header that the signature covers is there more than once",
		"see whether a proxy in between adds one of its own, such as Date",
	},
	signature.ComponentMalformed: {
		"a covered header is empty, holds bytes that are not plain ASCII, goes on in a second line, or has not the form of its kind",
		"see whether a proxy in between changes it; otherwise bytes were moved from one header to the next",
	},
	signature.Stale: {
		"the signature, or the date that it covers, is too old",
		"for an old capture give --now; for fresh deliveries set this machine's clock right, or give a larger --max-age",
	},
	signature.Future: {
		"the signature, or the date that it covers, is ahead of the clock",
		"set this machine's clock right; for a capture see whether --now is right",
	},
	signature.NoSecret: {
		"no secret is configured, so that no signature can be checked",
		"give the webhook's secret with --secret-file or UP42_WEBHOOK_SECRET; if it is the one that up42hooks made, `up42hooks config` names its file",
	},
	signature.SignatureMismatch: {
		"none of the configured secrets makes this signature over these headers",
		"see whether the secret is that of this webhook, without quotation marks or a space at its end; if it is, covered headers were changed on the way",
	},
	signature.DigestMismatch: {
		"a digest header does not match the body",
		"keep the body byte for byte: something in between (or the capture) has changed it, be it only white space or line ends",
	},
	signature.DigestRequired: {
		"the signature is good, but vouches for no SHA-256 or SHA-512 digest of the body, which --require-digest asks for",
		"without --require-digest it is taken as partial",
	},
	receiver.BodyMalformed: {
		"the receiver could not tell where the body ends, or would wait for more of it",
		"capture the request again, byte for byte",
	},
}
