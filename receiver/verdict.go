package receiver

import "github.com/up42/up42-webhooks/receiver/signature"

// Verdict is what the receiver thinks of a delivery.
type Verdict string

// The verdicts, best first.
const (
	// Verified: the signature is good and a covered digest matches the body.
	Verified Verdict = "verified"
	// Trusted: it came with the configured basic authentication.
	Trusted Verdict = "trusted"
	// Partial: the signature is good, but nothing that it covers vouches for
	// the body.
	Partial Verdict = "partial"
	// Unsigned: there is no signature, and the owner allows that.
	Unsigned Verdict = "unsigned"
	// Rejected: kept for the owner to see, with its Reason, and never used.
	Rejected Verdict = "rejected"
)

// Trust orders verdicts by what they are worth: an event of lower trust never
// overrules one of higher trust.
type Trust uint8

// The steps of trust.
const (
	NoTrust       Trust = iota // rejected
	UnsignedTrust              // unsigned
	PartialTrust               // partial
	FullTrust                  // verified and trusted
)

// Trust is the verdict's step of trust.
func (v Verdict) Trust() Trust {
	switch v {
	case Verified, Trusted:
		return FullTrust
	case Partial:
		return PartialTrust
	case Unsigned:
		return UnsignedTrust
	default:
		return NoTrust
	}
}

// String names the step as its verdict does; full trust, which two verdicts
// share, is "full".
func (t Trust) String() string {
	switch t {
	case FullTrust:
		return "full"
	case PartialTrust:
		return string(Partial)
	case UnsignedTrust:
		return string(Unsigned)
	default:
		return string(Rejected)
	}
}

// Reason says why a delivery was rejected; it is for the owner, never for the
// sender. The reasons of the signature are in package signature.
type Reason = signature.Reason

// The reasons that the receiver adds to those of the signature.
const (
	BodyMalformed    Reason = "body-malformed"     // not JSON, no object, or no event name
	BodyTooLarge     Reason = "body-too-large"     // over the configured cap
	MethodNotAllowed Reason = "method-not-allowed" // anything but POST
	WrongCredentials Reason = "wrong-credentials"  // basic authentication that does not match
)
