package webhooks

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client/simulator"
	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

// losing is an UP42 whose answers to changes are lost.
type losing struct {
	up42 http.Handler
	// does: UP42 carries changes out nevertheless.
	does atomic.Bool
	// hangs: there is no answer at all. asked then gets each change that has come.
	hangs atomic.Bool
	asked chan struct{}
	// silent: after the first change, webhooks can't be read any more.
	silent, changed atomic.Bool
}

func newLosing(t *testing.T, does bool) (*losing, []string) {
	l := &losing{up42: simulator.New(simulator.Options{Seed: 1, Quiet: true}), asked: make(chan struct{}, 1)}
	l.does.Store(does)
	return l, clitest.WithUP42(t, l)
}

func (l *losing) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch hooks := strings.Contains(r.URL.Path, "/webhooks"); {
	case hooks && r.Method == http.MethodGet && l.silent.Load() && l.changed.Load():
		w.WriteHeader(http.StatusForbidden)
	case !hooks || r.Method == http.MethodGet:
		l.up42.ServeHTTP(w, r)
	default:
		l.changed.Store(true)
		if l.does.Load() {
			l.up42.ServeHTTP(httptest.NewRecorder(), r)
		}
		if l.hangs.Load() {
			l.asked <- struct{}{}
			_, _ = io.Copy(io.Discard, r.Body)
			<-r.Context().Done()
			return
		}
		w.WriteHeader(http.StatusBadGateway)
	}
}

func create(name string) []string {
	return []string{"webhooks", "create", "--name", name, "--url", "https://hooks.example.com", "--events", "order.status", "--json"}
}

// listed returns the webhooks of a workspace, by name.
func listed(t *testing.T, env []string) map[string][]Record {
	out, said, code := clitest.Run(t, env, "webhooks", "list", "--json")
	require.Zero(t, code, said)
	all := map[string][]Record{}
	for d := json.NewDecoder(strings.NewReader(out)); d.More(); {
		var w Record
		require.NoError(t, d.Decode(&w))
		all[w.Name] = append(all[w.Name], w)
	}
	return all
}

func TestAChangeWhoseAnswerWasLostIsDone(t *testing.T) {
	t.Parallel()
	_, env := newLosing(t, true)
	out, said, code := clitest.Run(t, env, create("mine")...)
	require.Zero(t, code, said)
	mine := listed(t, env)["mine"]
	require.Len(t, mine, 1)
	assert.Contains(t, out, mine[0].ID)

	_, said, code = clitest.Run(t, env, "webhooks", "update", "mine", "--inactive")
	require.Zero(t, code, said)
	assert.False(t, listed(t, env)["mine"][0].Active)
	_, said, code = clitest.Run(t, env, "webhooks", "delete", "mine", "--yes")
	require.Zero(t, code, said)
	assert.Empty(t, listed(t, env))
}

func TestAChangeThatWasNotDoneSaysSo(t *testing.T) {
	t.Parallel()
	_, env := newLosing(t, false)
	_, said, code := clitest.Run(t, env, create("mine")...)
	assert.Equal(t, 1, code)
	assert.Regexp(t, `502.*; the webhook was not created; it is safe to try again\n$`, said)
	assert.Empty(t, listed(t, env))
}

func TestItIsSaidThatAChangeIsNotKnown(t *testing.T) {
	t.Parallel()
	l, env := newLosing(t, true)
	l.silent.Store(true)
	_, said, code := clitest.Run(t, env, create("mine")...)
	assert.Equal(t, 1, code)
	assert.Regexp(t, `502.*; it is not known whether the webhook was created \(UP42 answered 403 Forbidden\); look at up42hooks webhooks list before you try again\n$`, said)
}

// An interrupt while UP42 works is no reason to say the wrong thing.
func TestAnInterruptedChangeIsSettled(t *testing.T) {
	t.Parallel()
	l, env := newLosing(t, true)
	l.hangs.Store(true)
	p, err := clitest.Start(env, nil, create("mine")...)
	require.NoError(t, err)
	<-l.asked
	p.Signal(syscall.SIGINT)
	code, ok := p.Wait()
	require.True(t, ok)
	assert.Zero(t, code, p.Stderr)
	assert.Contains(t, p.Stderr.String(), "interrupted: asking UP42 what it has done")
	assert.Len(t, listed(t, env)["mine"], 1)

	l.does.Store(false)
	p, err = clitest.Start(env, nil, create("another")...)
	require.NoError(t, err)
	<-l.asked
	p.Signal(syscall.SIGTERM)
	code, ok = p.Wait()
	require.True(t, ok)
	assert.Equal(t, 1, code)
	assert.Regexp(t, `up42hooks: interrupted: the webhook was not created; it is safe to try again\n$`, p.Stderr.String())
}

// The receiver sees whether test events were sent.
func TestATestWhoseAnswerWasLost(t *testing.T) {
	t.Parallel()
	l, env := newLosing(t, true)
	r := clitest.Receive(t, env, nil)
	url, ok := r.Stderr.Await(`url=(http://\S+)`)
	require.True(t, ok)
	_, said, code := clitest.Run(t, env, "webhooks", "create", "--name", "here", "--url", strings.TrimPrefix(url, "url="), "--events", "order.status", "--secret", clitest.Secret)
	require.Zero(t, code, said)
	out, said, code := clitest.Run(t, env, "webhooks", "test", "here", "--json")
	assert.Zero(t, code, "%s%s", out, said)
	assert.Contains(t, out, `"proven":true`)

	l.does.Store(false)
	_, said, code = clitest.Run(t, env, "webhooks", "test", "here", "--wait", "1s")
	assert.Equal(t, 1, code)
	assert.Regexp(t, `502.*; it is not known whether UP42 sent the test events; look at up42hooks events before you try again\n$`, said)
}

// Three webhooks are three webhooks, although half of all answers are cut off.
func TestCutAnswersMakeNoDuplicates(t *testing.T) {
	t.Parallel()
	simulated := simulator.New(simulator.Options{Seed: 1, Quiet: true})
	env := clitest.WithUP42(t, simulated)
	simulated.SetFaults(simulator.Faults{Truncate: 0.5})
	for range 3 {
		_, said, code := clitest.Run(t, env, create("mine")...)
		assert.Zero(t, code, said)
	}
	simulated.SetFaults(simulator.Faults{})
	assert.Len(t, listed(t, env)["mine"], 3)
}
