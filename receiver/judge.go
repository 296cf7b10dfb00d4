package receiver

import (
	"context"
	"errors"
	"io"
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

// judge reads a request, decodes it and decides on its verdict. It is safe for
// concurrent use.
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

// judge fills e with what the request says and with its verdict. An error is the
// Reason to reject it.
func (j *judge) judge(r *http.Request, e *Event) error {
	f, recorded := recordedFraming(r)
	raw, err := j.read(r, recorded && f.ambiguous(r))
	e.ReceivedAt = j.now().UTC().Truncate(time.Microsecond)
	e.Raw = raw
	if err != nil {
		return err
	}
	req := signature.Request{
		Header: r.Header, Host: r.Host, Body: raw, Folded: f.folded, Repeated: f.repeated, Unrecorded: recorded && !f.known,
	}
	if err := j.authenticate(r, req, e); err != nil {
		return err
	}
	m, err := Decode(raw)
	if err != nil {
		return BodyMalformed
	}
	e.Message = m
	// Decided here once and stored, so that the rows of an event are always the same.
	e.Ahead = m.Timestamp.Sub(e.ReceivedAt) > j.verifier.Load().maxFuture
	return nil
}

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

// read returns the body. With an error it returns the part that came.
func (j *judge) read(r *http.Request, ambiguous bool) ([]byte, error) {
	switch {
	case r.Method != http.MethodPost:
		return nil, MethodNotAllowed
	case ambiguous:
		return nil, BodyMalformed
	}
	var body []byte
	var err error
	if r.ContentLength <= j.maxBody {
		body, err = readAll(io.LimitReader(r.Body, j.maxBody+1), r.ContentLength)
	}
	switch {
	case err != nil:
		return body, BodyMalformed
	case r.ContentLength > j.maxBody || int64(len(body)) > j.maxBody:
		// Read on for a while: a sender that is cut off in its body never reads the answer.
		_, _ = io.CopyN(io.Discard, r.Body, j.maxBody+1)
		return nil, BodyTooLarge
	}
	return body, nil
}

// readAll reads to the end. It allocates memory for the length that the sender
// announces, but no more than some kilobytes at first: the sender may lie.
func readAll(r io.Reader, length int64) ([]byte, error) {
	const most = 8 << 10
	buf := make([]byte, 0, min(max(length, 511), most)+1)
	for {
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if err == io.EOF {
			return buf, nil
		}
		if err != nil {
			return buf, err
		}
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
		}
	}
}

// authenticate sets verdict, secret and proof. It checks the signature even if the
// request has the configured password: a forwarder may pass on UP42's own signature,
// and then the event is verified.
func (j *judge) authenticate(r *http.Request, req signature.Request, e *Event) error {
	known, offered := j.basic.check(r)
	if offered && !known {
		return WrongCredentials
	}
	v, res, err := j.verify(req, e.ReceivedAt)
	if secretUnknown(err) && !known && j.refreshSecrets != nil && j.refreshSecrets(r.Context()) {
		v, res, err = j.verify(req, e.ReceivedAt)
	}
	method, path, remote := e.Proof.Method, e.Proof.Path, e.Proof.Remote
	e.Proof = ProofOf(v.Verifier, &res)
	e.Proof.Method, e.Proof.Path, e.Proof.Remote = method, path, remote
	if res.Secret >= 0 {
		i := v.info(res.Secret)
		e.Secret, e.Webhook = i.Ref, i.Webhook
	}
	e.Verdict = VerdictOf(&res, err)
	if known && e.Verdict != Verified {
		e.Verdict = Trusted
		e.Proof.Digest, err = signature.CheckDigest(req)
	}
	return err
}

func (j *judge) verify(r signature.Request, at time.Time) (*verifier, signature.Result, error) {
	v := j.verifier.Load()
	res, err := v.Verify(r, at)
	return v, res, err
}

// secretUnknown says whether the signature may be good under a secret that is not
// known yet.
func secretUnknown(err error) bool {
	return errors.Is(err, signature.SignatureMismatch) || errors.Is(err, signature.NoSecret)
}
