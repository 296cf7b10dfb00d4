package forward

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/up42/up42-webhooks/receiver"
)

// The headers that a forwarded delivery has in addition to those of UP42.
const (
	// VerdictHeader has the receiver.Verdict.
	VerdictHeader = "Up42hooks-Verdict"
	// SeqHeader has the event's Seq in decimal.
	SeqHeader = "Up42hooks-Seq"
	// ConflictHeader has the Seq of the event that this one conflicts with. Other
	// deliveries lack it.
	ConflictHeader = "Up42hooks-Conflicts-With"
	// SignatureHeader has "sha256=" and the hexadecimal HMAC-SHA256 of the Seq, a dot and
	// the body, with the secret of the [Envelope].
	SignatureHeader = "Up42hooks-Signature"
)

func sign(secret []byte, e *receiver.Event) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write(strconv.AppendInt(nil, e.Seq, 10))
	mac.Write([]byte{'.'})
	mac.Write(e.Raw)
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

// keptHeaders are forwarded even if the signature does not cover them.
var keptHeaders = []string{"Content-Type", "Signature", "Signature-Input", "Digest", "Content-Digest", "Date"}

// droppedHeaders are not forwarded even if the signature covers them. They belong to one
// connection, hold credentials for this receiver, or could be mistaken for ours.
var droppedHeaders = []string{
	"Connection", "Keep-Alive", "Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade",
	"Authorization", "Proxy-Authorization", "Cookie", VerdictHeader, SeqHeader, ConflictHeader, SignatureHeader,
}

// lengthHeader is made again, and has the same value, since the body is the same.
const lengthHeader = "Content-Length"

func copyHeaders(to http.Header, e *receiver.Event) {
	for _, h := range e.Headers {
		name := http.CanonicalHeaderKey(h.Name)
		covered := slices.ContainsFunc(e.Proof.Components, func(c string) bool { return strings.EqualFold(c, name) })
		kept := covered || slices.Contains(keptHeaders, name)
		if kept && !slices.Contains(droppedHeaders, name) && name != lengthHeader && isField(name, h.Value) {
			to.Add(name, h.Value)
		}
	}
}

// isField reports whether HTTP can carry a header (RFC 9110, section 5). All that a receiver got are
// such ones, but an import may have others, and a client would refuse the whole request.
func isField(name, value string) bool {
	const symbols = "!#$%&'*+-.^_`|~"
	notOfToken := func(c rune) bool {
		return (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && !strings.ContainsRune(symbols, c)
	}
	for i := range len(value) {
		if c := value[i]; c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return name != "" && !strings.ContainsFunc(name, notOfToken)
}

// replaces reports whether a header of the envelope takes the place of one that came.
func (v *Envelope) replaces(name string) bool {
	switch name {
	case StandardIDHeader, StandardTimeHeader, StandardSignatureHeader:
		return v.has(StandardWebhooks)
	default:
		return v.has(CloudEvents) && strings.HasPrefix(name, cloudPrefix)
	}
}

// Lost returns those of the headers that a signature covers which a target does not get as
// they came. If there are any, nobody behind the target can verify the signature.
func (o *HTTPOptions) Lost(components []string) (lost []string) {
	for _, c := range components {
		name := http.CanonicalHeaderKey(c)
		if slices.Contains(droppedHeaders, name) || name == "Host" && o.OwnHost || o.Envelope != nil && o.Envelope.replaces(name) {
			lost = append(lost, c)
		}
	}
	return lost
}
