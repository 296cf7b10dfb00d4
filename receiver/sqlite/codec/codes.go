package codec

import "github.com/up42/up42-webhooks/receiver"

// The codes of verdicts are in every store. Never change one.
const (
	rejectedCode = 0
	verifiedCode = 1
	trustedCode  = 2
	partialCode  = 3
	unsignedCode = 4
)

// VerdictCode returns the number that a verdict has in the store.
func VerdictCode(v receiver.Verdict) int64 {
	switch v {
	case receiver.Verified:
		return verifiedCode
	case receiver.Trusted:
		return trustedCode
	case receiver.Partial:
		return partialCode
	case receiver.Unsigned:
		return unsignedCode
	default:
		return rejectedCode
	}
}

// VerdictOf is the inverse of VerdictCode. For the code of a newer version it returns
// receiver.Unknown.
func VerdictOf(code int64) receiver.Verdict {
	switch code {
	case rejectedCode:
		return receiver.Rejected
	case verifiedCode:
		return receiver.Verified
	case trustedCode:
		return receiver.Trusted
	case partialCode:
		return receiver.Partial
	case unsignedCode:
		return receiver.Unsigned
	default:
		return receiver.Unknown
	}
}

// TestCode returns the number that says in the store whether a row is of test events.
func TestCode(k receiver.Key) int64 {
	if k.Test {
		return 1
	}
	return 0
}

// KeyOf returns the key of a row from its codes and its id.
func KeyOf(kind, test int64, id []byte) receiver.Key {
	return receiver.Key{Kind: KindOf(kind), ID: string(id), Test: test != 0}
}

// KindOf returns the kind that has this receiver.Kind.Code, "" for an unknown code.
func KindOf(code int64) receiver.Kind {
	k, _ := receiver.KindOfCode(code)
	return k
}
