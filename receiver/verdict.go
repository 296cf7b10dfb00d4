package receiver

import "github.com/up42/up42-webhooks/receiver/signature"

// Verdict says how far a delivery can be trusted. See “Verdicts and reasons” in
// receiver/README.md.
type Verdict string

// The verdicts, best first.
const (
	// Verified: the signature is good, covers a digest that matches the body, and proves
	// that the delivery is recent.
	Verified Verdict = "verified"
	// Trusted: the delivery came with the configured basic authentication.
	Trusted Verdict = "trusted"
	// Partial: the signature is good, but does not cover a digest of the body, or does not
	// prove that the delivery is recent.
	Partial Verdict = "partial"
	// Unsigned: the delivery has no signature, and the owner allows that.
	Unsigned Verdict = "unsigned"
	// Rejected: the delivery is kept for the owner to see, with its Reason, and
	// is never used.
	Rejected Verdict = "rejected"
	// Unknown: a newer version of up42hooks stored the event with a verdict that this one does
	// not know. It is trusted as little as a rejected one. The receiver never gives it.
	Unknown Verdict = "unknown"
)

// Verdicts returns all verdicts that the receiver gives, best first.
func Verdicts() []Verdict { return []Verdict{Verified, Trusted, Partial, Unsigned, Rejected} }

// VerdictOf returns the verdict on what [signature.Verifier.Verify] returned.
func VerdictOf(res *signature.Result, err error) Verdict {
	switch {
	case err != nil:
		return Rejected
	case !res.Signed:
		return Unsigned
	case res.Proved():
		return Verified
	default:
		return Partial
	}
}

// Words returns the words for the verdict of a delivery with this proof.
func (p *Proof) Words(v Verdict) Words {
	if v == Partial && p.BodyCovered {
		return Words{
			Short: "signed, but the signature does not prove the age",
			Long:  "The signature is good, and it covers a digest that matches the body, but nothing that it covers proves that the delivery is recent: an old one could have been sent again. " + keptPartial,
			Todo:  "--max-message-age sets how old the body's timestamp may be if no date is signed.",
		}
	}
	return v.Words()
}

const keptPartial = "The event is kept and marked, and is never forwarded unless --accept-partial is given. Whoever reads events from listen sees its verdict."

// Words returns the words for the verdict. The words for why a delivery was
// rejected come from [Explain], and [Proof.Words] knows what is missing in a partial one.
func (v Verdict) Words() Words {
	switch v {
	case Verified:
		return Words{
			Short: "signed, and the signature covers the body",
			Long:  "The signature is good, and it covers a digest that matches the body: this is what UP42 sent.",
		}
	case Trusted:
		return Words{
			Short: "sent with the configured password",
			Long:  "The delivery came with the configured user name and password, so its sender is known. No signature vouches for the body.",
		}
	case Partial:
		return Words{
			Short: "signed, but the signature does not cover the body",
			Long:  "The signature is good, but it does not cover a digest of the body, so the body could have been changed. " + keptPartial,
			Todo:  "To reject such deliveries, use --require-digest.",
		}
	case Unsigned:
		return Words{
			Short: "not signed",
			Long:  "The delivery has no signature, and deliveries without a signature are allowed here. Anybody could have sent it.",
			Todo:  "Set a secret for the webhook at UP42, and remove --allow-unsigned.",
		}
	case Rejected:
		return Words{
			Short: "rejected",
			Long:  "The delivery was not accepted. It is kept for you to see, and is never used.",
		}
	default:
		return Words{
			Short: "unknown verdict",
			Long:  "A newer version of up42hooks stored this event, with a verdict that this version does not know. It is not used here.",
			Todo:  "Update up42hooks.",
		}
	}
}

// Trust orders verdicts by their worth: an event of lower trust never overrules
// one of higher trust.
type Trust uint8

// The levels of trust.
const (
	NoTrust       Trust = iota // rejected
	UnsignedTrust              // unsigned
	PartialTrust               // partial
	FullTrust                  // verified and trusted
)

// Trust returns the verdict's level of trust.
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

// String returns the name of the verdict that has this level of trust. Two
// verdicts have full trust, so its name is "full".
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

// ConflictWords explains to the owner of the receiver what Event.ConflictsWith means.
const ConflictWords = "It has the message id of that event, and another body. UP42 gives each message an id of its own, so one of the two may not come from UP42. Both are kept, forwarded and counted: compare them."
