package doctor

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	natsjs "github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/receiver/jetstream"
	"github.com/up42/up42-webhooks/receiver/jetstream/natstest"
	"github.com/up42/up42-webhooks/receiver/receivertest"
)

func TestDoctorOnATeam(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	e := &examination{config: &config.Config{Stream: config.Stream{Name: "UP42", Ack: config.AckLocal}}}
	look := func() []finding { return e.checkTeam(t.Context()) }
	assert.Equal(t, []finding{found(note, "no team is configured (--stream)")}, look())
	e.config.Stream.Servers = []string{s.URL()}
	assert.Contains(t, look()[0].Detail, "has no stream UP42 yet")
	nc, err := nats.Connect(s.URL())
	require.NoError(t, err)
	defer nc.Close()
	js, err := natsjs.New(nc)
	require.NoError(t, err)
	_, err = js.Stream(t.Context(), "UP42")
	require.ErrorIs(t, err, natsjs.ErrStreamNotFound, "it makes none")
	c := natsjs.StreamConfig{Name: "UP42", Subjects: []string{"up42.>"}, MaxMsgsPerSubject: 1, Discard: natsjs.DiscardNew, DiscardNewPerSubject: true}
	_, err = js.CreateStream(t.Context(), c)
	require.NoError(t, err)
	all := look()
	require.Len(t, all, 3)
	assert.Equal(t, ok, all[0].State)
	assert.Contains(t, all[0].Detail, "has 0 messages")
	assert.Equal(t, note, all[1].State)
	e.config.Stream.Ack = config.AckTeam
	assert.Equal(t, warn, look()[1].State)
	assert.Contains(t, look()[1].Todo, "sync_interval: always")
	c.MaxMsgsPerSubject = 9
	_, err = js.UpdateStream(t.Context(), c)
	require.NoError(t, err)
	assert.Equal(t, fail, look()[0].State)
	assert.Contains(t, look()[0].Detail, "max_msgs_per_subject is 9 instead of 1")
	s.Stop()
	assert.Contains(t, look()[0].Detail, "no server answers at")
	login := filepath.Join(t.TempDir(), "login")
	require.NoError(t, os.WriteFile(login, []byte("me:pass"), 0o600))
	require.NoError(t, os.Chmod(login, 0o644))
	e.config.Stream.Login = login
	if runtime.GOOS != "windows" { // where Go makes up the permissions
		assert.Contains(t, look()[1].Detail, login)
	}
	e.config.Stream.Cert = "/c"
	assert.Contains(t, look()[0].Detail, "need each other")
}

// Doctor says which of several servers is not like the others, whichever it connects to.
func TestDoctorComparesTheServers(t *testing.T) {
	t.Parallel()
	one, two := natstest.Start(t), natstest.Start(t)
	look := func(servers ...*natstest.Server) (texts []string) {
		e := &examination{config: &config.Config{Stream: config.Stream{Name: "UP42", Ack: config.AckLocal}}}
		for _, s := range servers {
			e.config.Stream.Servers = append(e.config.Stream.Servers, s.URL())
		}
		for _, f := range e.checkTeam(t.Context()) {
			texts = append(texts, fmt.Sprint(f.State, ": ", f.Detail))
		}
		return texts
	}
	apart := func(how string, args ...any) string {
		return "fail: the servers of --stream are not one cluster: " + fmt.Sprintf(how, args...) + ": name the servers of one cluster only"
	}
	assert.Contains(t, look(one, two), apart("%s is in another one than %s", two.URL(), one.URL()))
	makeStream(t, one)
	assert.Contains(t, look(one, two), apart("%s has the stream UP42, and %s does not", one.URL(), two.URL()))
	assert.Contains(t, look(two, one), apart("%s has the stream UP42, and %s does not", one.URL(), two.URL()))
	makeStream(t, two)
	assert.Contains(t, look(two, one), apart("%s has another stream UP42 than %s", one.URL(), two.URL()))
	two.Stop()
	all := look(one, two)
	assert.Contains(t, all, "warn: no server answers at "+two.URL()+": start it, or correct --stream")
	assert.NotContains(t, strings.Join(all, "\n"), "fail: ")

	cluster := natstest.Cluster(t, 3)
	sound := func() bool { // as soon as all know their leader
		all := strings.Join(look(cluster...), "\n")
		return !strings.Contains(all, "warn: ") && !strings.Contains(all, "fail: ")
	}
	require.Eventually(t, sound, 20*time.Second, 10*time.Millisecond, "there is no stream, and nothing is wrong")
	makeStream(t, cluster[0])
	require.Eventually(t, sound, 20*time.Second, 10*time.Millisecond, "all have the stream")
	cluster[1].Stop()
	assert.Contains(t, look(cluster...), "warn: no server answers at "+cluster[1].URL()+": start it, or correct --stream")
}

// makeStream makes the stream of a team.
func makeStream(t *testing.T, s *natstest.Server) {
	t.Helper()
	nc, err := nats.Connect(s.URL())
	require.NoError(t, err)
	defer nc.Close()
	js, err := natsjs.New(nc)
	require.NoError(t, err)
	_, err = js.CreateStream(t.Context(), natsjs.StreamConfig{Name: "UP42", Subjects: []string{"up42.>"}, MaxMsgsPerSubject: 1, Discard: natsjs.DiscardNew, DiscardNewPerSubject: true})
	require.NoError(t, err)
}

func TestDoctorOnClocks(t *testing.T) {
	assert.Empty(t, aboutClocks(jetstream.Findings{ClockAhead: time.Second}))
	got := aboutClocks(jetstream.Findings{Server: "nats://a", ClockAhead: -time.Hour})
	require.Len(t, got, 1)
	assert.Equal(t, "the clock of this machine and that of nats://a differ by 1h0m0s", got[0].Detail)
	assert.Equal(t, "set both by NTP", got[0].Todo)
}

// The servers of the team say how they sync if the account may ask for it.
func TestDoctorAsksHowServersSync(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "nats.conf")
	for sync, want := range map[string]string{"always": "all servers that answer sync each event", `"1m"`: "the server confirms events before it syncs them to disk: one (every 1m0s)"} {
		require.NoError(t, os.WriteFile(file, fmt.Appendf(nil, `server_name: one
listen: "127.0.0.1:%d"
jetstream { store_dir: %q, sync_interval: %s }
accounts {
  SYS: { users: [{user: sys, password: x}], exports: [{service: "$SYS.REQ.SERVER.PING.JSZ"}] }
  APP: { jetstream: enabled, users: [{user: app, password: x}], imports: [{service: {account: SYS, subject: "$SYS.REQ.SERVER.PING.JSZ"}}] }
}
system_account: SYS
`, receivertest.FreePort(t), t.TempDir(), sync), 0o600))
		s := natstest.Configured(t, file)[0]
		nc, err := nats.Connect(s.URL(), nats.UserInfo("app", "x"))
		require.NoError(t, err)
		js, err := natsjs.New(nc)
		require.NoError(t, err)
		_, err = js.CreateStream(t.Context(), natsjs.StreamConfig{Name: "UP42", Subjects: []string{"up42.>"}, MaxMsgsPerSubject: 1, Discard: natsjs.DiscardNew, DiscardNewPerSubject: true})
		require.NoError(t, err)
		nc.Close()
		login := filepath.Join(t.TempDir(), "login")
		require.NoError(t, os.WriteFile(login, []byte("app:x"), 0o600))
		e := &examination{config: &config.Config{Stream: config.Stream{Name: "UP42", Servers: []string{s.URL()}, Login: login, Ack: config.AckTeam}}}
		all := e.checkTeam(t.Context())
		require.Greater(t, len(all), 1)
		assert.Contains(t, all[1].Detail, want)
		assert.Equal(t, strings.Contains(want, "confirms"), all[1].State == warn)
	}
}
