package jetstream_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	natsjs "github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/jetstream"
	"github.com/up42/up42-webhooks/receiver/jetstream/natstest"
	"github.com/up42/up42-webhooks/receiver/receivertest"
)

// Two servers that are not one cluster have two streams of one name. A member does not go from one to the
// other, which would give each the events of both.
func TestServersOfDifferentClusters(t *testing.T) {
	t.Parallel()
	one, two := natstest.Start(t), natstest.Start(t)
	for _, s := range []*natstest.Server{one, two} {
		_, err := admin(t, s.URL()).CreateStream(t.Context(), asked())
		require.NoError(t, err)
	}
	store := newMemory()
	store.Add(orders(1)...)
	team, leave := join(t, jetstream.Options{Servers: []string{one.URL()}, Store: store})
	published(t, team, 1)
	leave()
	o := jetstream.Options{Servers: []string{two.URL(), one.URL()}, Store: store}
	await(t, "it says so", func() bool { // the client begins with any of them
		team, leave := join(t, o)
		defer leave()
		await(t, "it has chosen", func() bool { s := team.Status(); return s.Server != "" || s.Err != "" })
		text := team.Status().Err
		return strings.Contains(text, "not one cluster: "+two.URL()+" has another stream UP42 than "+one.URL()+": name the servers of one cluster only")
	})
	assert.Empty(t, messages(t, admin(t, two.URL()), "UP42"))
}

func TestFilesThatAreNoCredentials(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	folder, garbled := t.TempDir(), file(t, "hush\x00\xff")
	for want, a := range map[string]jetstream.Access{
		"--stream-creds: " + garbled + " has no credentials as nsc makes them": {Creds: garbled},
		"--stream-nkey: " + garbled + " has no seed of an nkey":                {NKey: garbled},
		"--stream-ca: " + garbled + " has no certificate (PEM)":                {CA: garbled},
		"--stream-cert and --stream-key: tls: failed to find any PEM data":     {Cert: garbled, Key: garbled},
		"--stream-creds: " + folder + " is a folder: name a file in it":        {Creds: folder},
		"--stream-nkey: " + folder + " is a folder: name a file in it":         {NKey: folder},
		"--stream-login: /dev/zero has more than 1 MiB":                        {Login: "/dev/zero"},
		"--stream-creds: /dev/zero has more than 1 MiB":                        {Creds: "/dev/zero"},
		"--stream-cert: /dev/zero has more than 1 MiB":                         {Cert: "/dev/zero", Key: "/dev/zero"},
	} {
		assert.NotContains(t, problem(t, jetstream.Options{Servers: []string{s.URL()}, Access: a}, want), "hush")
	}
	if os.Getuid() > 0 { // neither root, nor Windows, where it is -1
		require.NoError(t, os.Chmod(garbled, 0))
		problem(t, jetstream.Options{Servers: []string{s.URL()}, Access: jetstream.Access{Login: garbled}}, "may not be read by you")
	}
}

func TestABucketOfAnotherProgram(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	_, err := admin(t, s.URL()).CreateStream(t.Context(), natsjs.StreamConfig{Name: "KV_UP42-places", Subjects: []string{"places.>"}, MaxMsgsPerSubject: 1})
	require.NoError(t, err)
	a := newWorker(t, s.URL(), "a", &target{})
	await(t, "it says so", func() bool {
		return strings.Contains(a.team.Status().Err, "KV_UP42-places is of another program: its subjects are places.>: delete it, or choose another --stream-name")
	})
	a.store.Add(numbered(1))
	published(t, a.team, 1)
}

// A stream with these subjects is there, and the credentials permit no more than the documents say.
func TestOverlappingSubjectsWithoutPermission(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t, users(user("owner", ">"), user("me", "$JS.API.STREAM.INFO.UP42", "$JS.API.STREAM.CREATE.UP42")))
	_, err := admin(t, s.URL(), nats.UserInfo("owner", "pass")).CreateStream(t.Context(), natsjs.StreamConfig{Name: "ALL", Subjects: []string{"up42.a.>"}})
	require.NoError(t, err)
	problem(t, jetstream.Options{Servers: []string{s.URL()}, Access: jetstream.Access{Login: file(t, "me:pass")}}, "the subjects up42.> belong to another stream already")
}

func TestLimitsOfAnAccount(t *testing.T) {
	t.Parallel()
	for limits, want := range map[string]string{
		"max_streams: 1, max_file: 1G":             "maximum number of streams reached: change the limits of the account",
		"max_file: 1G, max_bytes_required: true":   "account requires a stream config to have max bytes set: change the limits of the account",
		"max_file: 4K, max_streams: 9, max_mem: 0": "the account has no room for the stream UP42",
	} {
		conf := filepath.Join(t.TempDir(), "nats.conf")
		require.NoError(t, os.WriteFile(conf, fmt.Appendf(nil, `server_name: one
listen: "127.0.0.1:%d"
jetstream { store_dir: %q }
accounts { APP: { jetstream: {%s}, users: [{user: me, password: pass}] } }
`, receivertest.FreePort(t), natstest.Folder(t), limits), 0o600))
		s := natstest.Configured(t, conf)[0]
		if strings.Contains(limits, "max_streams: 1,") {
			_, err := admin(t, s.URL(), nats.UserInfo("me", "pass")).CreateStream(t.Context(), natsjs.StreamConfig{Name: "OTHER", Subjects: []string{"other"}})
			require.NoError(t, err)
		}
		store := newMemory()
		store.Add(orders(50)...)
		team, _ := join(t, jetstream.Options{Servers: []string{s.URL()}, Store: store, Access: jetstream.Access{Login: file(t, "me:pass")}})
		await(t, want, func() bool { return strings.Contains(team.Status().Err, want) })
	}
}

// Who may show itself can write what it likes about itself, as often as it likes.
func TestMembersAreBounded(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t, func(o *server.Options) { o.MaxPayload = 1 << 20 })
	o := jetstream.Options{Servers: []string{s.URL()}, Member: "me", Store: newMemory()}
	team, _ := join(t, o.WithClock(func() time.Duration { return 0 })) // no entry is too old
	await(t, "it is a member", func() bool { return len(team.Members()) == 1 })
	nc, err := nats.Connect(s.URL())
	require.NoError(t, err)
	defer nc.Close()
	show := func(run, name string, more int) {
		text, err := json.Marshal(map[string]any{"name": name, "started": time.Now(), "version": strings.Repeat("v", more)})
		require.NoError(t, err)
		require.NoError(t, nc.Publish("$KV.UP42-team.member."+run, text))
	}
	show("long", strings.Repeat("n", 5000), 0)
	show("longer", "longer", 900_000)
	for i := range 1500 {
		show(fmt.Sprint("run", i), "flood", 0)
	}
	show("run0", "renamed", 0)
	var all []jetstream.Member
	await(t, "all entries are read", func() bool {
		all = team.Members()
		return slices.ContainsFunc(all, func(m jetstream.Member) bool { return m.Name == "renamed" })
	})
	assert.Len(t, all, 1000)
	for _, m := range all {
		assert.LessOrEqual(t, len(m.Name)+len(m.Version), 64)
	}
}

// Events that are gone from the stream before they were forwarded are not left out without a word.
func TestEventsThatAreGoneBeforeTheyAreForwarded(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	log := &warnings{}
	held, goOn := newHold()
	defer goOn()
	to := &target{hold: map[string]chan struct{}{"message-1": held}}
	a := newWorkerWith(t, jetstream.Options{Servers: []string{s.URL()}, Member: "a", Logger: log.logger()}, to)
	a.store.Add(numbered(1))
	to.gets(t, "a message-1")
	for i := range 600 { // more than are read ahead
		a.store.Add(receivertest.Order(fmt.Sprint("order-", i), "PLACED", withID(i+2), receivertest.At(time.Now())))
	}
	published(t, a.team, 601)
	stream, err := admin(t, s.URL()).Stream(t.Context(), "UP42")
	require.NoError(t, err)
	require.NoError(t, stream.Purge(t.Context(), natsjs.WithPurgeSequence(601)))
	goOn()
	to.gets(t, "a message-601")
	await(t, "it says so", func() bool { return strings.Contains(strings.Join(log.all(), ""), "that may not have been forwarded") })
}
