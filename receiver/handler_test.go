package receiver_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/signature"
)

const unauthorized = `{"code":401,"msg":"unauthorized"}`

func order(id, status, message string) string {
	return fmt.Sprintf(`{"event":"order.status","liveMode":true,"messageId":%q,"timestamp":"2026-11-23T10:00:00.123456Z","body":{"orderId":%q,"status":%q}}`, message, id, status)
}

func TestDeliveryIsStoredThenAnswered(t *testing.T) {
	r := newRig(t, durable(t))
	status, answer := r.deliver(recorded)
	assert.Equal(t, http.StatusOK, status)
	assert.JSONEq(t, `{"msg":"value with key 1 stored"}`, answer)

	events := r.events()
	require.Len(t, events, 1, "on disk before the answer")
	e := events[0]
	assert.Equal(t, receiver.Verified, e.Verdict)
	assert.Equal(t, receiver.SecretRef("0"), e.Secret)
	assert.Equal(t, recorded, string(e.Raw))
	assert.Equal(t, "5f290b80-d8d7-4d1c-bbe6-626d4f00dad3", e.MessageID)
	assert.Equal(t, []string{"date", "digest"}, e.Proof.Components)
	assert.Equal(t, "up42-sig", e.Proof.Label)
	assert.True(t, e.Proof.BodyCovered)
	assert.Contains(t, e.Headers, receiver.Header{Name: "Content-Type", Value: "application/json"})

	row, ok, err := r.log.Row(t.Context(), receiver.Key{Kind: receiver.Order, ID: "00000000-0000-0000-0000-000000000001", Test: true})
	require.NoError(t, err)
	require.True(t, ok)
	assert.Equal(t, receiver.Status("FULFILLED"), row.Status)
	assert.True(t, row.Final)
}

// cancellable is a log that gives up if the context of an append has ended, as a slow one does.
type cancellable struct{ *receivertest.Log }

func (l cancellable) Append(ctx context.Context, e *receiver.Event) (receiver.Receipt, error) {
	if err := ctx.Err(); err != nil {
		return receiver.Receipt{}, err
	}
	return l.Log.Append(ctx, e)
}

func TestACompleteDeliveryIsStoredAlthoughItsSenderHasGone(t *testing.T) {
	log := cancellable{receivertest.NewLog()}
	h := receiver.NewHandler(receiver.HandlerOptions{Log: log}, signature.Policy{Secrets: []string{"a secret"}})
	gone, leave := context.WithCancel(t.Context())
	leave()
	answer := httptest.NewRecorder()
	h.ServeHTTP(answer, receivertest.SignedRequest(t, "http://h"+receiver.DefaultPath, []byte(order("o", "PLACED", "m")), "a secret").WithContext(gone))
	assert.Equal(t, http.StatusOK, answer.Code)
	counts, err := log.Counts(t.Context())
	require.NoError(t, err)
	assert.EqualValues(t, 1, counts.LastSeq)
}

func TestANumberAsMessageIDIsRemembered(t *testing.T) {
	r := newRig(t, durable(t))
	for range 2 {
		status, answer := r.deliver(`{"event":"order.status","messageId":7,"liveMode":true,"body":{"orderId":42,"status":"PLACED"}}`)
		assert.Equal(t, http.StatusOK, status)
		assert.JSONEq(t, `{"msg":"value with key 1 stored"}`, answer)
	}
	_, ok, err := r.log.Row(t.Context(), receiver.Key{Kind: receiver.Order, ID: "42"})
	require.NoError(t, err)
	assert.True(t, ok)
}

func TestATimestampAheadDoesNotPinItsRow(t *testing.T) {
	now := time.Now().UTC()
	r := newRig(t, durable(t))
	body := func(message, status string, at time.Time) string {
		return fmt.Sprintf(`{"event":"order.status","liveMode":true,"messageId":%q,"timestamp":%q,"body":{"orderId":"o","status":%q}}`,
			message, at.Format(time.RFC3339Nano), status)
	}
	for i, b := range []string{
		body("1", "PLACED", time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC)),
		body("2", "BEING_FULFILLED", now.Add(time.Hour)),
		body("3", "DOWNLOADED", now.Add(30*time.Second)), // within --max-future
	} {
		status, _ := r.deliver(b)
		require.Equal(t, http.StatusOK, status)
		e := r.events()[i]
		assert.Equal(t, i < 2, e.Ahead, i)
		assert.Equal(t, i < 2, e.TimestampProblem() != "", i)
		assert.WithinDuration(t, now, e.At(), time.Minute)
		assert.False(t, e.Timestamp.IsZero(), "what UP42 said is kept")
	}
	row, ok, err := r.log.Row(t.Context(), receiver.Key{Kind: receiver.Order, ID: "o"})
	require.NoError(t, err)
	require.True(t, ok)
	assert.Equal(t, receiver.Status("DOWNLOADED"), row.Status)
	assert.WithinDuration(t, now, row.LastChange, time.Minute)
}

func TestHowFarAheadATimestampMayBe(t *testing.T) {
	for future, ahead := range map[time.Duration]bool{-1: true, 0: false, time.Second: true, time.Hour: false} {
		r := newRig(t, func(o *rigOptions) { o.policy.MaxFuture, o.policy.MaxAge = future, time.Hour })
		req := signed(t, r.url, fmt.Sprintf(`{"event":"order.status","timestamp":%q,"body":{}}`, time.Now().UTC().Add(50*time.Second).Format(time.RFC3339)), secret)
		status, _ := r.do(req)
		require.Equal(t, http.StatusOK, status, future)
		assert.Equal(t, ahead, r.events()[0].Ahead, future)
	}
}

func TestDuplicateIsAnsweredAndCounted(t *testing.T) {
	r := newRig(t, durable(t))
	for range 3 {
		status, answer := r.deliver(recorded)
		assert.Equal(t, http.StatusOK, status)
		assert.JSONEq(t, `{"msg":"value with key 1 stored"}`, answer)
	}
	assert.Len(t, r.events(), 1)
	c, err := r.log.Counts(t.Context())
	require.NoError(t, err)
	assert.EqualValues(t, 2, c.Duplicates)
	assert.EqualValues(t, 1, c.Verified)
}

func TestRefusals(t *testing.T) {
	body := order("o1", "PLACED", "m1")
	for name, tc := range map[string]struct {
		change func(*http.Request)
		body   string
		status int
		answer string
		reason receiver.Reason
	}{
		"no signature": {
			change: func(r *http.Request) { r.Header.Del("Signature"); r.Header.Del("Signature-Input") },
			status: 401, answer: unauthorized, reason: signature.MissingSignature,
		},
		"another body": {
			change: func(r *http.Request) { r.Header.Set("Digest", "SHA-256="+strings.Repeat("A", 43)+"=") },
			status: 401, answer: unauthorized, reason: signature.SignatureMismatch,
		},
		"put": {
			change: func(r *http.Request) { r.Method, r.Body, r.ContentLength = "PUT", nil, 0 },
			status: 405, answer: `{"code":405,"msg":"method not allowed"}`, reason: receiver.MethodNotAllowed,
		},
		"not JSON":        {body: `hello`, status: 400, answer: `{"code":400,"msg":"bad request"}`, reason: receiver.BodyMalformed},
		"no object":       {body: `[1]`, status: 400, answer: `{"code":400,"msg":"bad request"}`, reason: receiver.BodyMalformed},
		"no event":        {body: `{"body":{}}`, status: 400, answer: `{"code":400,"msg":"bad request"}`, reason: receiver.BodyMalformed},
		"empty":           {body: ` `, status: 400, answer: `{"code":400,"msg":"bad request"}`, reason: receiver.BodyMalformed},
		"one byte beyond": {body: strings.Repeat("a", receiver.DefaultMaxBody+1), status: 413, answer: `{"code":413,"msg":"body too large"}`, reason: receiver.BodyTooLarge},
		"one byte beyond, chunked": {
			body: strings.Repeat("a", receiver.DefaultMaxBody+1), change: func(r *http.Request) { r.ContentLength = -1 },
			status: 413, answer: `{"code":413,"msg":"body too large"}`, reason: receiver.BodyTooLarge,
		},
		"deep nesting": {
			body:   `{"event":"order.status","body":` + strings.Repeat(`{"a":`, 50_000) + "1" + strings.Repeat("}", 50_001),
			status: 400, answer: `{"code":400,"msg":"bad request"}`, reason: receiver.BodyMalformed,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			if tc.body == "" {
				tc.body = body
			}
			req := signed(t, r.url, tc.body, secret)
			if tc.change != nil {
				tc.change(req)
			}
			status, answer := r.do(req)
			assert.Equal(t, tc.status, status)
			assert.Equal(t, tc.answer, answer, "the answer does not say why")
			kept := r.rejected(1)
			require.Len(t, kept, 1)
			assert.Equal(t, receiver.Rejected, kept[0].Verdict)
			assert.Equal(t, tc.reason, kept[0].Reason)
			assert.Empty(t, r.events())
			assert.NotContains(t, r.logged.String(), secret)
		})
	}
}

func TestOddDeliveriesAreKept(t *testing.T) {
	r := newRig(t, durable(t))
	long := strings.Repeat("x", 10_000)
	for i, body := range []string{
		`{"event":"scene.status","body":{"id":"x"}}`,
		order("o1", "DREAMING", "m1"),
		order(long, "PLACED", "m2"),
		order("o2", "PLACED", long),
		`{"event":"order.status","body":{"orderId":"o3","status":"\u001b[2J\u202e"}}`,
		`{"event":"order.status","body":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `}`,
		`{"event":"x","pad":"` + strings.Repeat("a", receiver.DefaultMaxBody-22) + `"}`,
	} {
		status, answer := r.deliver(body)
		assert.Equal(t, 200, status, "%.60s: %s", body, answer)
		events := r.events()
		require.Len(t, events, i+1)
		assert.Equal(t, body, string(events[i].Raw), "byte for byte")
	}
	rows, err := r.log.Rows(t.Context(), receiver.RowQuery{})
	require.NoError(t, err)
	var ids []string
	for _, row := range rows {
		ids = append(ids, row.ID)
	}
	assert.Equal(t, []string{"o3", "o2", "o1"}, ids)
}

func TestUnsignedAndPartialKeepTheirMarks(t *testing.T) {
	r := newRig(t, func(o *rigOptions) { o.policy.AllowUnsigned = true })
	req := signed(t, r.url, order("o1", "PLACED", "m1"), secret)
	req.Header.Del("Signature")
	req.Header.Del("Signature-Input")
	status, _ := r.do(req)
	assert.Equal(t, 200, status)
	assert.Equal(t, receiver.Unsigned, r.events()[0].Verdict)
	status, answer := r.deliver(order("o1", "PLACED", "m1"))
	assert.Equal(t, 200, status)
	assert.JSONEq(t, `{"msg":"value with key 2 stored"}`, answer, "it is not a duplicate of the unsigned one")
	assert.Equal(t, receiver.Verified, r.events()[1].Verdict)
}

func TestBasicAuthenticationIsTrusted(t *testing.T) {
	r := newRig(t, func(o *rigOptions) { o.handler.BasicAuth = "up42:pass:word" })
	plain := func(user, pass, body string) *http.Request {
		req, err := http.NewRequest("POST", r.url+receiver.DefaultPath, strings.NewReader(body))
		require.NoError(t, err)
		req.SetBasicAuth(user, pass)
		return req
	}
	status, _ := r.do(plain("up42", "pass:word", order("o1", "PLACED", "m1")))
	assert.Equal(t, 200, status)
	e := r.events()[0]
	assert.Equal(t, receiver.Trusted, e.Verdict)
	for _, h := range e.Headers {
		assert.NotEqual(t, "Authorization", h.Name, "a password is not kept")
	}
	status, answer := r.do(plain("up42", "wrong", order("o1", "PLACED", "m2")))
	assert.Equal(t, 401, status)
	assert.Equal(t, unauthorized, answer)
	assert.Equal(t, receiver.WrongCredentials, r.rejected(1)[0].Reason)

	broken := plain("up42", "pass:word", order("o1", "PLACED", "m3"))
	broken.Header.Set("Digest", "SHA-256="+strings.Repeat("A", 43)+"=")
	status, _ = r.do(broken)
	assert.Equal(t, 401, status)
	assert.Equal(t, signature.DigestMismatch, r.rejected(2)[1].Reason, "if there is a digest, it must match")
}

func TestOtherRoutes(t *testing.T) {
	r := newRig(t)
	get := func(path string) (*http.Response, string) {
		res, err := client.Get(r.url + path)
		require.NoError(t, err)
		defer res.Body.Close()
		var b strings.Builder
		_, err = fmt.Fprint(&b, res.Header)
		require.NoError(t, err)
		return res, b.String()
	}
	for path, want := range map[string]int{"/ping": 200, "/favicon.ico": 204, "/": 404, "/receive-webhooks/": 405, "/dump": 404} {
		res, headers := get(path)
		assert.Equal(t, want, res.StatusCode, path)
		assert.NotContains(t, headers, "Server", "the answer does not name the program")
	}
	status, body := r.do(must(http.NewRequest("GET", r.url+"/ping", nil)))
	assert.Equal(t, 200, status)
	assert.Equal(t, "PONG", body)
	assert.Contains(t, r.logged.String(), "expected=", "the owner learns of a wrong path")
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestSecretsAreReplacedWithoutDroppingAConnection(t *testing.T) {
	r := newRig(t)
	kept := &http.Client{Transport: &http.Transport{MaxConnsPerHost: 1}}
	defer kept.CloseIdleConnections()
	send := func(body, key string) int {
		res, err := kept.Do(signed(t, r.url, body, key))
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		return res.StatusCode
	}
	assert.Equal(t, 200, send(order("o", "PLACED", "m1"), secret))
	assert.Equal(t, 401, send(order("o", "PLACED", "m2"), "new"))
	r.handler.SetPolicy(signature.Policy{Secrets: []string{"new"}})
	assert.Equal(t, 200, send(order("o", "PLACED", "m3"), "new"))
	assert.Equal(t, 401, send(order("o", "PLACED", "m4"), secret))
}

// fullLog fails to append until there is room.
type fullLog struct {
	receiver.Log
	mu   sync.Mutex
	room bool
}

func (f *fullLog) Append(ctx context.Context, e *receiver.Event) (receiver.Receipt, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.room {
		return receiver.Receipt{}, errors.New("no space left")
	}
	return receiver.Receipt{Seq: 1}, nil
}

func TestAFailedAppendIsNotAcknowledged(t *testing.T) {
	log := &fullLog{}
	states := make(chan error, 9)
	r := newRig(t, func(o *rigOptions) {
		o.log = log
		o.handler.StoreState = func(err error) { states <- err }
	})
	for range 3 {
		res, err := client.Do(signed(t, r.url, recorded, secret))
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		assert.Equal(t, 503, res.StatusCode)
		assert.NotEmpty(t, res.Header.Get("Retry-After"))
	}
	assert.Equal(t, 1, strings.Count(r.logged.String(), "no space left"), "logged once")
	log.mu.Lock()
	log.room = true
	log.mu.Unlock()
	status, _ := r.deliver(recorded)
	assert.Equal(t, 200, status)
	assert.Contains(t, r.logged.String(), "stored again")
	assert.ErrorContains(t, <-states, "no space left")
	assert.NoError(t, <-states)
	assert.Empty(t, states)
}

func TestFloodOfRejectionsIsCountedAndBounded(t *testing.T) {
	r := newRig(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			c := &http.Client{}
			defer c.CloseIdleConnections()
			for range 140 {
				res, err := c.Post(r.url+receiver.DefaultPath, "", nil)
				if assert.NoError(t, err) {
					assert.NoError(t, res.Body.Close())
				}
			}
		})
	}
	wg.Wait()
	kept := r.rejected(8 * 140)
	assert.Len(t, kept, receiver.RejectedKept)
	assert.Less(t, strings.Count(r.logged.String(), "rejected a delivery"), 500, "most are only counted, also in minutes")
	status, _ := r.deliver(recorded)
	assert.Equal(t, 200, status)
}

func TestServerDrains(t *testing.T) {
	log := &slowLog{entered: make(chan struct{}), leave: make(chan struct{})}
	r := newRig(t, func(o *rigOptions) { o.log = log })
	answered := make(chan int, 1)
	go func() {
		status, _ := r.deliver(recorded)
		answered <- status
	}()
	<-log.entered
	stopped := make(chan error, 1)
	go func() { stopped <- r.stop() }()
	select {
	case <-stopped:
		t.Fatal("it stopped with a delivery in flight")
	case <-time.After(50 * time.Millisecond):
	}
	close(log.leave)
	assert.NoError(t, <-stopped)
	assert.Equal(t, 200, <-answered)
	_, err := client.Get(r.url + "/ping")
	assert.Error(t, err, "the listener is closed")
}

// slowLog blocks in Append until leave is closed.
type slowLog struct {
	receiver.Log
	entered, leave chan struct{}
}

func (s *slowLog) Append(context.Context, *receiver.Event) (receiver.Receipt, error) {
	close(s.entered)
	<-s.leave
	return receiver.Receipt{Seq: 1}, nil
}
