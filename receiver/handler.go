package receiver

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/up42/up42-webhooks/receiver/signature"
)

// The defaults of HandlerOptions.
const (
	DefaultPath    = "/receive-webhooks"
	DefaultMaxBody = 1 << 20
)

// appendTimeout bounds how long a delivery waits for the store; after it the
// sender is told to try again.
const appendTimeout = 10 * time.Second

// HandlerOptions configures a Handler.
type HandlerOptions struct {
	// Log stores what comes in. Required; the caller closes it, after the
	// server has drained.
	Log Log
	// Path is where deliveries go; "": DefaultPath.
	Path string
	// MaxBody is the largest body in bytes that is read; 0: DefaultMaxBody.
	MaxBody int64
	// BasicAuth is USER:PASS; a request that brings it is trusted without a
	// signature. "": none, and Authorization headers mean nothing.
	BasicAuth string
	// Now is the clock; nil: time.Now.
	Now func() time.Time
	// Logger takes what the owner should know; nil: nothing is logged.
	Logger *slog.Logger
	// StoreState is told, one call after the other, why deliveries can't be stored
	// any more, and with nil that they can again. It must not block; nil: nobody
	// is told.
	StoreState func(error)
	// OnRejected is told the reason of each rejection. It must not block; nil:
	// nobody is told.
	OnRejected func(Reason)
	// RefreshSecrets is asked about a signature that no secret makes, before the delivery
	// is rejected: true means that SetPolicy was called meanwhile, and the
	// delivery is judged once more. Its sender waits for it; ctx is the
	// request's. nil: nobody is asked.
	RefreshSecrets func(ctx context.Context) bool
}

// SecretInfo is what a secret tells of the deliveries that it signs.
type SecretInfo struct {
	// Ref names the secret; "": its place among the policy's.
	Ref SecretRef
	// Webhook is the id of the UP42 webhook that has the secret; "": not known.
	Webhook string
}

// Handler is the HTTP side of the receiver: it judges a delivery, has it
// stored, and only then answers 200. A sender learns that a delivery was
// refused, never why; the reason goes to the log.
type Handler struct {
	log       Log
	path      string
	maxBody   int64
	basic     *credentials
	now       func() time.Time
	notes     *notes
	strays    atomic.Int64
	stray     atomic.Pointer[string] // the path of the newest that had one
	signature atomic.Pointer[judgement]
	rejected  func(Reason)
	doubt     func(context.Context) bool
}

// judgement is what signatures are judged by, and what their secrets tell.
type judgement struct {
	*signature.Verifier
	origins []SecretInfo
}

// NewHandler makes a Handler that judges by p. The origins are those of the
// policy's secrets, in their order; there may be fewer.
func NewHandler(o HandlerOptions, p signature.Policy, origins ...SecretInfo) *Handler {
	h := &Handler{
		log: o.Log, path: o.Path, maxBody: o.MaxBody, basic: newCredentials(o.BasicAuth),
		now: o.Now, notes: newNotes(o.Logger, o.StoreState), rejected: o.OnRejected, doubt: o.RefreshSecrets,
	}
	if h.path == "" {
		h.path = DefaultPath
	}
	if h.maxBody <= 0 {
		h.maxBody = DefaultMaxBody
	}
	if h.now == nil {
		h.now = time.Now
	}
	h.SetPolicy(p, origins...)
	return h
}

// SetPolicy replaces the policy, and the origins of its secrets, for the
// requests that are judged from now on; no connection is touched.
func (h *Handler) SetPolicy(p signature.Policy, origins ...SecretInfo) {
	h.signature.Store(&judgement{signature.New(p), slices.Clone(origins)})
}

// origin is what the policy's secret at a place tells.
func (j *judgement) origin(secret int) SecretInfo {
	var o SecretInfo
	if secret < len(j.origins) {
		o = j.origins[secret]
	}
	if o.Ref == "" {
		o.Ref = SecretRef(strconv.Itoa(secret))
	}
	return o
}

// UnmatchedRequests is how many requests were no deliveries at all: those to a path where
// nothing lives, and those that CountStray was told of.
func (h *Handler) UnmatchedRequests() int64 { return h.strays.Load() }

// LastUnmatchedPath is the path of the newest request to one where nothing lives, as it came,
// so not safe to print; "": there was none.
func (h *Handler) LastUnmatchedPath() string {
	if path := h.stray.Load(); path != nil {
		return *path
	}
	return ""
}

// CountUnmatched counts a request that did not get as far as the handler; it is a
// ServerOptions.Refused.
func (h *Handler) CountUnmatched() {
	h.strays.Add(1)
	h.notes.say("refused a request that is no proper HTTP, is too long or never ended")
}

// ServeHTTP answers deliveries, /dump-webhooks, /ping and /favicon.ico (wire.md
// §6).
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == h.path {
		h.deliver(w, r)
		return
	}
	leaveUnread(w, r)
	switch r.URL.Path {
	case dumpPath:
		h.dump(w, r)
	case "/ping":
		pong(w)
	case "/favicon.ico":
		w.WriteHeader(http.StatusNoContent)
	default:
		h.strays.Add(1)
		asked := clip(r.URL.Path)
		h.stray.Store(&asked)
		h.notes.wrongPath(asked, r.RemoteAddr, h.path)
		answerNotFound.write(w)
	}
}

func (h *Handler) deliver(w http.ResponseWriter, r *http.Request) {
	e := &Event{Proof: Proof{Method: clip(r.Method), Path: r.URL.Path, Remote: r.RemoteAddr}, Headers: headersOf(r)}
	if err := h.judge(r, e); err != nil {
		h.reject(w, r, e, err)
		return
	}
	// A sender that hangs up now has sent all the same.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), appendTimeout)
	receipt, err := h.log.Append(ctx, e)
	cancel()
	if err != nil {
		h.notes.notStored(err)
		w.Header().Set("Retry-After", "1")
		answerNotStored.write(w)
		return
	}
	h.notes.stored()
	writeStored(w, receipt.Seq)
}

// leaveUnread ends the connection after an answer to a request whose body nobody
// reads. The server would read on in it after the answer, and what it reads then
// would be taken for the beginning of the next request's header block (see
// recorder): a genuine one behind it would be refused, or a folded one be taken.
func leaveUnread(w http.ResponseWriter, r *http.Request) {
	if r.Body != nil && r.Body != http.NoBody {
		w.Header().Set("Connection", "close")
	}
}

// judge fills e with what the request holds and what to think of it. An error
// is a Reason.
func (h *Handler) judge(r *http.Request, e *Event) error {
	f, recorded := framingOf(r)
	raw, err := h.read(r, f, recorded)
	e.ReceivedAt = h.now().UTC().Truncate(time.Microsecond)
	e.Raw = raw
	if err != nil {
		return err
	}
	req := signature.Request{
		Header: r.Header, Host: r.Host, Body: raw, Folded: f.folded, Repeated: f.repeated, Unseen: recorded && !f.known,
	}
	if err := h.authenticate(r, req, e); err != nil {
		return err
	}
	m, err := Decode(raw)
	if err != nil {
		return BodyMalformed
	}
	e.Message = m
	return nil
}

// read returns the body, as far as it came.
func (h *Handler) read(r *http.Request, f framing, recorded bool) ([]byte, error) {
	switch {
	case r.Method != http.MethodPost:
		return nil, MethodNotAllowed
	case ambiguous(r, f, recorded):
		return nil, BodyMalformed
	}
	var body []byte
	var err error
	if r.ContentLength <= h.maxBody {
		body, err = readAll(io.LimitReader(r.Body, h.maxBody+1), r.ContentLength)
	}
	switch {
	case err != nil:
		return body, BodyMalformed
	case r.ContentLength > h.maxBody || int64(len(body)) > h.maxBody:
		// A sender who is cut off in the middle of its body never reads the answer.
		_, _ = io.CopyN(io.Discard, r.Body, h.maxBody+1)
		return nil, BodyTooLarge
	}
	return body, nil
}

// readAll reads to the end. A sender's word on the length is believed only up
// to a few kilobytes, for memory's sake.
func readAll(r io.Reader, length int64) ([]byte, error) {
	const believed = 8 << 10
	buf := make([]byte, 0, min(max(length, 511), believed)+1)
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

// authenticate sets verdict, secret and proof. The signature is looked at
// first, so that a forwarder who passes UP42's own on loses nothing by it.
func (h *Handler) authenticate(r *http.Request, req signature.Request, e *Event) error {
	known, offered := h.basic.check(r)
	if offered && !known {
		return WrongCredentials
	}
	j, res, err := h.verify(req, e.ReceivedAt)
	if secretUnknown(err) && !known && h.doubt != nil && h.doubt(r.Context()) {
		j, res, err = h.verify(req, e.ReceivedAt)
	}
	e.Proof.Label, e.Proof.Components, e.Proof.Created = res.Label, res.Components, res.Created
	e.Proof.Digest, e.Proof.BodyCovered = res.Digest, res.BodyCovered
	if res.Secret >= 0 {
		o := j.origin(res.Secret)
		e.Secret, e.Webhook = o.Ref, o.Webhook
	}
	switch {
	case err == nil && res.BodyCovered:
		e.Verdict = Verified
	case known:
		e.Verdict = Trusted
		e.Proof.Digest, err = signature.CheckDigest(req)
	case err == nil && res.Signed:
		e.Verdict = Partial
	default:
		e.Verdict = Unsigned
	}
	return err
}

func (h *Handler) verify(r signature.Request, at time.Time) (*judgement, signature.Result, error) {
	j := h.signature.Load()
	res, err := j.Verify(r, at)
	return j, res, err
}

// secretUnknown says whether another secret could have made a good signature of
// a bad one.
func secretUnknown(err error) bool {
	return errors.Is(err, signature.SignatureMismatch) || errors.Is(err, signature.NoSecret)
}

func (h *Handler) reject(w http.ResponseWriter, r *http.Request, e *Event, err error) {
	e.Verdict, e.Secret, e.Webhook = Rejected, "", ""
	if !errors.As(err, &e.Reason) {
		e.Reason = BodyMalformed
	}
	h.log.Reject(e)
	h.notes.rejected(r, e.Reason)
	if h.rejected != nil {
		h.rejected(e.Reason)
	}
	switch e.Reason {
	case MethodNotAllowed:
		w.Header().Set("Allow", http.MethodPost)
		leaveUnread(w, r)
	case BodyTooLarge, BodyMalformed:
		leaveUnread(w, r)
	}
	refusal(e.Reason).write(w)
}
