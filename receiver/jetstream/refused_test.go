package jetstream_test

import (
	"context"
	"strconv"
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
)

// problem waits until a member says what is wanted, which can't use the stream, and returns all that it
// says. It may say something else before: what it reads and what it publishes is refused in any order,
// and a server may be slow.
func problem(t *testing.T, o jetstream.Options, want string) string {
	t.Helper()
	store, log := newMemory(), &warnings{}
	store.Add(orders(1)...)
	o.Store, o.Logger = store, log.logger()
	team, _ := join(t, o.WithPatience(2*time.Second))
	text := ""
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		text = team.Status().Err
		assert.Contains(c, text, want)
	}, patience, 10*time.Millisecond)
	assert.NotZero(t, team.Status().Failing)
	log.say(t, "error="+strconv.Quote(text))
	store.Add(orders(2)[1])
	has(t, store, 2)
	assert.NotContains(t, text, "\n", "one line")
	assert.NotContains(t, text, "nats: ")
	return text
}

// asked is the configuration of a stream that a member makes.
func asked() natsjs.StreamConfig {
	return natsjs.StreamConfig{Name: "UP42", Subjects: []string{"up42.>"}, MaxMsgsPerSubject: 1, Discard: natsjs.DiscardNew, DiscardNewPerSubject: true}
}

func TestAStreamThatIsNotOursIsLeftAlone(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	js := admin(t, s.URL())
	for name, c := range map[string]struct {
		change  func(*natsjs.StreamConfig)
		options jetstream.Options
		want    string
	}{
		"of another program":  {func(c *natsjs.StreamConfig) { c.Subjects = []string{"orders.>"} }, jetstream.Options{}, "the stream UP42 is of another program: its subjects are orders.>: choose another --stream-name"},
		"other messages, too": {func(c *natsjs.StreamConfig) { c.Subjects = append(c.Subjects, "orders.>") }, jetstream.Options{}, "subjects is [up42.> orders.>] instead of [up42.>]"},
		"several copies":      {func(c *natsjs.StreamConfig) { c.MaxMsgsPerSubject = 5 }, jetstream.Options{}, "max_msgs_per_subject is 5 instead of 1"},
		"old ones go":         {func(c *natsjs.StreamConfig) { c.Discard, c.DiscardNewPerSubject = natsjs.DiscardOld, false }, jetstream.Options{}, "discard is DiscardOld instead of DiscardNew; discard_new_per_subject is false instead of true"},
		"changed subjects": {func(c *natsjs.StreamConfig) {
			c.SubjectTransform = &natsjs.SubjectTransformConfig{Source: ">", Destination: ">"}
		}, jetstream.Options{}, "subject_transform is set"},
		"in memory":    {func(c *natsjs.StreamConfig) { c.Storage = natsjs.MemoryStorage }, jetstream.Options{}, "storage is Memory instead of File"},
		"a queue":      {func(c *natsjs.StreamConfig) { c.Retention = natsjs.WorkQueuePolicy }, jetstream.Options{}, "retention is WorkQueue instead of Limits"},
		"replicas":     {func(*natsjs.StreamConfig) {}, jetstream.Options{Replicas: 3}, "num_replicas (--stream-replicas) is 1 instead of 3"},
		"age":          {func(c *natsjs.StreamConfig) { c.MaxAge = time.Hour }, jetstream.Options{Keep: 24 * time.Hour}, "max_age (--stream-keep) is 1h0m0s instead of 24h0m0s"},
		"another name": {func(*natsjs.StreamConfig) {}, jetstream.Options{Name: "OTHER"}, "the subjects up42.> belong to another stream already (UP42): give its --stream-name, or delete it"},
	} {
		t.Run(name, func(t *testing.T) {
			config := asked()
			c.change(&config)
			made, err := js.CreateStream(t.Context(), config)
			require.NoError(t, err)
			t.Cleanup(func() { require.NoError(t, js.DeleteStream(context.Background(), "UP42")) }) // after the member has left, which would make it again
			before := made.CachedInfo().Config
			c.options.Servers = []string{s.URL()}
			problem(t, c.options, c.want)
			after, err := js.Stream(t.Context(), "UP42")
			require.NoError(t, err)
			assert.Equal(t, before, after.CachedInfo().Config)
		})
	}
}

func TestAStreamWithOtherLimitsIsUsed(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	config := asked()
	config.MaxAge, config.MaxBytes, config.Description = time.Hour, 1<<20, "ours"
	_, err := admin(t, s.URL()).CreateStream(t.Context(), config)
	require.NoError(t, err)
	store := newMemory()
	store.Add(orders(1)...)
	team, _ := join(t, jetstream.Options{Servers: []string{s.URL()}, Store: store})
	published(t, team, 1)
}

func TestTheServerRefuses(t *testing.T) {
	t.Parallel()
	t.Run("it has no JetStream", func(t *testing.T) {
		s := natstest.Start(t, natstest.WithoutJetStream)
		problem(t, jetstream.Options{Servers: []string{s.URL()}}, "the server has no JetStream: start it with -js")
	})
	t.Run("it has no room", func(t *testing.T) {
		s := natstest.Start(t, func(o *server.Options) { o.JetStreamMaxStore = 1 << 10 })
		config := asked()
		config.MaxBytes = 1 << 10
		_, err := admin(t, s.URL()).CreateStream(t.Context(), config)
		require.NoError(t, err)
		store := newMemory()
		store.Add(orders(20)...)
		team, _ := join(t, jetstream.Options{Servers: []string{s.URL()}, Store: store})
		await(t, "it is full", func() bool { return strings.Contains(team.Status().Err, "raise its limits") })
	})
	t.Run("there are not so many servers", func(t *testing.T) {
		s := natstest.Start(t)
		problem(t, jetstream.Options{Servers: []string{s.URL()}, Replicas: 3}, "the stream UP42 can't be made")
	})
	t.Run("the account has no JetStream", func(t *testing.T) {
		s := natstest.Start(t, func(o *server.Options) {
			account := server.NewAccount("none")
			o.Accounts = []*server.Account{account}
			o.Users = []*server.User{{Username: "me", Password: "pass", Account: account}}
		})
		problem(t, jetstream.Options{Servers: []string{s.URL()}, Access: jetstream.Access{Login: file(t, "me:pass\n")}}, "the account of these credentials has no JetStream")
	})
}

func TestPermissionsAreNamed(t *testing.T) {
	t.Parallel()
	api := []string{"$JS.API.STREAM.INFO.UP42"}
	for name, c := range map[string]struct {
		publish []string
		made    bool
		want    string
	}{
		"nothing":            {[]string{"none"}, true, "does not permit these credentials to look at the stream (subject $JS.API.STREAM.INFO.UP42)"},
		"not to make it":     {api, false, "does not permit these credentials to make the stream (subject $JS.API.STREAM.CREATE.UP42)"},
		"not to publish":     {api, true, "does not permit these credentials to publish events (subject up42.>)"},
		"another workspace":  {append(api, "up42.other.>"), true, "to publish events (subject up42.>)"},
		"no answers from it": {append(api, "up42.>"), true, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := natstest.Start(t, users(
				user("owner", ">"),
				&server.User{Username: "member", Password: "pass", Permissions: &server.Permissions{
					Publish: &server.SubjectPermission{Allow: c.publish}, Subscribe: &server.SubjectPermission{Allow: []string{"_INBOX.>"}},
				}},
			))
			if c.made {
				_, err := admin(t, s.URL(), nats.UserInfo("owner", "pass")).CreateStream(t.Context(), asked())
				require.NoError(t, err)
			}
			o := jetstream.Options{Servers: []string{s.URL()}, Access: jetstream.Access{Login: file(t, "member:pass")}}
			if c.want == "" {
				store := newMemory()
				store.Add(orders(1)...)
				o.Store = store
				team, _ := join(t, o)
				published(t, team, 1)
				return
			}
			problem(t, o, c.want)
		})
	}
}

func users(all ...*server.User) natstest.Change {
	return func(o *server.Options) { o.Users = all }
}

func user(name string, allowed ...string) *server.User {
	return &server.User{Username: name, Password: "pass", Permissions: &server.Permissions{
		Publish: &server.SubjectPermission{Allow: allowed}, Subscribe: &server.SubjectPermission{Allow: []string{">"}},
	}}
}
