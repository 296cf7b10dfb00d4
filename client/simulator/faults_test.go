package simulator_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client/simulator"
)

const eventsPath = "/webhooks/events"

// outcomes makes n calls and returns their statuses, 0 for a call without a complete answer.
func (r *rig) outcomes(n int) (statuses []int) {
	r.Helper()
	for range n {
		a, err := r.try(http.MethodGet, eventsPath, "", map[string]string{"Authorization": "Bearer " + r.token})
		if err != nil {
			a.status = 0
		}
		statuses = append(statuses, a.status)
	}
	return statuses
}

func TestShares(t *testing.T) {
	tests := []struct {
		name   string
		faults simulator.Faults
		want   []int
	}{
		{"none", simulator.Faults{}, []int{200, 200}},
		{"all", simulator.Faults{TooMany: 1}, []int{429, 429, 429}},
		{"the next two", simulator.Faults{ServerError: 1, Calls: 2}, []int{500, 500, 200, 200}},
		{"every third", simulator.Faults{HTML: 1.0 / 3}, []int{200, 200, 502, 200, 200, 502}},
		{"every tenth", simulator.Faults{TooMany: 0.1}, []int{200, 200, 200, 200, 200, 200, 200, 200, 200, 429, 200}},
		{"connections", simulator.Faults{Drop: 0.5}, []int{200, 0, 200, 0}},
		{"half answers", simulator.Faults{Truncate: 1, Calls: 1}, []int{0, 200}},
		{"one after the other", simulator.Faults{TooMany: 0.5, ServerError: 0.5}, []int{200, 429, 500, 429, 500}},
		{"a token", simulator.Faults{Expired: 1, Calls: 1}, []int{401, 401}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			r := newRig(t, simulator.Options{Quiet: true})
			r.sim.SetFaults(tc.faults)
			assert.Equal(t, tc.want, r.outcomes(len(tc.want)))
			r.sim.SetFaults(simulator.Faults{})
			r.signIn()
			assert.Equal(t, []int{200}, r.outcomes(1), "the faults have ended")
		})
	}
}

func TestAnswersOfFaults(t *testing.T) {
	r := newRig(t, simulator.Options{Quiet: true})
	r.sim.SetFaults(simulator.Faults{TooMany: 1, RetryAfter: 1500 * time.Millisecond})
	a := r.call(http.MethodGet, eventsPath, "")
	assert.Equal(t, "2", a.header.Get("Retry-After"))
	assert.NotEmpty(t, a.header.Get("X-Request-Id"))
	code, _ := a.refusal(t)
	assert.Equal(t, 429, code)
	assert.Equal(t, 429, r.form(passwordGrant()).status, "the sign-in has them too")

	r.sim.SetFaults(simulator.Faults{HTML: 1})
	a = r.call(http.MethodGet, eventsPath, "")
	assert.Equal(t, "text/html", a.header.Get("Content-Type"))
	assert.True(t, strings.HasPrefix(a.text, "<html>"))
}

func TestATruncatedCallHasAnEffectADroppedOneHasNot(t *testing.T) {
	r := newRig(t, simulator.Options{Quiet: true})
	create := func(f simulator.Faults) int {
		r.sim.SetFaults(f)
		_, err := r.try(http.MethodPost, r.webhooksPath(), `{"name":"a","url":"https://example.com","events":["job.status"]}`,
			map[string]string{"Authorization": "Bearer " + r.token})
		require.Error(t, err)
		r.sim.SetFaults(simulator.Faults{})
		var all struct{ Data []webhook }
		r.call(http.MethodGet, r.webhooksPath(), "").into(t, &all)
		return len(all.Data)
	}
	assert.Equal(t, 0, create(simulator.Faults{Drop: 1}))
	assert.Equal(t, 1, create(simulator.Faults{Truncate: 1}))
}

func TestLatencyEndsWhenTheCallerIsGone(t *testing.T) {
	r := newRig(t, simulator.Options{Quiet: true, Faults: simulator.Faults{}})
	r.sim.SetFaults(simulator.Faults{Latency: 30 * time.Millisecond})
	start := time.Now()
	assert.Equal(t, []int{200}, r.outcomes(1))
	assert.GreaterOrEqual(t, time.Since(start), 30*time.Millisecond)

	r.sim.SetFaults(simulator.Faults{Latency: time.Hour})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.base+eventsPath, nil)
	require.NoError(t, err)
	_, err = r.client.Do(req)
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

func TestErrorsWithoutTheEnvelope(t *testing.T) {
	r := newRig(t, simulator.Options{Quiet: true})
	r.sim.SetFaults(simulator.Faults{Unwrapped: 1})
	for path, want := range map[string]string{
		"/v2/orders/unknown":                     `{"code":404,"message":"Order not found for the given id","details":"Not Found"}`,
		"/v2/processing/jobs?limit=0":            `{"code":400,"message":"limit and offset must be numbers from 1 and from 0","details":"Bad Request"}`,
		"/v2/nothing":                            `{"code":501,"message":"The simulator does not have the call GET /v2/nothing","details":"Not Implemented"}`,
		"/workspaces/" + "x" + "/webhooks":       `{"code":403,"message":"You don't have access to this workspace","details":"Forbidden"}`,
		r.webhooksPath() + "/" + "not-a-webhook": `{"code":404,"message":"Webhook not found for the given id","details":"Not Found"}`,
	} {
		assert.JSONEq(t, want, r.call(http.MethodGet, path, "").text)
	}
	assert.JSONEq(t, `{"data":[],"error":null}`, r.call(http.MethodGet, r.webhooksPath(), "").text, "a success stays as it is")

	r.sim.SetFaults(simulator.Faults{Unwrapped: 1, ServerError: 1})
	assert.JSONEq(t, `{"code":500,"message":"Internal Server Error","details":"Internal Server Error"}`, r.call(http.MethodGet, eventsPath, "").text)

	r.sim.SetFaults(simulator.Faults{Unwrapped: 0.5})
	bare := 0
	for range 10 {
		if !strings.Contains(r.call(http.MethodGet, "/v2/orders/unknown", "").text, `"error"`) {
			bare++
		}
	}
	assert.Equal(t, 5, bare)
	r.sim.SetFaults(simulator.Faults{Unwrapped: 1, Calls: 1})
	r.call(http.MethodGet, "/v2/orders/unknown", "")
	r.call(http.MethodGet, "/v2/orders/unknown", "").refusal(t)
}
