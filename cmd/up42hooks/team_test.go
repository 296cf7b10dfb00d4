package main

import (
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	natsgo "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/receiver/jetstream/natstest"
)

// streamSize returns how many messages the team's stream has.
func streamSize(t *testing.T, url string) uint64 {
	t.Helper()
	nc, err := natsgo.Connect(url)
	require.NoError(t, err)
	defer nc.Close()
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	s, err := js.Stream(t.Context(), "UP42")
	require.NoError(t, err)
	return s.CachedInfo().State.Msgs
}

// deliverToTeam sends a delivery until it is answered 200, as UP42 does: a slow machine may not have it in
// the stream in time.
func deliverToTeam(t *testing.T, p *clitest.Process, body []byte) {
	t.Helper()
	c := clitest.HTTPClient(t)
	require.EventuallyWithT(t, func(t *assert.CollectT) {
		status, answer, err := clitest.Deliver(c, p.URL, clitest.Secret, body)
		require.NoError(t, err)
		assert.Equal(t, http.StatusOK, status, answer)
	}, clitest.Patience, 20*time.Millisecond)
}

func TestDeliveriesAreAnsweredWhenTheTeamHasThem(t *testing.T) {
	t.Parallel()
	nats := natstest.Start(t)
	nats.Stop()
	env := append(clitest.WithSecret(clitest.Home(t)), "UP42_STREAM="+nats.URL())
	p := clitest.Receive(t, env, nil, "--stream-ack", "team")
	c := clitest.HTTPClient(t)
	body := clitest.Delivery("m1", "o1", "PLACED")
	status, _, err := clitest.Deliver(c, p.URL, clitest.Secret, body)
	require.NoError(t, err)
	assert.Equal(t, http.StatusServiceUnavailable, status, "the stream does not have it")
	_, ok := p.Stderr.Await("no server answers at nats://127.0.0.1")
	assert.True(t, ok, "%s", p.Stderr)
	nats.Start()
	deliverToTeam(t, p, body)
	status, answer, err := clitest.Deliver(c, p.URL, clitest.Secret, body)
	require.NoError(t, err)
	assert.Equal(t, http.StatusOK, status, answer)
	assert.EqualValues(t, 1, streamSize(t, nats.URL()))
	p.Signal(syscall.SIGTERM)
	p.Finish(t)

	out, _, code := clitest.Run(t, env, "store", "info")
	assert.Zero(t, code)
	assert.Contains(t, out, "stream UP42 is done up to event 1, 0 behind")
}

// Without --stream-ack team nothing depends on the servers.
func TestReceivingGoesOnWithoutTheTeam(t *testing.T) {
	t.Parallel()
	nats := natstest.Start(t)
	nats.Stop()
	p := clitest.Receive(t, clitest.WithSecret(clitest.Home(t)), nil, "--stream", nats.URL())
	status, answer, err := clitest.Deliver(clitest.HTTPClient(t), p.URL, clitest.Secret, clitest.Delivery("m1", "o1", "PLACED"))
	require.NoError(t, err)
	assert.Equal(t, http.StatusOK, status, answer)
	p.Signal(syscall.SIGTERM)
	p.Finish(t)
	assert.Contains(t, p.Stdout.String(), `"messageId":"m1"`)
}

// A screen that watches the receiver of another process shows its team.
func TestAViewerShowsTheTeam(t *testing.T) {
	t.Parallel()
	nats := natstest.Start(t)
	member := func(name string) []string {
		return append(clitest.WithSecret(clitest.Home(t)), "UP42_STREAM="+nats.URL(), "UP42_STREAM_MEMBER="+name)
	}
	env := member("office")
	office, laptop := clitest.Receive(t, env, nil), clitest.Receive(t, member("laptop"), nil)
	viewer := clitest.OnTerminal(t, env, 132, 40, "watch", "--only-watch")
	assert.NotContains(t, viewer.Sees(t, "team UP42  2 members"), "elsewhere", "the stream is no target")
	status, answer, err := clitest.Deliver(clitest.HTTPClient(t), office.URL, clitest.Secret, clitest.Delivery("m1", "o1", "PLACED"))
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, status, answer)
	viewer.Sees(t, "1 verified")
	viewer.Key(t, "0")
	for _, what := range []string{"office (receiver, this one)", "laptop (member)", "1 published, 0 from others"} {
		viewer.Sees(t, what)
	}
	nats.Stop()
	viewer.Sees(t, "team: no server answers at nats://127.0.0.1")
	viewer.Signal(syscall.SIGTERM)
	viewer.Ends(t)
	for _, p := range []*clitest.Process{office, laptop} {
		p.Signal(syscall.SIGTERM)
		p.Finish(t)
	}
}

// A new laptop has the history after one command, and keeps it without a connection.
func TestANewMemberHasTheHistory(t *testing.T) {
	t.Parallel()
	nats := natstest.Start(t)
	p := clitest.Receive(t, append(clitest.WithSecret(clitest.Home(t)), "UP42_STREAM="+nats.URL(), "UP42_STREAM_MEMBER=office"), nil, "--stream-ack", "team")
	for _, id := range []string{"m1", "m2"} {
		deliverToTeam(t, p, clitest.Delivery(id, "o1", "PLACED"))
	}
	laptop := clitest.Home(t)
	out, errs, code := clitest.Run(t, laptop, "events", "--json", "--stream", nats.URL())
	require.Zero(t, code, errs)
	assert.Equal(t, 2, strings.Count(out, `"receivedBy":"office"`), out)
	out, _, code = clitest.Run(t, laptop, "store", "info")
	assert.Zero(t, code)
	assert.Contains(t, out, "UP42 is read up to message 2")
	assert.NotContains(t, out, "Reader", "the store keeps nothing for the stream")
	nats.Stop()
	out, errs, code = clitest.Run(t, laptop, "orders", "--json", "--stream", nats.URL())
	assert.Zero(t, code)
	assert.Contains(t, out, `"id":"o1"`)
	assert.Contains(t, errs, "the team's stream can't be read, so this is what is here: no server answers")
	p.Signal(syscall.SIGTERM)
	p.Finish(t)
}
