package simulator_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client/simulator"
	"github.com/up42/up42-webhooks/receiver/signature"
)

// epoch is the time at which tests in a bubble start.
var epoch = time.Date(2026, 1, 9, 3, 34, 52, 0, time.UTC)

// bubble runs a test in a time of its own (testing/synctest). It moves the time from the
// year 2000 to epoch, because signatures need a time of ten digits.
func bubble(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(epoch))
		f(t)
	})
}

// delivery is a delivery that a target got.
type delivery struct {
	at        time.Time
	header    http.Header
	raw       string
	Event     string
	LiveMode  bool
	MessageID string
	Timestamp time.Time
	Body      struct {
		OrderID, OrderType, DataHostName, Status, SubStatus            string
		JobID, JobTaskID, JobTaskName, JobName, ProcessID, WorkspaceID string
		StatusIsFinal                                                  bool
	}
}

func (d delivery) id() string { return d.Body.OrderID + d.Body.JobID }

// state is what a delivery says: the status and what refines it.
func (d delivery) state() string {
	return strings.TrimSpace(strings.Join([]string{d.Body.JobTaskName, d.Body.Status, d.Body.SubStatus}, " "))
}

// target is a receiver in memory that works in a bubble.
type target struct {
	mu   sync.Mutex
	seen map[string][]delivery // by host
	// answer returns the status of the answer, 0 for no answer. It may block. Nil is 200.
	answer func(d delivery, before int) int
}

func (g *target) RoundTrip(req *http.Request) (*http.Response, error) {
	raw, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	d := delivery{at: time.Now(), header: req.Header, raw: string(raw)}
	if err := json.Unmarshal(raw, &d); err != nil {
		return nil, err
	}
	g.mu.Lock()
	if g.seen == nil {
		g.seen = map[string][]delivery{}
	}
	before := len(g.seen[req.URL.Host])
	g.seen[req.URL.Host] = append(g.seen[req.URL.Host], d)
	g.mu.Unlock()
	code := http.StatusOK
	if g.answer != nil {
		code = g.answer(d, before)
	}
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	if code == 0 {
		return nil, errors.New("connection reset")
	}
	return &http.Response{StatusCode: code, Body: http.NoBody, Request: req}, nil
}

func (g *target) at(host string) []delivery {
	g.mu.Lock()
	defer g.mu.Unlock()
	return append([]delivery(nil), g.seen[host]...)
}

// direct calls a simulator without a network.
type direct struct {
	*testing.T
	sim   *simulator.Simulator
	token string
}

func newDirect(t *testing.T, o simulator.Options) *direct {
	t.Helper()
	d := &direct{T: t, sim: simulator.New(o)}
	d.signIn()
	return d
}

func (d *direct) signIn() {
	d.Helper()
	var in tokenAnswer
	d.do(http.MethodPost, tokenPath, passwordGrant().Encode()).into(d, &in)
	d.token = in.AccessToken
}

func (d *direct) do(method, path, body string) reply {
	d.Helper()
	req := httptest.NewRequestWithContext(d.Context(), method, path, strings.NewReader(body))
	req.Header.Set("Authorization", "Bearer "+d.token)
	if path == tokenPath {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	d.sim.ServeHTTP(w, req)
	return reply{w.Code, w.Header(), strings.TrimSpace(w.Body.String())}
}

// register registers an active webhook and returns its path.
func (d *direct) register(to string, events ...string) string {
	d.Helper()
	body, err := json.Marshal(map[string]any{"name": "hook", "url": to, "events": events, "active": true, "secret": "hush"})
	require.NoError(d, err)
	a := d.do(http.MethodPost, "/workspaces/"+d.sim.Workspace()+"/webhooks", string(body))
	require.Equal(d, 201, a.status, a.text)
	var in struct{ Data webhook }
	a.into(d, &in)
	return "/workspaces/" + d.sim.Workspace() + "/webhooks/" + in.Data.ID
}

// runFor runs the simulator for a time.
func (d *direct) runFor(length time.Duration) {
	d.Helper()
	ctx, cancel := context.WithTimeout(d.Context(), length)
	defer cancel()
	require.NoError(d, d.sim.Run(ctx))
}

const bothEvents = "job.status, order.status"

// story returns a line for each delivery.
func story(ds []delivery) []string {
	var out []string
	for _, d := range ds {
		out = append(out, fmt.Sprintf("%s %s %s %s %v", d.MessageID, d.Event, d.id(), d.Body.Status, d.Body.StatusIsFinal))
	}
	return out
}

// jitter sleeps for a random time.
func jitter(r *rand.Rand, mu *sync.Mutex, most time.Duration) {
	mu.Lock()
	d := time.Duration(r.Int64N(int64(most)))
	mu.Unlock()
	time.Sleep(d)
}

// verify checks a delivery with the right secret.
func verify(d delivery, now time.Time) error {
	v := signature.New(signature.Policy{Secrets: []string{"hush"}, Components: signature.DefaultComponents(), RequireDigest: true})
	_, err := v.Verify(signature.Request{Header: d.header, Body: bytes.Clone([]byte(d.raw))}, now)
	return err
}
