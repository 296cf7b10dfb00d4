package signature

// Reason says why a request was not accepted. Show it to the owner of the receiver
// only: it would help a sender to forge requests.
type Reason string

// Error makes a Reason an error.
func (r Reason) Error() string { return string(r) }

// The reasons of Verify, in about the order in which they are checked. Package receiver
// explains them.
const (
	MissingSignature        Reason = "missing-signature"
	MalformedSignatureInput Reason = "malformed-signature-input"
	MalformedSignature      Reason = "malformed-signature"
	MissingCreated          Reason = "missing-created"
	NoCoveredComponents     Reason = "no-covered-components"
	DuplicateComponent      Reason = "duplicate-component"
	ComponentUnsupported    Reason = "component-unsupported"
	UnexpectedComponents    Reason = "unexpected-components"
	ComponentMissing        Reason = "component-missing"
	ComponentRepeated       Reason = "component-repeated"
	ComponentMalformed      Reason = "component-malformed"
	Stale                   Reason = "stale"
	Future                  Reason = "future"
	NoSecret                Reason = "no-secret"
	SignatureMismatch       Reason = "signature-mismatch"
	DigestMismatch          Reason = "digest-mismatch"
	DigestRequired          Reason = "digest-required"
)
