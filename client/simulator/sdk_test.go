package simulator_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client/simulator"
	"github.com/up42/up42-webhooks/receiver"
)

// sdk makes the same calls as UP42's Python SDK 2.x, without our own code: requests are maps,
// fields of answers are read by name, and each status from 400 on is an error.
type sdk struct {
	*testing.T
	base             string
	client           *http.Client
	token, workspace string
}

// dict is a JSON object.
type dict = map[string]any

// httpError is the error of an answer with this status.
type httpError int

func (e httpError) Error() string { return fmt.Sprintf("status %d", int(e)) }

var errWrongCredentials = errors.New("wrong credentials")

// authenticate signs in with the password and reads the account: its subject is the
// workspace of all other calls.
func authenticate(t *testing.T, base, username, password string) (*sdk, error) {
	t.Helper()
	transport := &http.Transport{DisableCompression: true}
	t.Cleanup(transport.CloseIdleConnections)
	s := &sdk{T: t, base: base, client: &http.Client{Transport: transport, Timeout: time.Minute}}
	form := url.Values{
		"grant_type": {"password"}, "username": {username}, "password": {password}, "client_id": {"up42-sdk"}, "scope": {"openid"},
	}
	req := s.newRequest(http.MethodPost, tokenPath, strings.NewReader(form.Encode()))
	req.Header.Set("User-Agent", "python-requests/2.32.3")
	req.Header.Set("Accept-Encoding", "gzip, deflate")
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	got, err := s.do(req)
	if err != nil {
		return nil, errors.Join(errWrongCredentials, err)
	}
	const offset = 30.0 // the seconds before its end at which a token is renewed
	assert.Greater(t, got["expires_in"], offset)
	s.token = s.text(got, "access_token")
	if got, err = s.json(http.MethodGet, userInfoPath, nil); err != nil {
		return nil, err
	}
	s.workspace = s.text(got, "sub")
	return s, nil
}

func (s *sdk) newRequest(method, path string, body *strings.Reader) *http.Request {
	s.Helper()
	req, err := http.NewRequest(method, s.base+path, body)
	require.NoError(s, err)
	req.Header.Set("Accept", "*/*")
	return req
}

// do makes a call and returns the object in the answer, nil if the answer is empty.
func (s *sdk) do(req *http.Request) (dict, error) {
	s.Helper()
	resp, err := s.client.Do(req)
	require.NoError(s, err)
	defer resp.Body.Close()
	if resp.StatusCode >= http.StatusBadRequest {
		return nil, httpError(resp.StatusCode)
	}
	var text bytes.Buffer
	_, err = text.ReadFrom(resp.Body)
	require.NoError(s, err)
	if text.Len() == 0 {
		return nil, nil
	}
	var got dict
	require.NoError(s, json.Unmarshal(text.Bytes(), &got), "%s", &text)
	return got, nil
}

// json makes a call with a token. Payload is sent as JSON and may be nil.
func (s *sdk) json(method, path string, payload dict) (dict, error) {
	s.Helper()
	var body strings.Reader
	if payload != nil {
		body.Reset(dumps(s, payload))
	}
	req := s.newRequest(method, path, &body)
	req.Header.Set("Authorization", "Bearer "+s.token)
	req.Header.Set("Content-Type", "application/json") // even without a body
	req.Header.Set("Cache-Control", "no-cache")
	req.Header.Set("User-Agent", "up42-py/2.4.0 (https://github.com/up42/up42-py)")
	return s.do(req)
}

// dumps writes JSON like Python, in ASCII only.
func dumps(t require.TestingT, payload dict) string {
	text, err := json.Marshal(payload)
	require.NoError(t, err)
	var out strings.Builder
	for _, r := range string(text) {
		if r < 0x80 {
			out.WriteRune(r)
		} else {
			require.Less(t, r, rune(0x10000), "it fits one escape")
			fmt.Fprintf(&out, `\u%04x`, r)
		}
	}
	return out.String()
}

// text returns a required field of an object.
func (s *sdk) text(d dict, name string) string {
	s.Helper()
	text, ok := d[name].(string)
	require.True(s, ok, "%s in %v", name, d)
	require.NotEmpty(s, text, name)
	return text
}

// sdkWebhook is the class Webhook; nil is Python's None.
type sdkWebhook struct {
	id, url, name, events, active, secret, createdAt, updatedAt any
}

// fromMetadata makes a webhook of an answer. The first five fields are required in Python.
func (s *sdk) fromMetadata(metadata any) sdkWebhook {
	s.Helper()
	d, ok := metadata.(dict)
	require.True(s, ok, "%v", metadata)
	for _, name := range []string{"id", "active", "url", "name", "events"} {
		require.Contains(s, d, name)
	}
	return sdkWebhook{d["id"], d["url"], d["name"], d["events"], d["active"], d["secret"], d["createdAt"], d["updatedAt"]}
}

func (s *sdk) path(w sdkWebhook, tail ...string) string {
	path := "/workspaces/" + s.workspace + "/webhooks"
	if w.id != nil {
		path += "/" + w.id.(string)
	}
	return path + strings.Join(tail, "")
}

// save creates a webhook, or replaces it if it has an id.
func (s *sdk) save(w *sdkWebhook) error {
	s.Helper()
	method := http.MethodPost
	if w.id != nil {
		method = http.MethodPut
	}
	got, err := s.json(method, s.path(*w), dict{"name": w.name, "url": w.url, "events": w.events, "secret": w.secret, "active": w.active})
	if err != nil {
		return err
	}
	d, ok := got["data"].(dict)
	require.True(s, ok, "%v", got)
	if w.id == nil {
		w.id, w.createdAt = s.text(d, "id"), s.text(d, "createdAt")
	}
	w.updatedAt = s.text(d, "updatedAt")
	return nil
}

func (s *sdk) get(id any) (w sdkWebhook, err error) {
	s.Helper()
	got, err := s.json(http.MethodGet, s.path(sdkWebhook{id: id}), nil)
	if err != nil {
		return w, err
	}
	return s.fromMetadata(got["data"]), nil
}

func (s *sdk) all() (out []sdkWebhook) {
	s.Helper()
	got, err := s.json(http.MethodGet, s.path(sdkWebhook{}), nil)
	require.NoError(s, err)
	list, ok := got["data"].([]any)
	require.True(s, ok, "%v", got)
	for _, metadata := range list {
		out = append(out, s.fromMetadata(metadata))
	}
	return out
}

func (s *sdk) delete(w sdkWebhook) error {
	s.Helper()
	_, err := s.json(http.MethodDelete, s.path(w), nil)
	return err
}

func (s *sdk) triggerTestEvents(w sdkWebhook) dict {
	s.Helper()
	got, err := s.json(http.MethodPost, s.path(w, "/tests"), nil)
	require.NoError(s, err)
	d, ok := got["data"].(dict)
	require.True(s, ok, "%v", got)
	return d
}

func newSDK(t *testing.T, o simulator.Options) (*simulator.Simulator, *sdk) {
	t.Helper()
	sim := simulator.New(o)
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	s, err := authenticate(t, server.URL, simulator.Username, simulator.Password)
	require.NoError(t, err)
	return sim, s
}

func TestTheSDKSignsIn(t *testing.T) {
	sim, s := newSDK(t, simulator.Options{Quiet: true})
	assert.Equal(t, sim.Workspace(), s.workspace)
	_, err := authenticate(t, s.base, simulator.Username, "guess")
	assert.ErrorIs(t, err, errWrongCredentials)
}

func TestTheSDKManagesWebhooks(t *testing.T) {
	now := time.Date(2024, 7, 1, 12, 0, 0, 123456000, time.UTC)
	_, s := newSDK(t, simulator.Options{Quiet: true, Now: func() time.Time { return now }})
	assert.Empty(t, s.all())

	// The defaults of the class: not active, no secret.
	w := sdkWebhook{url: "https://example.com/hook", name: "Höhe “über” Null", events: []any{"order.status"}, active: false}
	require.NoError(t, s.save(&w))
	assert.Equal(t, "2024-07-01T12:00:00.123456Z", w.createdAt)
	assert.Equal(t, w.createdAt, w.updatedAt)
	read, err := s.get(w.id)
	require.NoError(t, err)
	assert.Empty(t, read.secret)
	read.secret = nil
	assert.Equal(t, w, read)

	now = now.Add(time.Minute)
	w.name, w.events, w.active, w.secret = "b", []any{"order.status", "job.status"}, true, "hush"
	id, created := w.id, w.createdAt
	require.NoError(t, s.save(&w))
	assert.Equal(t, "2024-07-01T12:01:00.123456Z", w.updatedAt)
	read, err = s.get(w.id)
	require.NoError(t, err)
	assert.Equal(t, w, read)
	assert.Equal(t, []any{id, created}, []any{read.id, read.createdAt}, "it is the same webhook")

	// A webhook that was read can be saved again, with its secret.
	read.active = false
	require.NoError(t, s.save(&read))
	second := sdkWebhook{url: "https://example.com/2", name: "c", events: []any{"job.status"}, active: true, secret: "hush"}
	require.NoError(t, s.save(&second))
	assert.Equal(t, []sdkWebhook{read, second}, s.all())

	require.NoError(t, s.delete(w))
	assert.Equal(t, []sdkWebhook{second}, s.all())
	_, err = s.get(w.id)
	for _, err := range []error{err, s.save(&w), s.delete(w)} {
		assert.Equal(t, httpError(http.StatusNotFound), err, "it is gone")
	}
}

func TestTheSDKListsEvents(t *testing.T) {
	_, s := newSDK(t, simulator.Options{Quiet: true})
	got, err := s.json(http.MethodGet, eventsPath, nil)
	require.NoError(t, err)
	list, ok := got["data"].([]any)
	require.True(t, ok, "%v", got)
	var names []string
	for _, event := range list {
		for _, field := range []string{"name", "title", "category", "description", "documentation"} {
			s.text(event.(dict), field)
		}
		names = append(names, s.text(event.(dict), "name"))
	}
	assert.Subset(t, names, []string{"job.status", "order.status"})
}

func TestTheSDKTriggersTestEvents(t *testing.T) {
	_, s := newSDK(t, simulator.Options{Quiet: true})
	log, to := newReceiver(t, "hush")
	w := sdkWebhook{url: to, name: "here", events: []any{"order.status", "job.status"}, active: false, secret: "hush"}
	require.NoError(t, s.save(&w))

	report := s.triggerTestEvents(w)
	s.text(report, "startedAt")
	assert.Equal(t, []any{2.0, 2.0, 0.0}, []any{report["testsRun"], report["testsSucceeded"], report["testsFailed"]})
	tests := report["tests"].([]any)
	require.Len(t, tests, 2)
	events, err := log.Next(t.Context(), 0, 10)
	require.NoError(t, err)
	require.Len(t, events, 2)
	for i, test := range tests {
		test := test.(dict)
		message := test["request"].(dict)["body"].(dict)
		assert.Equal(t, true, test["success"])
		assert.Equal(t, test["eventName"], message["event"])
		assert.Equal(t, false, message["liveMode"])
		assert.Equal(t, s.text(message, "messageId"), events[i].MessageID, "it arrived")
		assert.Equal(t, receiver.Verified, events[i].Verdict)
	}
}

// TestTheSDKIsRefused checks that each refusal has a status that is an error for the SDK, and
// that it repeats calls with 429.
func TestTheSDKIsRefused(t *testing.T) {
	sim, s := newSDK(t, simulator.Options{Quiet: true})
	good := sdkWebhook{url: "https://example.com", name: "a", events: []any{"job.status"}, active: true}
	for want, change := range map[httpError]func(*sdkWebhook){
		http.StatusUnprocessableEntity: func(w *sdkWebhook) { w.url = "http://example.com" },
		http.StatusBadRequest:          func(w *sdkWebhook) { w.events = "job.status" },
	} {
		w := good
		change(&w)
		assert.Equal(t, want, s.save(&w))
		assert.Nil(t, w.id)
	}
	elsewhere := *s
	elsewhere.workspace = "00000000-0000-0000-0000-000000000000"
	assert.Equal(t, httpError(http.StatusForbidden), elsewhere.save(&good))
	sim.ExpireTokens()
	assert.Equal(t, httpError(http.StatusUnauthorized), s.save(&good))

	// urllib3 only understands a number of seconds.
	sim.SetFaults(simulator.Faults{TooMany: 1})
	resp, err := s.client.Get(s.base + eventsPath)
	require.NoError(t, err)
	defer resp.Body.Close()
	assert.Equal(t, http.StatusTooManyRequests, resp.StatusCode)
	assert.Regexp(t, `^[0-9]+$`, resp.Header.Get("Retry-After"))
}
