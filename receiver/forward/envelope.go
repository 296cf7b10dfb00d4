package forward

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// Format is a form of webhooks or events that others have defined. A delivery has its
// headers beside those of UP42 and ours.
type Format string

// The formats.
const (
	// Plain adds nothing.
	Plain Format = "plain"
	// StandardWebhooks signs as https://www.standardwebhooks.com says, so that its
	// libraries verify the delivery. It needs a secret.
	StandardWebhooks Format = "standard-webhooks"
	// CloudEvents has the attributes of https://cloudevents.io in headers.
	CloudEvents Format = "cloudevents"
)

// Formats returns the names of all formats.
func Formats() []string {
	return []string{string(Plain), string(StandardWebhooks), string(CloudEvents)}
}

// Envelope makes the headers with which events are forwarded. It is safe for concurrent
// use.
type Envelope struct {
	secret  []byte // of our own signature; it may be empty
	formats []Format
	// standardKey is the key of Standard Webhooks.
	standardKey []byte
}

// NewEnvelope makes an Envelope. The secret signs, see [SignatureHeader]; it may be empty.
// An error says which form of secret a format needs, and never has the secret in it.
func NewEnvelope(secret string, formats ...Format) (*Envelope, error) {
	v := &Envelope{secret: []byte(secret), formats: formats}
	if !v.has(StandardWebhooks) {
		return v, nil
	}
	var err error
	v.standardKey, err = standardKey(secret)
	return v, err
}

func (v *Envelope) has(f Format) bool { return slices.Contains(v.formats, f) }

// Header returns the headers of an event that is sent at a time: those that the signature
// of UP42 covers, those about the signature and the body, our own, and those of the
// formats.
func (v *Envelope) Header(e *receiver.Event, at time.Time) http.Header {
	h := http.Header{}
	copyHeaders(h, e)
	h.Set(VerdictHeader, string(e.Verdict))
	h.Set(SeqHeader, strconv.FormatInt(e.Seq, 10))
	if e.ConflictsWith != 0 {
		h.Set(ConflictHeader, conflictsWith(e))
	}
	if len(v.secret) > 0 {
		h.Set(SignatureHeader, sign(v.secret, e))
	}
	if v.has(StandardWebhooks) {
		v.addStandard(h, e, at)
	}
	if v.has(CloudEvents) {
		addCloudEvent(h, e)
	}
	return h
}

// longestKey is the length of the longest key in bytes. UP42's message ids have 36.
const longestKey = 255

// Key returns what identifies an event for those that it is forwarded to, whatever store it
// comes from: the id of its message. It may have any characters. Each attempt has the same
// key.
//
// An event without an id, or with one of more than 255 bytes, has a hash as its key. The key
// of an event that conflicts with another one ends with a hash of its body, because both
// have the same message id.
func Key(e *receiver.Event) string {
	key := e.MessageID
	if key == "" {
		sum := e.BodySHA256()
		return "sha256-" + hex.EncodeToString(sum[:])
	}
	if e.ConflictsWith != 0 {
		sum := e.BodySHA256()
		key += "-" + hex.EncodeToString(sum[:8])
	}
	if len(key) > longestKey {
		sum := sha256.Sum256([]byte(key))
		return "sha256-" + hex.EncodeToString(sum[:])
	}
	return key
}
