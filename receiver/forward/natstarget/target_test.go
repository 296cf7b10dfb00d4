package natstarget_test

import (
	"context"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nkeys"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/forward"
	"github.com/up42/up42-webhooks/receiver/forward/natstarget"
	"github.com/up42/up42-webhooks/receiver/jetstream/natstest"
	"github.com/up42/up42-webhooks/receiver/receivertest"
)

func TestAStreamGetsEachEventOnce(t *testing.T) {
	url := natstest.Start(t).URL()
	js := stream(t, client(t, url))
	envelope, err := forward.NewEnvelope("shared", forward.CloudEvents)
	require.NoError(t, err)
	n := target(t, url, func(o *natstarget.Options) { o.Envelope = envelope })
	require.NoError(t, n.Check(t.Context()))
	assert.Empty(t, n.Advice())
	e := event("a")
	for range 3 { // as if an answer was lost
		require.NoError(t, n.Send(t.Context(), e))
	}
	require.NoError(t, n.Send(t.Context(), event("b")))
	info, err := js.StreamInfo("EVENTS")
	require.NoError(t, err)
	assert.EqualValues(t, 2, info.State.Msgs)
	m, err := js.GetMsg("EVENTS", 1)
	require.NoError(t, err)
	assert.Equal(t, subject, m.Subject)
	assert.Equal(t, string(e.Raw), string(m.Data))
	for name, want := range map[string]string{
		"Nats-Msg-Id": "m-a", "Up42hooks-Verdict": "verified", "Up42hooks-Seq": "7", "Ce-Id": "m-a", "Content-Type": "application/json", "Digest": "SHA-256=x", "Nats-Rollup": "",
	} {
		assert.Equal(t, want, m.Header.Get(name), name)
	}
	assert.True(t, strings.HasPrefix(m.Header.Get("Up42hooks-Signature"), "sha256="))
}

// Without a stream an event counts when somebody listens, even if he answers.
func TestASubjectWithoutAStream(t *testing.T) {
	for name, options := range map[string][]natstest.Change{"JetStream": nil, "no JetStream": {natstest.WithoutJetStream}} {
		t.Run(name, func(t *testing.T) {
			url := natstest.Start(t, options...).URL()
			n := target(t, url)
			require.NoError(t, n.Check(t.Context()))
			assert.Contains(t, n.Advice(), "no stream takes up42.events: only who listens at that moment gets an event")
			var refused *forward.Refused
			require.ErrorAs(t, n.Send(t.Context(), event("a")), &refused)
			assert.Equal(t, forward.Refused{Reason: "no stream takes up42.events, and nobody listens: make a stream for it (nats stream add), or start who listens", All: true}, *refused)

			nc := client(t, url)
			got, err := nc.SubscribeSync(subject)
			require.NoError(t, err)
			_, err = nc.Subscribe(subject, func(m *nats.Msg) { _ = m.Respond([]byte(`{"error":{"err_code":1}}`)) })
			require.NoError(t, err)
			require.NoError(t, nc.Flush())
			require.NoError(t, n.Send(t.Context(), event("a")))
			m, err := got.NextMsg(10 * time.Second)
			require.NoError(t, err)
			assert.Equal(t, "m-a", m.Header.Get("Nats-Msg-Id"))
		})
	}
}

// A stream that is made later is noticed with the next event, one that is deleted as well.
func TestStreamsComeAndGo(t *testing.T) {
	url := natstest.Start(t).URL()
	n, nc := target(t, url), client(t, url)
	require.Error(t, n.Send(t.Context(), event("a")))
	js := stream(t, nc)
	require.NoError(t, n.Send(t.Context(), event("a")))
	require.NoError(t, js.DeleteStream("EVENTS"))
	require.ErrorContains(t, n.Send(t.Context(), event("b")), "no stream takes up42.events, and nobody listens")
	js = stream(t, nc)
	require.NoError(t, n.Send(t.Context(), event("b")))
	info, err := js.StreamInfo("EVENTS")
	require.NoError(t, err)
	assert.EqualValues(t, 1, info.State.Msgs)
}

func TestWhatAStreamRefuses(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*nats.StreamConfig)
		want   forward.Refused
	}{
		"it is full": {
			func(c *nats.StreamConfig) { c.MaxMsgs, c.Discard = 1, nats.DiscardNew },
			forward.Refused{Reason: "the stream is full (maximum messages exceeded): raise its limits, or let it discard old messages", All: true},
		},
		"a message is too large": {
			func(c *nats.StreamConfig) { c.MaxMsgSize = 1500 },
			forward.Refused{Reason: "the stream takes no message of this size: raise its max_msg_size", Permanent: true},
		},
		"it is too large for the server": {
			func(*nats.StreamConfig) {},
			forward.Refused{Reason: "it is larger than the server takes: max_payload is 4000 bytes", Permanent: true},
		},
	} {
		t.Run(name, func(t *testing.T) {
			url := natstest.Start(t, func(o *server.Options) { o.MaxPayload = 4000 }).URL()
			stream(t, client(t, url), tc.change)
			n := target(t, url)
			require.NoError(t, n.Send(t.Context(), event("a")))
			e := event("b")
			switch name {
			case "a message is too large":
				e.Raw = []byte(strings.Repeat("x", 2000))
			case "it is too large for the server":
				e.Raw = []byte(strings.Repeat("x", 5000))
			}
			var refused *forward.Refused
			require.ErrorAs(t, n.Send(t.Context(), e), &refused)
			assert.Equal(t, tc.want, *refused)
		})
	}
}

func TestCredentials(t *testing.T) {
	pair, err := nkeys.CreateUser()
	require.NoError(t, err)
	seed, err := pair.Seed()
	require.NoError(t, err)
	public, err := pair.PublicKey()
	require.NoError(t, err)
	users := func(o *server.Options) {
		o.Users = []*server.User{{Username: "ada", Password: "hush"}}
		o.Nkeys = []*server.NkeyUser{{Nkey: public}}
	}
	withUsers := natstest.Start(t, natstest.WithoutJetStream, users).URL()
	withToken := natstest.Start(t, natstest.WithoutJetStream, func(o *server.Options) { o.Authorization = "hush-token" }).URL()
	for _, tc := range []struct{ name, url, content, want string }{
		{"a password", withUsers, "ada:hush\n", ""},
		{"an nkey", withUsers, string(seed) + "\n", ""},
		{"a token", withToken, "hush-token", ""},
		{"none", withUsers, "", "the server wants credentials: name their file in --forward-creds"},
		{"a wrong password", withUsers, "ada:wrong-hush", "the server refuses the credentials in FILE (Authorization Violation): correct them"},
		{"a wrong token", withToken, "another-hush", "the server refuses the credentials in FILE (Authorization Violation): correct them"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			change := creds(t, tc.content)
			var o natstarget.Options
			if change(&o); tc.content == "" {
				change = func(*natstarget.Options) {}
			}
			err := target(t, tc.url, change).Check(t.Context())
			if tc.want == "" {
				require.NoError(t, err)
				return
			}
			assert.EqualError(t, err, strings.ReplaceAll(tc.want, "FILE", o.Creds))
			assert.ErrorAs(t, err, new(*forward.Unreachable))
		})
	}
}

func TestPermissions(t *testing.T) {
	for name, tc := range map[string]struct {
		publish, subscribe []string
		want               string
		advice             string
	}{
		"all that is needed":        {publish: []string{subject, "$JS.API.STREAM.NAMES"}, subscribe: []string{"_INBOX.>"}},
		"it may not ask":            {publish: []string{subject}, subscribe: []string{"_INBOX.>"}, advice: "each event needs an acknowledgement: let the user publish to $JS.API.STREAM.NAMES"},
		"it may not publish":        {publish: []string{"$JS.API.STREAM.NAMES"}, subscribe: []string{"_INBOX.>"}, want: "the user may not publish to up42.events: allow it in the server's permissions"},
		"it may not get the answer": {publish: []string{">"}, subscribe: []string{"other"}, want: "the user may not subscribe to _INBOX.>, where acknowledgements come: allow it in the server's permissions"},
	} {
		t.Run(name, func(t *testing.T) {
			url := natstest.Start(t, func(o *server.Options) {
				o.Users = []*server.User{{Username: "ada", Password: "hush", Permissions: &server.Permissions{
					Publish: &server.SubjectPermission{Allow: tc.publish}, Subscribe: &server.SubjectPermission{Allow: tc.subscribe},
				}}, {Username: "root", Password: "hush"}}
			}).URL()
			stream(t, client(t, url, nats.UserInfo("root", "hush")))
			n := target(t, url, creds(t, "ada:hush"))
			_ = n.Check(t.Context())
			if tc.advice != "" {
				assert.Contains(t, n.Advice(), tc.advice)
			}
			err := n.Send(t.Context(), event("a"))
			if tc.want == "" {
				require.NoError(t, err)
				return
			}
			var refused *forward.Refused
			require.ErrorAs(t, err, &refused)
			assert.Equal(t, forward.Refused{Reason: tc.want, All: true}, *refused)
		})
	}
}

func TestAServerThatIsNotThere(t *testing.T) {
	for name, accept := range map[string]bool{"nobody": false, "one that says nothing": true} {
		t.Run(name, func(t *testing.T) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			require.NoError(t, err)
			if accept {
				defer l.Close() // the system accepts
			} else {
				require.NoError(t, l.Close())
			}
			n := target(t, "nats://"+l.Addr().String(), func(o *natstarget.Options) { o.Timeout = 200 * time.Millisecond })
			if accept {
				assert.ErrorContains(t, n.Send(t.Context(), event("a")), "did not acknowledge it within 200ms")
				return
			}
			err = n.Send(t.Context(), event("a"))
			require.ErrorAs(t, err, new(*forward.Unreachable))
			assert.EqualError(t, err, "no server answers: start it, or correct the URL")
		})
	}
}

// A server that takes the message and does not acknowledge it.
func TestASlowServer(t *testing.T) {
	url := natstest.Start(t, natstest.WithoutJetStream).URL()
	nc := client(t, url)
	_, err := nc.Subscribe("$JS.API.STREAM.NAMES", func(m *nats.Msg) { _ = m.Respond([]byte(`{"streams":["EVENTS"]}`)) })
	require.NoError(t, err)
	_, err = nc.Subscribe(subject, func(m *nats.Msg) { _ = m.Respond([]byte("+OK I heard it")) })
	require.NoError(t, err)
	require.NoError(t, nc.Flush())
	n := target(t, url, func(o *natstarget.Options) { o.Timeout = 200 * time.Millisecond })
	assert.EqualError(t, n.Send(t.Context(), event("a")), "the server did not acknowledge it within 200ms", "another answer is no acknowledgement")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	assert.ErrorIs(t, n.Send(ctx, event("a")), context.Canceled)
}

// The server is gone for a while. The forwarder keeps the events, and their order.
func TestAServerThatStartsAgain(t *testing.T) {
	s := natstest.Start(t)
	url := s.URL()
	stream(t, client(t, url))
	log := receivertest.NewLog()
	n := target(t, url)
	require.NoError(t, log.SaveCheckpoint(t.Context(), n.Name(), receiver.Checkpoint{}))
	f := forward.New(forward.Options{Log: log, Checkpoints: log, Target: n})
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { assert.NoError(t, f.Run(ctx)) })
	defer running.Wait()
	defer cancel()
	add := func(message string) {
		e := event("a")
		e.MessageID, e.ReceivedAt = message, time.Now()
		log.Add(e)
	}
	add("m1")
	require.Eventually(t, func() bool { return f.Status().Sent == 1 }, time.Minute, time.Millisecond)
	s.Stop()
	add("m2")
	require.Eventually(t, func() bool { return f.Status().Err != "" }, time.Minute, time.Millisecond)
	s.Start()
	js := stream(t, client(t, url))
	add("m3")
	require.Eventually(t, func() bool { return f.Status().Sent == 3 }, time.Minute, time.Millisecond)
	for i, want := range []string{"m2", "m3"} {
		m, err := js.GetMsg("EVENTS", uint64(i+1))
		require.NoError(t, err)
		assert.Equal(t, want, m.Header.Get("Nats-Msg-Id"))
	}
}

func TestWrongTargets(t *testing.T) {
	for raw, want := range map[string]string{
		"nats://127.0.0.1:4222":                       "want a URL like nats://",
		"nats://127.0.0.1:4222/":                      "want a URL like nats://",
		"nats:///up42":                                "want a URL like nats://",
		"nats://,/up42":                               "want a URL like nats://",
		"http://127.0.0.1:4222/up42":                  "want a URL like nats://",
		"nats://127.0.0.1:4222/up42?x=hush":           "want a URL like nats://",
		"nats://ada:hush@127.0.0.1:4222/up42":         "must not have a password in it",
		"nats://hush@127.0.0.1:4222/up42":             "must not have a password in it",
		"nats://127.0.0.1:4222/up42.>":                "nothing can be published to a subject with * or >",
		"nats://127.0.0.1:4222/*":                     "nothing can be published to a subject with * or >",
		"nats://127.0.0.1:4222/up42..events":          "two in a row",
		"nats://127.0.0.1:4222/up42.":                 "a dot at an end",
		"nats://127.0.0.1:4222/up42%20events":         "white space",
		"nats://127.0.0.1:4222/$SYS.REQ":              "belongs to the server",
		"nats://127.0.0.1:4222/_INBOX.x":              "belongs to the server",
		"tls://a.example:4222,b.example:4222/up42.é/": "",
	} {
		_, err := natstarget.New(natstarget.Options{URL: raw})
		if want == "" {
			require.NoError(t, err)
			continue
		}
		require.ErrorContains(t, err, want, raw)
		assert.NotContains(t, err.Error(), "hush")
	}
	for content, want := range map[string]string{
		"":              "has no credentials of NATS: want",
		"hush hush":     "has no credentials of NATS: want",
		"ada:":          "has no credentials of NATS: want",
		"ada:hush\nbob": "has no credentials of NATS: want",
	} {
		o := natstarget.Options{URL: "nats://127.0.0.1:4222/up42"}
		creds(t, content)(&o)
		_, err := natstarget.New(o)
		require.ErrorContains(t, err, want)
		assert.NotContains(t, err.Error(), "hush")
		require.NoError(t, os.Remove(o.Creds))
		_, err = natstarget.New(o)
		require.ErrorContains(t, err, "--forward-creds: "+o.Creds)
	}
}
