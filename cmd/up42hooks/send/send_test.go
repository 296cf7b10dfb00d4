package send

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/signature"
)

// target receives the deliveries of send, and judges them.
type target struct {
	*httptest.Server
	policy signature.Policy
	now    time.Time
	// answer is the code to answer with. 0: it depends on the signature.
	answer int
	// arrived is called before each answer. It may be nil.
	arrived func()

	mu       sync.Mutex
	arrivals []arrival
}

type arrival struct {
	header http.Header
	raw    []byte
	message
	result signature.Result
	err    error
}

type message = receiver.Message

func newTarget(t *testing.T, s *clitest.Sandbox) *target {
	t.Helper()
	tt := &target{policy: signature.Policy{Secrets: []string{"s3cret"}}, now: s.Now}
	tt.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { tt.take(t, w, r) }))
	t.Cleanup(tt.Close)
	s.Env["UP42_WEBHOOK_SECRET"] = "s3cret"
	s.Env["UP42_LISTEN"] = tt.Listener.Addr().String()
	return tt
}

func (tt *target) take(t *testing.T, w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	assert.NoError(t, err)
	assert.Equal(t, http.MethodPost, r.Method)
	assert.Equal(t, "/receive-webhooks", r.URL.Path)
	a := arrival{header: r.Header, raw: body}
	a.message, _ = receiver.Decode(body)
	a.result, a.err = signature.New(tt.policy).Verify(signature.Request{Header: r.Header, Host: r.Host, Body: body}, tt.now)
	tt.mu.Lock()
	tt.arrivals = append(tt.arrivals, a)
	tt.mu.Unlock()
	if tt.arrived != nil {
		tt.arrived()
	}
	code := tt.answer
	switch {
	case code != 0:
	case a.err == nil:
		code = http.StatusOK
	default:
		code = http.StatusUnauthorized
	}
	w.WriteHeader(code)
	_, _ = io.WriteString(w, `{"msg":"value with key 7 stored"}`+"\n")
}

// only returns the delivery, if exactly one arrived.
func (tt *target) only(t *testing.T) arrival {
	t.Helper()
	tt.mu.Lock()
	defer tt.mu.Unlock()
	require.Len(t, tt.arrivals, 1)
	return tt.arrivals[0]
}

func TestSendDefaults(t *testing.T) {
	s := clitest.NewSandbox(t, NewCommand)
	tt := newTarget(t, s)
	code, out, errs := s.Run(t.Context(), "send")
	assert.Zero(t, code, errs)
	assert.Empty(t, errs)
	a := tt.only(t)
	require.NoError(t, a.err)
	assert.True(t, a.result.BodyCovered)
	assert.Equal(t, []string{"date", "digest"}, a.result.Components)
	assert.Equal(t, s.Now.Unix(), a.result.Created)
	assert.Equal(t, "application/json", a.header.Get("Content-Type"))

	assert.Equal(t, "order.status", a.Name)
	assert.Equal(t, receiver.Status("FULFILLED"), a.Status)
	assert.True(t, a.Final)
	assert.False(t, a.LiveMode)
	assert.Equal(t, s.Now.UTC(), a.Timestamp)
	for _, id := range []string{a.MessageID, a.ID} {
		u, err := uuid.Parse(id)
		require.NoError(t, err)
		assert.Equal(t, uuid.Version(4), u.Version())
		assert.Contains(t, out, id)
	}
	assert.Contains(t, out, `200 {"msg":"value with key 7 stored"}`)
	assert.NotContains(t, out, "s3cret")
	assert.Contains(t, string(a.raw), `"timestamp":"2026-09-21T14:13:20.000000Z"`)
}

func TestSendFlags(t *testing.T) {
	tests := []struct {
		name  string
		args  []string
		check func(*testing.T, arrival)
	}{
		{"an order", []string{"--status", "PLACED", "--order-id", "o1", "--type", "TASKING", "--host", "head", "--name", "Berlin"}, func(t *testing.T, a arrival) {
			assert.Equal(t, receiver.Order, a.Kind)
			assert.Equal(t, []string{"o1", "PLACED", "TASKING", "head", "Berlin"}, []string{a.ID, string(a.Status), a.Type, a.Host, a.DisplayName})
			assert.False(t, a.Final, "as the tables say")
			assert.JSONEq(t, `{"orderId":"o1","orderType":"TASKING","dataHostName":"head","displayName":"Berlin","status":"PLACED","statusIsFinal":false}`, string(a.Body))
		}},
		{"a job by its id alone", []string{"--job-id", "j1", "--name", "n", "--type", "p"}, func(t *testing.T, a arrival) {
			assert.Equal(t, receiver.Job, a.Kind)
			assert.Equal(t, []string{"j1", "SUCCEEDED", "p", "n"}, []string{a.ID, string(a.Status), a.Type, a.DisplayName})
			assert.True(t, a.Final)
		}},
		{"final by hand", []string{"--status", "ODD", "--final"}, func(t *testing.T, a arrival) { assert.True(t, a.Final) }},
		{"not final by hand", []string{"--final=false"}, func(t *testing.T, a arrival) { assert.False(t, a.Final) }},
		{"live", []string{"--live"}, func(t *testing.T, a arrival) { assert.True(t, a.LiveMode) }},
		{"text that HTML escapes", []string{"--name", "<b>&\u202e"}, func(t *testing.T, a arrival) {
			assert.Equal(t, "<b>&\u202e", a.DisplayName)
			assert.Contains(t, string(a.raw), "<b>")
		}},
		{"created", []string{"--created", "1789999901"}, func(t *testing.T, a arrival) {
			assert.Equal(t, int64(1789999901), a.result.Created)
			assert.Equal(t, "Mon, 21 Sep 2026 14:11:41 GMT", a.header.Get("Date"))
			assert.Equal(t, int64(1789999901), a.Timestamp.Unix())
		}},
		{"components", []string{"--components", "host,content-digest,content-length"}, func(t *testing.T, a arrival) {
			assert.True(t, a.result.BodyCovered)
			assert.Equal(t, []string{"host", "content-digest", "content-length"}, a.result.Components)
		}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			s := clitest.NewSandbox(t, NewCommand)
			tt := newTarget(t, s)
			code, _, errs := s.Run(t.Context(), append([]string{"send"}, tc.args...)...)
			assert.Zero(t, code, errs)
			a := tt.only(t)
			assert.NoError(t, a.err)
			tc.check(t, a)
		})
	}
}

func TestSendWarnsOfAnUnknownStatus(t *testing.T) {
	s := clitest.NewSandbox(t, NewCommand)
	tt := newTarget(t, s)
	code, _, errs := s.Run(t.Context(), "send", "--status", "FULFILED")
	assert.Zero(t, code)
	assert.Equal(t, "FULFILED", string(tt.only(t).Status), "it is sent as it was given")
	assert.Contains(t, errs, `warning: --status: "FULFILED": UP42 documents no such status; did you mean "FULFILLED"?`)

	_, _, errs = s.Run(t.Context(), "send", "--status", "PLACED")
	assert.Empty(t, errs)
	_, _, errs = s.Run(t.Context(), "send", "--job-id", "x", "--status", "PLACED")
	assert.Contains(t, errs, `--status: "PLACED": UP42 documents no such status of jobs`)
}

func TestSendSaysThatItsTimeMayBeTheReason(t *testing.T) {
	s := clitest.NewSandbox(t, NewCommand)
	newTarget(t, s)
	code, _, errs := s.Run(t.Context(), "send", "--created", "2020-01-01T00:00:00Z")
	assert.Equal(t, 1, code)
	assert.Contains(t, errs, "takes a signature of that age (--created)")
}

func TestSendUnsigned(t *testing.T) {
	s := clitest.NewSandbox(t, NewCommand)
	tt := newTarget(t, s)
	tt.policy.AllowUnsigned = true
	code, _, errs := s.Run(t.Context(), "send", "--unsigned")
	assert.Zero(t, code, errs)
	a := tt.only(t)
	assert.NotContains(t, a.header, "Signature")
	assert.NotContains(t, a.header, "Signature-Input")
}

func TestSendBodyAsItIs(t *testing.T) {
	const body = "{ \"event\": \"new.event\",\r\n\"messageId\":\"m1\" }\n\n"
	s := clitest.NewSandbox(t, NewCommand)
	tt := newTarget(t, s)
	file := filepath.Join(s.Home, "body.json")
	require.NoError(t, os.WriteFile(file, []byte(body), 0o600))
	code, out, errs := s.Run(t.Context(), "send", "--body", file, "--json")
	assert.Zero(t, code, errs)
	a := tt.only(t)
	assert.Equal(t, body, string(a.raw))
	assert.True(t, a.result.BodyCovered)
	assert.Contains(t, out, `"messageId":"m1","event":"new.event"`)

	s.Stdin = "not JSON"
	tt.arrivals = nil
	code, _, errs = s.Run(t.Context(), "send", "--body", "-")
	assert.Zero(t, code, errs)
	assert.Equal(t, "not JSON", string(tt.only(t).raw))

	s.Stdin = ""
	tt.arrivals = nil
	code, _, errs = s.Run(t.Context(), "send", "--body", "-")
	assert.Zero(t, code, errs)
	assert.Empty(t, tt.only(t).raw)
}

func TestSendRepeat(t *testing.T) {
	s := clitest.NewSandbox(t, NewCommand)
	tt := newTarget(t, s)
	code, out, errs := s.Run(t.Context(), "send", "--repeat", "50", "--json")
	assert.Zero(t, code, errs)
	require.Len(t, tt.arrivals, 50)
	messages, orders := map[string]bool{}, map[string]bool{}
	for _, a := range tt.arrivals {
		messages[a.MessageID], orders[a.ID] = true, true
	}
	assert.Len(t, messages, 50, "each has its own message id")
	assert.Len(t, orders, 50, "and order id")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	require.Len(t, lines, 50)
	for _, line := range lines {
		var o struct {
			MessageID, Event, ID, Status, Answer, Error string
			Code                                        int
			Ms                                          float64
		}
		require.NoError(t, json.Unmarshal([]byte(line), &o))
		assert.True(t, messages[o.MessageID])
		assert.Equal(t, 200, o.Code)
		assert.Positive(t, o.Ms)
		assert.JSONEq(t, `{"msg":"value with key 7 stored"}`, o.Answer)
	}

	tt.arrivals = nil
	code, out, _ = s.Run(t.Context(), "send", "--repeat", "3", "--order-id", "same", "--rate", "10000")
	assert.Zero(t, code)
	assert.Contains(t, out, "3 of 3 accepted")
	for _, a := range tt.arrivals {
		assert.Equal(t, "same", a.ID)
	}
}

func TestSendFailures(t *testing.T) {
	tests := []struct {
		name   string
		answer int
		want   string
	}{
		{"wrong secret", http.StatusUnauthorized, "the secret"},
		{"wrong path", http.StatusNotFound, "--path"},
		{"redirect", http.StatusFound, "redirects"},
		{"busy", http.StatusServiceUnavailable, "try again"},
		{"teapot", http.StatusTeapot, "answered 418"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			s := clitest.NewSandbox(t, NewCommand)
			tt := newTarget(t, s)
			tt.answer = tc.answer
			code, _, errs := s.Run(t.Context(), "send")
			assert.Equal(t, 1, code)
			assert.Contains(t, errs, tc.want)
			assert.Equal(t, 1, strings.Count(errs, "\n"), "one line")
			code, _, errs = s.Run(t.Context(), "send", "--repeat", "2")
			assert.Equal(t, 1, code)
			assert.Contains(t, errs, "2 of 2 were not accepted")
			assert.NotContains(t, errs, "s3cret")
		})
	}
}

func TestSendWithoutAReceiver(t *testing.T) {
	s := clitest.NewSandbox(t, NewCommand)
	s.Env["UP42_WEBHOOK_SECRET"], s.Env["UP42_LISTEN"] = "x", "127.0.0.1:1" // no test can be given this port
	code, out, errs := s.Run(t.Context(), "send", "--json")
	assert.Equal(t, 1, code)
	assert.Contains(t, errs, "is up42hooks running?")
	assert.Contains(t, out, `"code":0`)
}

func TestSendWaitsNoLongerThanItsTimeout(t *testing.T) {
	s := clitest.NewSandbox(t, NewCommand)
	tt := newTarget(t, s)
	release := make(chan struct{})
	t.Cleanup(func() { close(release) })
	tt.arrived = func() { <-release }
	code, _, errs := s.Run(t.Context(), "send", "--timeout", "20ms")
	assert.Equal(t, 1, code)
	assert.Contains(t, errs, "no answer in time")
}

func TestSendStopsWhenInterrupted(t *testing.T) {
	s := clitest.NewSandbox(t, NewCommand)
	tt := newTarget(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	tt.arrived = cancel
	code, _, errs := s.Run(ctx, "send", "--repeat", "1000000")
	assert.Equal(t, 1, code)
	assert.Regexp(t, `interrupted: [1-9][0-9]* of 1000000 were accepted`, errs, "those in flight are waited for")
	tt.Close() // waits for its handlers
	assert.Less(t, len(tt.arrivals), 1000)
}

func TestSendSecrets(t *testing.T) {
	s := clitest.NewSandbox(t, NewCommand)
	tt := newTarget(t, s)
	tt.policy.Secrets = []string{"env", "flag", "file", "generated"}
	sentWith := func(args ...string) string {
		tt.arrivals = nil
		code, _, errs := s.Run(t.Context(), append([]string{"send"}, args...)...)
		require.Zero(t, code, errs)
		return tt.policy.Secrets[tt.only(t).result.Secret]
	}
	file := filepath.Join(s.Home, "secrets")
	require.NoError(t, os.WriteFile(file, []byte("file\nother\n"), 0o600))
	s.Env["UP42_WEBHOOK_SECRET"] = "env"
	assert.Equal(t, "flag", sentWith("--secret", "flag"))
	assert.Equal(t, "env", sentWith())
	delete(s.Env, "UP42_WEBHOOK_SECRET")
	assert.Equal(t, "file", sentWith("--secret-file", file))

	code, _, errs := s.Run(t.Context(), "send")
	assert.Equal(t, 2, code)
	assert.Contains(t, errs, "no secret to sign with")
	assert.NoFileExists(t, s.Generated())
	require.NoError(t, os.MkdirAll(filepath.Dir(s.Generated()), 0o700))
	require.NoError(t, os.WriteFile(s.Generated(), []byte("generated\n"), 0o600))
	assert.Equal(t, "generated", sentWith())
}

func TestSendMisuse(t *testing.T) {
	tests := map[string][]string{
		"--event":                     {"--event", "order.created"},
		"give --event order.status":   {"--event", "job.status", "--order-id", "x"},
		"give --event job.status":     {"--event", "order.status", "--job-id", "x"},
		"an event has one of them":    {"--order-id", "x", "--job-id", "y"},
		"--repeat":                    {"--repeat", "0"},
		"--rate":                      {"--rate", "-1"},
		"--timeout":                   {"--timeout", "0s"},
		"--url":                       {"--url", "127.0.0.1:9888"},
		"--status can't be used with": {"--body", "x", "--status", "y"},
		"read the body":               {"--body", "absent.json"},
		"--unsigned can't be used":    {"--unsigned", "--secret", "x"},
		"RFC 3339":                    {"--created", "now"},
		"takes no argument":           {"now"},
		"any free port":               {},
	}
	for want, args := range tests {
		s := clitest.NewSandbox(t, NewCommand)
		s.Env["UP42_WEBHOOK_SECRET"], s.Env["UP42_LISTEN"] = "x", "127.0.0.1:0"
		if len(args) > 0 {
			s.Env["UP42_LISTEN"] = "127.0.0.1:1"
		}
		code, out, errs := s.Run(t.Context(), append([]string{"send"}, args...)...)
		assert.Equal(t, 2, code, "%v: %s", args, errs)
		assert.Contains(t, errs, want)
		assert.Empty(t, out)
	}
}

// A running receiver may have another address than the default. A configured address
// takes precedence.
func TestSendFindsTheRunningReceiver(t *testing.T) {
	t.Parallel()
	env := clitest.Home(t)
	clitest.Receive(t, env, nil)
	_, stderr, code := clitest.Run(t, env, "send", "--status", "PLACED")
	assert.Zero(t, code, stderr)
	_, stderr, code = clitest.Run(t, append(env, "UP42_LISTEN=127.0.0.1:1"), "send")
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, "nothing listens on 127.0.0.1:1")
}
