package natstarget_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/forward"
	"github.com/up42/up42-webhooks/receiver/forward/natstarget"
	"github.com/up42/up42-webhooks/receiver/receivertest"
)

const subject = "up42.events"

// client connects to a server as somebody else.
func client(t *testing.T, url string, options ...nats.Option) *nats.Conn {
	t.Helper()
	nc, err := nats.Connect(url, options...)
	require.NoError(t, err)
	t.Cleanup(nc.Close)
	return nc
}

// stream makes a stream for the subject.
func stream(t *testing.T, nc *nats.Conn, change ...func(*nats.StreamConfig)) nats.JetStreamContext {
	t.Helper()
	js, err := nc.JetStream()
	require.NoError(t, err)
	c := &nats.StreamConfig{Name: "EVENTS", Subjects: []string{"up42.>"}, Storage: nats.MemoryStorage}
	for _, f := range change {
		f(c)
	}
	_, err = js.AddStream(c)
	require.NoError(t, err)
	return js
}

// target makes a target of the subject on a server.
func target(t *testing.T, url string, change ...func(*natstarget.Options)) *natstarget.Target {
	t.Helper()
	o := natstarget.Options{URL: url + "/" + subject, Timeout: 10 * time.Second}
	for _, f := range change {
		f(&o)
	}
	n, err := natstarget.New(o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, forward.Close(n)) })
	return n
}

// creds writes a file with credentials.
func creds(t *testing.T, text string) func(*natstarget.Options) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "creds")
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	return func(o *natstarget.Options) { o.Creds = file }
}

func event(id string) *receiver.Event {
	e := receivertest.Order(id, "PLACED")
	e.Seq, e.MessageID = 7, "m-"+id
	e.Headers = []receiver.Header{{Name: "Content-Type", Value: "application/json"}, {Name: "Nats-Rollup", Value: "all"}, {Name: "Digest", Value: "SHA-256=x"}}
	e.Proof.Components = []string{"digest", "nats-rollup"}
	return e
}
