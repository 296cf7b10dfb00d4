package receiver

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/up42/up42-webhooks/receiver/altered"
	"github.com/up42/up42-webhooks/receiver/limit"
	"github.com/up42/up42-webhooks/receiver/signature"
)

// The defaults of HandlerOptions.
const (
	DefaultPath    = "/receive-webhooks"
	DefaultMaxBody = 1 << 20
	// DefaultBodyMemory is the default of HandlerOptions.BodyMemory.
	DefaultBodyMemory = 16 << 20
)

// appendTimeout is how long a delivery may wait for the store. After that, the sender
// is told to try again.
const appendTimeout = 10 * time.Second

// HandlerOptions configures a Handler.
type HandlerOptions struct {
	// Log stores the deliveries. It is required. The caller closes it after the server
	// has ended.
	Log Log
	// Path is where deliveries go, see CleanPath; "" means DefaultPath.
	Path string
	// MaxBody is the largest body in bytes that is accepted; 0 means DefaultMaxBody.
	MaxBody int64
	// BodyMemory is how many bytes of large bodies are read at a time; others wait for
	// their turn. 0 means DefaultBodyMemory. It is at least MaxBody.
	BodyMemory int64
	// Proxies are believed when they name the client for whom they send a request. Events,
	// limits and log lines then have the client's address.
	Proxies limit.Proxies
	// BasicAuth is USER:PASS. A request with these credentials is trusted without a
	// signature. With "", Authorization headers are ignored.
	BasicAuth string
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Logger gets what the owner of the receiver should know. It may be nil.
	Logger *slog.Logger
	// StoreState is called with an error when deliveries can't be stored any more, and
	// with nil when they can again. Calls come one after the other, and must not block.
	// It may be nil.
	StoreState func(error)
	// OnRejected is called with the reason of each rejection, by several goroutines. It
	// must not block. It may be nil.
	OnRejected func(Reason)
	// OnLimit is called for each limit that acts, by several goroutines. It must not
	// block. It may be nil.
	OnLimit func(limit.Limit)
	// RefreshSecrets is called before a delivery is rejected because no secret makes its
	// signature. If it returns true, it has called SetPolicy and the delivery is judged
	// again. The sender waits meanwhile; ctx is that of the request. It may be nil.
	RefreshSecrets func(ctx context.Context) bool
}

// Handler is the HTTP side of the receiver: it judges a delivery, stores it, and only
// then answers 200. The answer to a rejected delivery does not say why it was
// rejected; the log does. See “Delivery” in receiver/README.md.
type Handler struct {
	log        Log
	path       string
	proxies    limit.Proxies
	judge      *judge
	bodies     *bodies
	dump       *dump
	owner      *ownerLog
	store      *storeState
	onRejected func(Reason)
	onLimit    func(limit.Limit)

	unmatchedPath atomic.Pointer[string] // of the newest one; nil: no such request came
}

// NewHandler makes a Handler that judges deliveries by p. The secrets describe those
// of the policy, in the same order; there may be fewer.
func NewHandler(o HandlerOptions, p signature.Policy, secrets ...SecretInfo) *Handler {
	owner, basic := newOwnerLog(o.Logger), newCredentials(o.BasicAuth)
	h := &Handler{
		log: o.Log, path: CleanPath(cmp.Or(o.Path, DefaultPath)), proxies: o.Proxies, onRejected: o.OnRejected, onLimit: o.OnLimit,
		judge: &judge{maxBody: o.MaxBody, basic: basic, now: o.Now, refreshSecrets: o.RefreshSecrets},
		dump:  &dump{log: o.Log, basic: basic, owner: owner},
		owner: owner,
		store: newStoreState(owner.log, o.StoreState),
	}
	if h.judge.maxBody <= 0 {
		h.judge.maxBody = DefaultMaxBody
	}
	if h.judge.now == nil {
		h.judge.now = time.Now
	}
	memory := max(cmp.Or(o.BodyMemory, DefaultBodyMemory), h.judge.maxBody)
	h.bodies = &bodies{max: h.judge.maxBody, memory: limit.NewBudget(memory), polite: limit.NewBudget(politeMemory), onLimit: h.ReportLimit}
	h.SetPolicy(p, secrets...)
	return h
}

// SetPolicy replaces the policy and what is known about its secrets. It affects the
// requests that are judged from now on, and no connection.
func (h *Handler) SetPolicy(p signature.Policy, secrets ...SecretInfo) { h.judge.setPolicy(p, secrets) }

// JudgeAgain judges a rejected delivery again: by the current policy, and as of its
// arrival. It returns the event that the delivery would have become. An error is the
// Reason why the delivery stays rejected. It changes nothing.
//
// Only a good signature counts: a password is not stored, and a delivery without a
// signature is not proved by anything.
func (h *Handler) JudgeAgain(e *Event) (*Event, error) { return h.judge.again(e) }

// LastUnmatchedPath returns the path of the newest request to an unknown path, ""
// if there was none. It comes from outside: clean it before you print it.
func (h *Handler) LastUnmatchedPath() string {
	if path := h.unmatchedPath.Load(); path != nil {
		return *path
	}
	return ""
}

// CountUnmatched counts a request that did not reach the handler. The cause may be "". Use it
// as ServerOptions.OnRefused.
func (h *Handler) CountUnmatched(cause string) {
	h.log.CountUnmatched()
	h.owner.refused(cause)
}

// ReportLimit logs and counts that a limit has acted on an address. Use it as
// ServerOptions.OnLimit.
func (h *Handler) ReportLimit(l limit.Limit, from string) {
	h.owner.limited(l, from)
	if h.onLimit != nil {
		h.onLimit(l)
	}
}

// BodyMemory returns how many bytes of large bodies are being read.
func (h *Handler) BodyMemory() int64 { return h.bodies.memory.Used() }

// ServeHTTP answers deliveries, /dump-webhooks, /ping and /favicon.ico. See “The old
// collector” in receiver/README.md.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r = h.nameClient(r)
	path := CleanPath(r.URL.Path)
	if path == h.path {
		h.receive(w, r)
		return
	}
	closeIfUnread(w, r)
	switch path {
	case dumpPath:
		h.dump.ServeHTTP(w, r)
	case "/ping":
		writePong(w)
	case "/favicon.ico":
		w.WriteHeader(http.StatusNoContent)
	default:
		h.log.CountUnmatched()
		asked := clip(r.URL.Path)
		h.unmatchedPath.Store(&asked)
		if cause := altered.Refused([]byte(r.Method + " ")); cause != "" {
			h.owner.refused(cause)
			answerNotFound.write(w)
			return
		}
		h.owner.unknownPath(asked, r.RemoteAddr, h.path)
		answerNotFound.write(w)
	}
}

// CleanPath returns a path as a Handler compares it: with one slash before each part, and
// none at its end. A configured URL often has one more or less, and a proxy adds one.
func CleanPath(path string) string {
	if strings.HasPrefix(path, "/") && !strings.HasSuffix(path, "/") && !strings.Contains(path, "//") {
		return path
	}
	parts := strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
	return "/" + strings.Join(parts, "/")
}

// nameClient returns the request with the address of its client, if a trusted proxy names
// one.
func (h *Handler) nameClient(r *http.Request) *http.Request {
	client, ok := h.proxies.Client(r)
	if !ok {
		return r
	}
	if rec := recorderOf(r); rec != nil {
		rec.SetPeer(client)
	}
	named := *r
	named.RemoteAddr = client.String()
	return &named
}

func (h *Handler) receive(w http.ResponseWriter, r *http.Request) {
	if isProbe(r) {
		h.log.CountUnmatched()
		h.owner.probed(r)
		closeIfUnread(w, r)
		w.Header().Set("Allow", http.MethodPost)
		answerMethod.write(w)
		return
	}
	e := &Event{Proof: Proof{Method: clip(r.Method), Path: r.URL.Path, Remote: r.RemoteAddr}, Headers: headersOf(r)}
	body := h.bodies.of(r)
	defer body.close()
	claim, err := h.judge.head(r, e)
	if err == errPipelined {
		h.refusePipelined(w, r)
		return
	}
	if err != nil {
		var whole bool
		if e.Raw, whole = body.prompt(); !whole {
			closeIfUnread(w, r)
		}
		h.reject(w, r, e, err)
		return
	}
	if e.Raw, err = body.all(); err == nil {
		err = h.judge.body(claim, e.Raw, e)
	}
	switch err {
	case nil:
		h.append(w, r, e)
	case errBusy:
		closeIfUnread(w, r)
		answerBusy.writeLater(w)
	default:
		h.reject(w, r, e, err)
	}
}

// refusePipelined answers a request that can't be judged on this connection. It may be
// genuine, so its sender must not take the answer for a final one.
func (h *Handler) refusePipelined(w http.ResponseWriter, r *http.Request) {
	h.log.CountUnmatched()
	h.owner.warn("asked the sender of a request to send it again: it did not wait for the answer to its last one", "from", r.RemoteAddr)
	closeAfter(w, r)
	answerBusy.writeLater(w)
}

func (h *Handler) append(w http.ResponseWriter, r *http.Request, e *Event) {
	// The delivery is complete: store it even if the sender closes the connection now.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), appendTimeout)
	receipt, err := h.log.Append(ctx, e)
	cancel()
	if err != nil {
		h.store.failed(err)
		answerNotStored.writeLater(w)
		return
	}
	h.store.stored()
	if receipt.ConflictsWith != 0 {
		h.owner.conflict(receipt, r.RemoteAddr)
	}
	writeStored(w, receipt.Seq)
}

func (h *Handler) reject(w http.ResponseWriter, r *http.Request, e *Event, err error) {
	e.Verdict, e.Secret, e.Webhook = Rejected, "", ""
	f, recorded := recordedFraming(r)
	e.Plain = !recorded || f.plain()
	if !errors.As(err, &e.Reason) {
		e.Reason = BodyMalformed
	}
	h.log.Reject(e)
	h.owner.rejected(e)
	if h.onRejected != nil {
		h.onRejected(e.Reason)
	}
	switch e.Reason {
	case MethodNotAllowed:
		w.Header().Set("Allow", http.MethodPost)
		closeIfUnread(w, r)
	case BodyTooLarge, BodyMalformed:
		closeIfUnread(w, r)
	}
	if err == errSlow {
		answerSlow.writeLater(w)
		return
	}
	answerTo(e.Reason).write(w)
}
