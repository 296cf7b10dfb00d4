package receiver

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/up42/up42-webhooks/receiver/signature"
)

// SecretInfo is what an event records about the secret that signed it.
type SecretInfo struct {
	// Ref names the secret. If it is "", the secret's index in the policy names it.
	Ref SecretRef
	// Webhook is the id of the UP42 webhook that has the secret, "" if it is not known.
	Webhook string
}

// verifier is a signature.Verifier together with what is known about its secrets.
type verifier struct {
	*signature.Verifier
	infos     []SecretInfo
	maxFuture time.Duration
}

// info returns what is known about the secret with an index.
func (v *verifier) info(secret int) SecretInfo {
	var i SecretInfo
	if secret < len(v.infos) {
		i = v.infos[secret]
	}
	if i.Ref == "" {
		i.Ref = SecretRef(strconv.Itoa(secret))
	}
	return i
}

// judge decides on the verdict of a request, first by its head, then by its body. It is
// safe for concurrent use.
type judge struct {
	maxBody        int64
	basic          *credentials
	now            func() time.Time
	refreshSecrets func(context.Context) bool
	verifier       atomic.Pointer[verifier]
}

func (j *judge) setPolicy(p signature.Policy, secrets []SecretInfo) {
	v := &verifier{Verifier: signature.New(p), infos: slices.Clone(secrets), maxFuture: max(0, p.MaxFuture)}
	if p.MaxFuture == 0 {
		v.maxFuture = signature.DefaultMaxFuture
	}
	j.verifier.Store(v)
}

// claim is a request whose head was judged: what it proves, if its body is as the head
// says.
type claim struct {
	request  signature.Request // without its body
	verifier *verifier
	result   signature.Result
	reason   error // why the signature is not good, nil if it is
	known    bool  // the request has the configured password
}

// errPipelined means that a request came before the one before it was answered, so that
// its head was not seen as it came and can't be judged. Its sender must try again.
const errPipelined Error = "the head was not recorded"

// head judges a request before its body is read. It fills e with what the head says. An
// error is errPipelined, or the Reason to reject it, whatever its body is.
func (j *judge) head(r *http.Request, e *Event) (*claim, error) {
	e.ReceivedAt = j.arrival()
	f, recorded := recordedFraming(r)
	switch {
	case r.Method != http.MethodPost:
		return nil, MethodNotAllowed
	case recorded && !f.own:
		return nil, errPipelined
	case recorded && f.ambiguous(r):
		return nil, BodyMalformed
	case r.ContentLength > j.maxBody:
		return nil, BodyTooLarge
	}
	return j.authenticate(r, signature.Request{
		Header: r.Header, Host: r.Host, Folded: f.folded, Repeated: f.repeated, Unrecorded: recorded && !f.known,
	}, e)
}

// body completes e with the body of a request whose head is accepted. An error is the
// Reason to reject it.
func (j *judge) body(c *claim, raw []byte, e *Event) error {
	e.Raw, e.ReceivedAt = raw, j.arrival()
	return j.whole(c, e)
}

// whole judges an event that has its body, as of its arrival.
func (j *judge) whole(c *claim, e *Event) error {
	c.request.Body = e.Raw
	if err := c.complete(e); err != nil {
		return err
	}
	m, err := Decode(e.Raw)
	if err != nil {
		return BodyMalformed
	}
	e.Message = m
	// Decided here once and stored, so that the rows of an event are always the same.
	e.Ahead = m.Timestamp.Sub(e.ReceivedAt) > j.verifier.Load().maxFuture
	return nil
}

func (j *judge) arrival() time.Time { return j.now().UTC().Truncate(time.Microsecond) }

// headersOf copies the request's headers, sorted by name, so that the same request
// always looks the same. It leaves out headers that can hold a password.
func headersOf(r *http.Request) []Header {
	out := make([]Header, 1, len(r.Header)+1)
	out[0] = Header{"Host", r.Host}
	for name, values := range r.Header {
		if name == "Authorization" || name == "Proxy-Authorization" || name == "Cookie" {
			continue
		}
		for _, v := range values {
			out = append(out, Header{name, v})
		}
	}
	slices.SortStableFunc(out, func(a, b Header) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// header is the inverse of headersOf.
func (e *Event) header() (h http.Header, host string) {
	h = make(http.Header, len(e.Headers))
	for _, x := range e.Headers {
		h[x.Name] = append(h[x.Name], x.Value)
	}
	host = strings.Join(h["Host"], "")
	delete(h, "Host")
	return h, host
}

// authenticate checks password and signature. It checks the signature even if the request
// has the configured password: a forwarder may pass on UP42's own signature, and then the
// event is verified.
func (j *judge) authenticate(r *http.Request, req signature.Request, e *Event) (*claim, error) {
	known, offered := j.basic.check(r)
	if offered && !known {
		return nil, WrongCredentials
	}
	c := j.verify(req, e.ReceivedAt)
	if secretUnknown(c.reason) && !known && j.refreshSecrets != nil && j.refreshSecrets(r.Context()) {
		c = j.verify(req, e.ReceivedAt)
	}
	c.describe(e)
	if c.known = known; known {
		return c, nil
	}
	return c, c.reason
}

func (j *judge) verify(r signature.Request, at time.Time) *claim {
	c := &claim{request: r, verifier: j.verifier.Load()}
	c.result, c.reason = c.verifier.VerifyHead(r, at)
	return c
}

// complete compares the body with the claim and sets the verdict.
func (c *claim) complete(e *Event) error {
	if c.reason == nil {
		c.reason = c.verifier.VerifyBody(&c.result, c.request, e.ReceivedAt)
		c.describe(e)
	}
	if c.result.BodyHashed {
		sum := c.result.BodySHA256
		e.bodySum = &sum
	}
	e.Verdict = VerdictOf(&c.result, c.reason)
	if c.known && e.Verdict != Verified {
		e.Verdict = Trusted
		e.Proof.Digest, c.reason = signature.CheckDigest(c.request)
	}
	return c.reason
}

// describe records in e what the signature says.
func (c *claim) describe(e *Event) {
	method, path, remote := e.Proof.Method, e.Proof.Path, e.Proof.Remote
	e.Proof = ProofOf(c.verifier.Verifier, &c.result)
	e.Proof.Method, e.Proof.Path, e.Proof.Remote = method, path, remote
	if c.result.Secret >= 0 {
		i := c.verifier.info(c.result.Secret)
		e.Secret, e.Webhook = i.Ref, i.Webhook
	}
}

// mendable are the reasons that depend on what the owner has configured. The other ones
// are about the request itself, or about its age: they stay true.
var mendable = []Reason{
	signature.NoSecret, signature.SignatureMismatch, signature.UnexpectedComponents, signature.DigestRequired, WrongCredentials, BodyTooLarge,
}

// again judges a rejected delivery as if it came now, but by the clock of its arrival.
func (j *judge) again(e *Event) (*Event, error) {
	if !slices.Contains(mendable, e.Reason) {
		return nil, e.Reason
	}
	header, host := e.header()
	length, _ := strconv.ParseInt(header.Get("Content-Length"), 10, 64)
	if max(length, int64(len(e.Raw))) > j.maxBody {
		return nil, BodyTooLarge
	}
	now := &Event{
		ReceivedAt: e.ReceivedAt, Proof: Proof{Method: e.Proof.Method, Path: e.Proof.Path, Remote: e.Proof.Remote}, Headers: e.Headers, Raw: e.Raw,
	}
	c := j.verify(signature.Request{Header: header, Host: host, Unrecorded: !e.Plain}, now.ReceivedAt)
	c.describe(now)
	switch {
	case c.reason != nil:
		return nil, c.reason
	case !c.result.Signed:
		return nil, e.Reason
	}
	if err := j.whole(c, now); err != nil {
		return nil, err
	}
	return now, nil
}

// isProbe says that a request only asks whether somebody is there, such as that of a health
// check, a browser or a scanner. Nobody delivers by GET, HEAD or OPTIONS, and by another method than
// POST only by mistake: such a delivery has a signature or a password.
func isProbe(r *http.Request) bool {
	switch r.Method {
	case http.MethodPost:
		return false
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return true
	}
	for _, name := range []string{"Signature", "Signature-Input", "Authorization"} {
		if r.Header[name] != nil {
			return false
		}
	}
	return true
}

// secretUnknown says whether the signature may be good under a secret that is not
// known yet.
func secretUnknown(err error) bool {
	return errors.Is(err, signature.SignatureMismatch) || errors.Is(err, signature.NoSecret)
}

// credentials hold the hash of USER:PASS, so that a comparison takes the same time
// for any length. A nil pointer means that no credentials are configured.
type credentials struct{ sum [sha256.Size]byte }

func newCredentials(userPass string) *credentials {
	if userPass == "" {
		return nil
	}
	return &credentials{sha256.Sum256([]byte(userPass))}
}

// check says whether a request has basic authentication (offered), and whether that
// is the configured one (known). Without configured credentials both are false.
func (c *credentials) check(r *http.Request) (known, offered bool) {
	if c == nil || r.Header.Get("Authorization") == "" {
		return false, false
	}
	user, pass, ok := r.BasicAuth()
	if !ok {
		return false, true
	}
	sum := sha256.Sum256([]byte(user + ":" + pass))
	return subtle.ConstantTimeCompare(sum[:], c.sum[:]) == 1, true
}
