package filter

import (
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/signature"
)

// Key is what a word asks about.
type Key string

// The keys. [Text] has no name: it is a word that stands alone.
const (
	Text    Key = ""
	Status  Key = "status"
	Class   Key = "class"
	Is      Key = "is"
	Final   Key = "final"
	Live    Key = "live"
	Kind    Key = "kind"
	Event   Key = "event"
	Verdict Key = "verdict"
	Reason  Key = "reason"
	ID      Key = "id"
	Webhook Key = "webhook"
	Secret  Key = "secret"
	Name    Key = "name"
	Type    Key = "type"
	Host    Key = "host"
	Seq     Key = "seq"
	Since   Key = "since"
	Until   Key = "until"
)

// Keys are all keys that have a name.
func Keys() []Key {
	return []Key{Status, Class, Is, Final, Live, Kind, Event, Verdict, Reason, ID, Webhook, Secret, Name, Type, Host, Seq, Since, Until}
}

// RowKeys are the keys that mean something to a row.
func RowKeys() []Key {
	return []Key{Status, Class, Is, Final, Live, Kind, Verdict, ID, Name, Type, Host, Seq, Since, Until}
}

// Values are what a key can be asked for: for status and event those that UP42
// documents, for a key that takes anything none.
func (k Key) Values() []string {
	switch k {
	case Status:
		return statuses()
	case Event:
		return []string{receiver.OrderStatus, receiver.JobStatus}
	case Class:
		return []string{"succeeded", "failed", "cancelled", "progress", "ended"}
	case Is:
		return append(Class.Values(), "final", "live", "test")
	case Final, Live:
		return []string{"true", "false"}
	case Kind:
		return []string{string(receiver.Order), string(receiver.Job)}
	case Verdict:
		return texts(receiver.Verified, receiver.Trusted, receiver.Partial, receiver.Unsigned, receiver.Rejected)
	case Reason:
		return reasons()
	default:
		return nil
	}
}

// statuses are those of wire.md §2.
func statuses() []string {
	return []string{
		"CREATED", "BEING_PLACED", "PLACED", "BEING_FULFILLED", "DOWNLOADED", "DOWNLOAD_FAILED",
		"DELIVERY_INITIALIZATION_FAILED", "FULFILLED", "FAILED_PERMANENTLY", "PLACEMENT_FAILED", "FAILED", "CANCELED",
		"FEASIBILITY_WAITING_UPLOAD", "FEASIBILITY_WAITING_RESPONSE", "QUOTATION_WAITING_UPLOAD",
		"QUOTATION_WAITING_RESPONSE", "QUOTATION_ACCEPTED", "QUOTATION_REJECTED",
		"NOT_STARTED", "PENDING", "RUNNING", "CANCELLING", "SUCCEEDED", "ERROR", "CANCELLED",
		"LICENSED", "VALID", "ACCEPTED", "SUCCESSFUL", "CAPTURED", "INVALID", "REJECTED", "UNLICENSED", "RELEASED",
	}
}

func reasons() []string {
	return texts(
		signature.MissingSignature, signature.MalformedSignatureInput, signature.MalformedSignature,
		signature.MissingCreated, signature.NoCoveredComponents, signature.DuplicateComponent,
		signature.ComponentUnsupported, signature.UnexpectedComponents, signature.ComponentMissing,
		signature.ComponentRepeated, signature.ComponentMalformed, signature.Stale, signature.Future,
		signature.NoSecret, signature.SignatureMismatch, signature.DigestMismatch, signature.DigestRequired,
		receiver.BodyMalformed, receiver.BodyTooLarge, receiver.MethodNotAllowed, receiver.WrongCredentials,
	)
}

func texts[S ~string](words ...S) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = string(w)
	}
	return out
}
