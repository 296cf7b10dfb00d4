package doctor

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/cmd/up42hooks/probe"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
)

// examined runs doctor and returns its findings by check.
func examined(t *testing.T, s *clitest.Sandbox, args ...string) (code int, found map[string][]finding) {
	t.Helper()
	if s.Env["UP42_API_URL"] == "" {
		s.Env["UP42_API_URL"] = "http://127.0.0.1:1" // no network
	}
	code, stdout, stderr := s.Run(t.Context(), append([]string{"doctor", "--json"}, args...)...)
	require.Empty(t, stderr)
	found = map[string][]finding{}
	for line := range strings.Lines(stdout) {
		var f finding
		require.NoError(t, json.Unmarshal([]byte(line), &f), line)
		found[f.Check] = append(found[f.Check], f)
	}
	for _, c := range checks() {
		require.NotEmpty(t, found[c.name], "%s says nothing", c.name)
	}
	return code, found
}

// serving starts a server and returns its URL.
func serving(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

func TestDoctorOnATakenPort(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		answer string
		by     string
	}{
		"by something":        {"It works!", "another program"},
		"by another receiver": {"PONG\n", "another receiver (it answers /ping), such as an up42hooks with another --store"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := strings.TrimPrefix(serving(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, tc.answer) }), "http://")
			for _, setting := range []string{"listen", "admin"} {
				args := []string{"--listen", "127.0.0.1:0", "--" + setting, address}
				code, found := examined(t, clitest.NewSandbox(t, NewCommand), args...)
				assert.Equal(t, 1, code)
				assert.Contains(t, found["port"], finding{
					Check: "port", State: fail, Detail: address + " is taken by " + tc.by,
					Todo: "end that program, or choose another address, with --" + setting + " " + probe.Beside(address),
				})
			}
		})
	}
}

func TestDoctorOnAReceiverThatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	const dead = "127.0.0.1:1" // no test can be given this port
	other := strings.TrimPrefix(serving(t, http.NotFound), "http://")
	for address, want := range map[string]struct {
		state  state
		detail string
	}{
		dead:  {fail, "receives on " + dead + ", but does not answer: "},
		other: {fail, "receives on " + other + ", but something else answers there (404)"},
		"":    {note, "receives, but has not said where yet"},
	} {
		s := clitest.NewSandbox(t, NewCommand)
		file := filepath.Join(t.TempDir(), "events.db")
		lock, err := store.TakeLock(t.Context(), file)
		require.NoError(t, err)
		require.NoError(t, lock.Tell(address, false))
		_, found := examined(t, s, "--store", file)
		assert.Equal(t, want.state, found["port"][0].State)
		assert.Contains(t, found["port"][0].Detail, want.detail)
		require.NoError(t, lock.Release())
	}
}

// makeStore makes a store with 200 events.
func makeStore(t *testing.T, file string) {
	t.Helper()
	p := clitest.Receive(t, append(clitest.WithSecret(clitest.Home(t)), "UP42_STORE="+file), io.Discard)
	c := clitest.HTTPClient(t)
	for i := range 200 {
		_, _, err := clitest.Deliver(c, p.URL, clitest.Secret, clitest.Delivery(fmt.Sprint("m", i), strings.Repeat("x", 4<<10), "PLACED"))
		require.NoError(t, err)
	}
	p.Signal(syscall.SIGTERM)
	p.Finish(t)
}

// damage overwrites a part of a file in its middle.
func damage(t *testing.T, file string) {
	t.Helper()
	f, err := os.OpenFile(file, os.O_RDWR, 0)
	require.NoError(t, err)
	info, err := f.Stat()
	require.NoError(t, err)
	_, err = f.WriteAt([]byte(strings.Repeat("damage", 10000)), info.Size()/2)
	require.NoError(t, err)
	require.NoError(t, f.Close())
}

func TestDoctorOnABadStore(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		make   func(t *testing.T, file string)
		detail string
		todo   string
	}{
		"no store at all": {
			func(t *testing.T, file string) {
				require.NoError(t, os.WriteFile(file, []byte(strings.Repeat("no store", 1000)), 0o600))
			}, "is damaged, or not a store", "up42hooks store repair --store 'FILE', ",
		},
		"damaged": {
			func(t *testing.T, file string) {
				makeStore(t, file)
				damage(t, file)
			}, "it is damaged: ", "up42hooks store repair --store 'FILE', ",
		},
		"a folder": {
			func(t *testing.T, file string) { require.NoError(t, os.Mkdir(file, 0o700)) }, "is not a file", "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "my events.db")
			tc.make(t, file)
			code, found := examined(t, clitest.NewSandbox(t, NewCommand), "--listen", "127.0.0.1:0", "--store", file)
			assert.Equal(t, 1, code)
			var bad []finding
			for _, f := range found["store"] {
				if f.State == fail {
					bad = append(bad, f)
				}
			}
			require.NotEmpty(t, bad, "%+v", found["store"])
			assert.Contains(t, bad[0].Detail, tc.detail)
			assert.Contains(t, bad[0].Todo, strings.ReplaceAll(tc.todo, "FILE", file))
		})
	}
}

func TestDoctorOnTheClock(t *testing.T) {
	t.Parallel()
	// The time in an answer is half a second too low, on average.
	for ahead, want := range map[time.Duration]struct {
		state  state
		detail string
	}{
		0:                 {ok, "the clock agrees with UP42's"},
		5 * time.Second:   {ok, "the clock agrees with UP42's"},
		-30 * time.Second: {warn, "the clock is 30s behind UP42's"},
		31 * time.Second:  {warn, "the clock is 30s ahead of UP42's"},
		-3 * time.Minute:  {fail, "the clock is 3m behind UP42's, too far to judge the age of a signature"},
		121 * time.Minute: {fail, "the clock is 2h ahead of UP42's, too far to judge the age of a signature"},
	} {
		s := clitest.NewSandbox(t, NewCommand)
		s.Env["UP42_API_URL"] = serving(t, func(w http.ResponseWriter, r *http.Request) {
			assert.Equal(t, http.MethodHead, r.Method)
			assert.Empty(t, r.Header.Get("Authorization"))
			w.Header().Set("Date", s.Now.Add(-ahead).UTC().Format(http.TimeFormat))
			w.WriteHeader(http.StatusNotFound)
		})
		code, found := examined(t, s, "--listen", "127.0.0.1:0")
		require.Len(t, found["clock"], 1)
		assert.Equal(t, want.state, found["clock"][0].State, "%v", ahead)
		assert.Contains(t, found["clock"][0].Detail, want.detail, "%v", ahead)
		assert.Equal(t, want.state == fail, code == 1)
	}
}

func TestDoctorOnATimeThatIsNotReadable(t *testing.T) {
	t.Parallel()
	s := clitest.NewSandbox(t, NewCommand)
	s.Env["UP42_API_URL"] = serving(t, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Date", "soon") })
	code, found := examined(t, s, "--listen", "127.0.0.1:0")
	assert.Zero(t, code)
	assert.Equal(t, warn, found["clock"][0].State)
	assert.Contains(t, found["clock"][0].Detail, "does not have the time (200)")
}

func TestSpaceOnTheDisk(t *testing.T) {
	t.Parallel()
	const mib, gib = 1 << 20, 1 << 30
	for _, tc := range []struct {
		free, total uint64
		want        state
	}{
		{10 * gib, 100 * gib, ok},
		{5 * gib, 100 * gib, ok},
		{4 * gib, 100 * gib, warn},
		{gib, 2 * gib, ok},
		{gib - 1, 2 * gib, warn},
		{50 * mib, gib, warn},
		{50*mib - 1, gib, fail},
		{0, 0, fail},
	} {
		f := aboutSpace("/here", tc.free, tc.total)
		assert.Equal(t, tc.want, f.State, "%d of %d", tc.free, tc.total)
		assert.Equal(t, tc.want == ok, f.Todo == "")
	}
}

// A proxy may forward deliveries only.
func TestDoctorOnAPublicURLBehindAProxy(t *testing.T) {
	t.Parallel()
	receiver := serving(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/below/receive-webhooks":
			w.WriteHeader(http.StatusMethodNotAllowed)
		default:
			http.NotFound(w, r)
		}
	})
	file := filepath.Join(t.TempDir(), "events.db")
	lock, err := store.TakeLock(t.Context(), file)
	require.NoError(t, err)
	defer func() { assert.NoError(t, lock.Release()) }()
	_, found := examined(t, clitest.NewSandbox(t, NewCommand), "--store", file, "--public-url", receiver+"/below/receive-webhooks")
	assert.Equal(t, []finding{{
		Check: "public-url", State: ok,
		Detail: "a receiver answers at " + receiver + "/below/receive-webhooks, asked from here (not at /ping)",
	}}, found["public-url"])

	_, found = examined(t, clitest.NewSandbox(t, NewCommand), "--store", file, "--public-url", "http://hooks.invalid")
	require.Len(t, found["public-url"], 2)
	assert.Contains(t, found["public-url"][0].Detail, "is without HTTPS")
}

// Text from outside is cleaned. On a narrow terminal, lines are broken.
func TestDoctorOnATerminal(t *testing.T) {
	t.Parallel()
	up42 := http.NewServeMux()
	up42.HandleFunc("POST /realms/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, `{"error":"x","error_description":"never \u001b]0;x\u0007\u202e again"}`)
	})
	env := clitest.WithUP42(t, up42)
	m := clitest.OnTerminal(t, env, 60, 40, "doctor", "--listen", "127.0.0.1:0")
	<-m.Done
	assert.Equal(t, 1, m.Code(), "on the screen: %q", m)
	m.AskedNothing(t)
	assert.NotContains(t, m.String(), "\x1b]")
	assert.NotContains(t, m.String(), "\u202e")
	_, ok := m.Await(`no secret is configured: the receiver\r\n {21}generates one at its first start`)
	assert.True(t, ok, "on the screen: %q", m)
}

func TestDoctorIsInterrupted(t *testing.T) {
	t.Parallel()
	p, code := clitest.Interrupt(t, "doctor", "--listen", "127.0.0.1:0")
	assert.Equal(t, 1, code)
	assert.Equal(t, "up42hooks: interrupted: not everything was checked\n", p.Stderr.String())
	assert.Contains(t, p.Stdout.String(), "disk", "findings are printed at once")
}

// Of a large store only the structure is checked.
func TestStructureOfAStore(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "events.db")
	makeStore(t, file)
	look := func() finding {
		log, err := store.OpenReader(t.Context(), cli.Env{Now: time.Now}, file)
		require.NoError(t, err)
		defer func() { assert.NoError(t, log.Close()) }()
		return aboutIntegrity(t.Context(), log, fullCheck+1)
	}
	assert.Equal(t, ok, look().State)
	damage(t, file)
	f := look()
	assert.Equal(t, fail, f.State)
	assert.Contains(t, f.Detail, "it is damaged: ")
}
