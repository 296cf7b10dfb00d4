package simulator_test

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client/simulator"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/signature"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// newReceiver starts a receiver with one secret, behind a real server.
func newReceiver(t *testing.T, secret string) (log receiver.Log, url string) {
	t.Helper()
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "events.db"), sqlite.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, store.Close()) })
	h := receiver.NewHandler(receiver.HandlerOptions{Log: store}, signature.Policy{
		Secrets: []string{secret}, Components: signature.DefaultComponents(), RequireDigest: true,
	})
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return store, server.URL + receiver.DefaultPath
}

type testReport struct {
	StartedAt                             string
	TestsRun, TestsSucceeded, TestsFailed int
	Tests                                 []struct {
		StartedAt, EventName, Message, Response string
		Success                                 bool
		Request                                 struct {
			Headers map[string]bool
			Body    struct {
				Event, MessageID, Timestamp string
				LiveMode                    *bool
				Body                        map[string]any
			}
		}
	}
}

func (r *rig) test(id string) (out testReport) {
	r.Helper()
	var in struct{ Data testReport }
	a := r.call(http.MethodPost, r.webhooksPath()+"/"+id+"/tests", "")
	require.Equal(r, 200, a.status, a.text)
	a.into(r, &in)
	return in.Data
}

func TestTestsReachARealReceiver(t *testing.T) {
	r := newRig(t, simulator.Options{Quiet: true})
	log, url := newReceiver(t, "hush")
	got := r.test(r.register(url, "hush").ID)
	assert.Equal(t, []int{2, 2, 0}, []int{got.TestsRun, got.TestsSucceeded, got.TestsFailed})
	require.Len(t, got.Tests, 2)
	events, err := log.Events(t.Context(), receiver.EventQuery{})
	require.NoError(t, err)
	require.Len(t, events, 2)
	for i, one := range got.Tests {
		assert.True(t, one.Success)
		assert.Equal(t, "Test request was successful!", one.Message)
		assert.Equal(t, "HttpResponse["+url+", 200 OK]", one.Response)
		assert.Equal(t, map[string]bool{"caseInsensitiveName": true, "empty": false}, one.Request.Headers)
		sent := one.Request.Body
		assert.Equal(t, one.EventName, sent.Event)
		require.NotNil(t, sent.LiveMode)
		assert.False(t, *sent.LiveMode)
		assert.Equal(t, true, sent.Body["statusIsFinal"])

		e := events[i]
		assert.Equal(t, receiver.Verified, e.Verdict, "signed, body and all")
		assert.Equal(t, sent.MessageID, e.MessageID)
		assert.Equal(t, sent.Event, e.Name)
		assert.False(t, e.LiveMode)
		assert.NotEmpty(t, e.ID)
	}
	assert.Equal(t, "TASKING", got.Tests[1].Request.Body.Body["orderType"])
	assert.Equal(t, "test-up42-host-name", got.Tests[1].Request.Body.Body["dataHostName"])
}

func TestTestsThatFail(t *testing.T) {
	r := newRig(t, simulator.Options{Quiet: true})
	log, url := newReceiver(t, "hush")
	for _, secret := range []string{"another", ""} {
		got := r.test(r.register(url, secret).ID)
		assert.Equal(t, []int{2, 0, 2}, []int{got.TestsRun, got.TestsSucceeded, got.TestsFailed})
		assert.False(t, got.Tests[0].Success)
		assert.Contains(t, got.Tests[0].Message, "401")
		assert.Equal(t, "HttpResponse["+url+", 401 Unauthorized]", got.Tests[0].Response)
	}
	events, err := log.Events(t.Context(), receiver.EventQuery{})
	require.NoError(t, err)
	assert.Empty(t, events)

	const dead = "127.0.0.1:1" // no test can be given this port
	got := r.test(r.register("http://me:pass@"+dead, "hush").ID)
	assert.Equal(t, 2, got.TestsFailed)
	assert.Contains(t, got.Tests[0].Message, "connection refused")
	assert.NotContains(t, got.Tests[0].Message+got.Tests[0].Response, "pass")

	elsewhere := httptest.NewServer(http.RedirectHandler(url, http.StatusTemporaryRedirect))
	t.Cleanup(elsewhere.Close)
	got = r.test(r.register(elsewhere.URL, "hush").ID)
	assert.Equal(t, 2, got.TestsFailed, "redirects are not followed")
	assert.Contains(t, got.Tests[0].Response, "307")
}
