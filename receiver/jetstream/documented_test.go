package jetstream_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/jetstream"
	"github.com/up42/up42-webhooks/receiver/jetstream/natstest"
	"github.com/up42/up42-webhooks/receiver/receivertest"
)

// documented returns the configuration of a server that the documents have, in files for three
// servers on this machine.
func documented(t *testing.T) (files []string) {
	t.Helper()
	text, err := os.ReadFile("../../cmd/up42hooks/README.md")
	require.NoError(t, err)
	_, rest, ok := strings.Cut(string(text), "```\n# nats-server.conf")
	require.True(t, ok)
	config, _, ok := strings.Cut(rest, "```\n")
	require.True(t, ok)
	routes := strings.NewReplacer(
		"a.example.com:6222", fmt.Sprint("127.0.0.1:", receivertest.FreePort(t)),
		"b.example.com:6222", fmt.Sprint("127.0.0.1:", receivertest.FreePort(t)),
		"c.example.com:6222", fmt.Sprint("127.0.0.1:", receivertest.FreePort(t)),
	)
	for _, name := range []string{"a", "b", "c"} {
		own := routes.Replace(name + ".example.com:6222")
		here := strings.NewReplacer(
			"server_name: a", "server_name: "+name, "listen: 0.0.0.0:6222", "listen: "+own,
			"listen: 0.0.0.0:4222", fmt.Sprint("listen: 127.0.0.1:", receivertest.FreePort(t)), "/var/lib/nats", filepath.ToSlash(natstest.Folder(t)),
		)
		file := filepath.Join(t.TempDir(), name+".conf")
		require.NoError(t, os.WriteFile(file, []byte("#"+routes.Replace(here.Replace(config))), 0o600))
		files = append(files, file)
	}
	return files
}

// The configuration of the documents works, and permits receivers and viewers what they do, and
// no more.
func TestTheDocumentedConfiguration(t *testing.T) {
	for _, name := range []string{"OWNER", "RECEIVER", "MEMBER", "VIEWER"} {
		t.Setenv(name+"_PASSWORD", "pass-"+strings.ToLower(name))
	}
	var urls []string
	for _, s := range natstest.Configured(t, documented(t)...) {
		urls = append(urls, s.URL())
	}
	as := func(name string) jetstream.Options {
		return jetstream.Options{Servers: urls, Member: name, Replicas: 3, Access: jetstream.Access{Login: file(t, name+":pass-"+name)}}
	}
	stores := map[string]*memory{}
	teams := map[string]*jetstream.Team{}
	begun := make(chan string, 10)
	add := func(name string) {
		o := as(name)
		stores[name] = newMemory()
		o.Store = stores[name]
		teams[name] = jetstream.New(o.WithPatience(2 * time.Second))
		if name == "member" {
			teams[name].Share(jetstream.Duty{
				Name:   "target",
				Before: func(context.Context) (p receiver.Checkpoint, err error) { return p, nil },
				Do: func(ctx context.Context, turn *jetstream.Turn) error {
					begun <- name
					<-ctx.Done()
					return nil
				},
			})
		}
		run(t, teams[name])
	}
	problem(t, as("receiver"), "to make the stream (subject $JS.API.STREAM.CREATE.UP42)")
	add("owner")
	stores["owner"].Add(orders(20)...)
	published(t, teams["owner"], 20)
	add("receiver")
	add("member")
	add("viewer")
	stores["receiver"].Add(orders(30)[20:]...)
	for _, store := range stores {
		has(t, store, 30)
	}
	assert.Equal(t, "member", <-begun, "it has taken the lease and written the place")
	for name, team := range teams {
		await(t, name+" has no trouble", func() bool { return team.Status().Err == "" })
		await(t, "all members, and the receiver that came too early, are seen by "+name, func() bool { return len(team.Members()) == 5 })
	}

	refused := make(chan error, 1)
	nc, err := nats.Connect(urls[0], nats.UserInfo("viewer", "pass-viewer"), nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
		select {
		case refused <- err:
		default:
		}
	}))
	require.NoError(t, err)
	defer nc.Close()
	for _, subject := range []string{"up42._.order.forged.x~y~3", "$JS.API.STREAM.DELETE.UP42", "$JS.API.STREAM.PURGE.UP42", "$JS.API.STREAM.MSG.DELETE.UP42", "$JS.API.STREAM.UPDATE.UP42", "$KV.UP42-team.lease.x", "$KV.UP42-places.x"} {
		require.NoError(t, nc.Publish(subject, []byte(`{"event":"order.status"}`)))
		select {
		case err := <-refused:
			assert.ErrorContains(t, err, "Permissions Violation", subject)
		case <-time.After(patience):
			t.Fatal("a viewer may use " + subject)
		}
	}
	stores["viewer"].Add(orders(31)[30:]...)
	await(t, "a viewer that receives says what is wrong", func() bool {
		return strings.Contains(teams["viewer"].Status().Err, "does not permit these credentials to publish events")
	})
}
