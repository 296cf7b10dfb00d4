package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client/simulator"
	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

// mistaken is a receiver whose secret file has a wrong secret.
type mistaken struct {
	t      *testing.T
	env    []string
	secret string // the file
	*clitest.Process
	http *http.Client
}

func newMistaken(t *testing.T, args ...string) *mistaken {
	m := &mistaken{t: t, env: clitest.Home(t), secret: filepath.Join(t.TempDir(), "secrets"), http: clitest.HTTPClient(t)}
	m.write("wrong")
	m.Process = clitest.Receive(t, m.env, nil, append([]string{"--secret-file", m.secret}, args...)...)
	return m
}

func (m *mistaken) write(secret string) {
	m.t.Helper()
	require.NoError(m.t, os.WriteFile(m.secret, []byte(secret+"\n"), 0o600))
}

// deliver sends an event that is signed with a secret, and checks the answer.
func (m *mistaken) deliver(secret, message, order, status string, want int) {
	m.t.Helper()
	got, answer, err := clitest.Deliver(m.http, m.URL, secret, clitest.Delivery(message, order, status))
	require.NoError(m.t, err)
	require.Equal(m.t, want, got, answer)
}

// run runs a command that must end with a code.
func (m *mistaken) run(want int, args ...string) (stdout, stderr string) {
	m.t.Helper()
	stdout, stderr, code := clitest.Run(m.t, m.env, args...)
	require.Equal(m.t, want, code, "%s%s", stdout, stderr)
	return stdout, stderr
}

// kept waits until so many rejected deliveries are kept, and returns them.
func (m *mistaken) kept(n int) (events []map[string]any) {
	m.t.Helper()
	require.Eventually(m.t, func() bool {
		events = m.events("--rejected")
		return len(events) == n
	}, clitest.Patience, 20*time.Millisecond, "want %d rejected deliveries, have %v", n, events)
	return events
}

func (m *mistaken) events(args ...string) (events []map[string]any) {
	m.t.Helper()
	out, _ := m.run(0, append([]string{"events", "--json"}, args...)...)
	for line := range strings.Lines(out) {
		var e map[string]any
		require.NoError(m.t, json.Unmarshal([]byte(line), &e))
		events = append(events, e)
	}
	return events
}

func (m *mistaken) reload() {
	m.Signal(syscall.SIGHUP)
	_, ok := m.Stderr.Await(`msg=reloaded`)
	require.True(m.t, ok, "it said: %s", m.Stderr)
}

func (m *mistaken) end() {
	m.Signal(syscall.SIGTERM)
	m.Finish(m.t)
}

// What a wrong secret rejected is offered once the right one is there, and admitted while
// the receiver runs.
func TestRejectedDeliveriesAreAdmittedAfterTheSecretWasCorrected(t *testing.T) {
	t.Parallel()
	forwarded := filepath.Join(t.TempDir(), "forwarded")
	target := filepath.Join(t.TempDir(), "target")
	require.NoError(t, os.WriteFile(target, []byte("#!/bin/sh\necho $UP42_SEQ $UP42_STATUS >>"+forwarded+"\n"), 0o700))
	m := newMistaken(t, "--exec", target)
	m.deliver("right", "m1", "o1", "PLACED", 401)
	m.deliver("right", "m2", "o1", "FULFILLED", 401)
	m.deliver("forged", "m3", "o1", "CANCELED", 401)
	rejected := m.kept(3)
	assert.Equal(t, "r1", rejected[0]["number"])
	out, _ := m.run(0, "events", "--rejected")
	assert.Regexp(t, `(?m)^ *r2 `, out)

	out, _ = m.run(1, "events", "admit", "r1", "r3", "r9")
	assert.Regexp(t, `(?m)^r1 stays rejected: signature-mismatch`, out)
	assert.Regexp(t, `(?m)^r9 is not there`, out)
	_, errs := m.run(0, "events", "admit", "--all")
	assert.Contains(t, errs, "no rejected delivery is good")

	m.write("right")
	m.reload()
	_, ok := m.Stderr.Await(`rejected deliveries are good by the current secrets" deliveries=2 advice="to admit them: up42hooks events admit --all"`)
	require.True(t, ok, "it said: %s", m.Stderr)
	out, _ = m.run(0, "events", "admit", "--all", "--dry-run")
	assert.Equal(t, "r1 is good now (verified) and would be admitted\nr2 is good now (verified) and would be admitted\n", out)
	assert.Empty(t, m.events(), "nothing was changed")

	out, _ = m.run(0, "events", "admit", "--all", "--json")
	assert.Equal(t, `{"number":"r1","outcome":"admitted","seq":1,"verdict":"verified"}`+"\n"+`{"number":"r2","outcome":"admitted","seq":2,"verdict":"verified"}`+"\n", out)
	events := m.events()
	require.Len(t, events, 2)
	assert.Equal(t, "verified", events[0]["verdict"])
	assert.Equal(t, rejected[0]["receivedAt"], events[0]["receivedAt"], "the arrival stays")
	assert.Equal(t, "r1", events[0]["admittedFrom"])
	assert.NotEmpty(t, events[0]["admitted"])
	left := m.kept(1)
	assert.Equal(t, "r3", left[0]["number"])
	out, _ = m.run(0, "orders", "--json")
	assert.Contains(t, out, `"status":"FULFILLED"`)
	_, ok = m.Stdout.Await(`"messageId":"m2"`)
	assert.True(t, ok, "it is printed like any event: %s", m.Stdout)
	assert.Eventually(t, func() bool {
		got, _ := os.ReadFile(forwarded)
		return string(got) == "1 PLACED\n2 FULFILLED\n"
	}, clitest.Patience, 20*time.Millisecond, "it is forwarded like any event")

	out, _ = m.run(1, "events", "admit", "r1")
	assert.Contains(t, out, "r1 is not there")
	m.end()
	assert.NoDirExists(t, clitest.StoreOf(m.env)+".control")
}

// An admitted delivery is listed where it came, between its neighbours, in each form and in the
// dump; what is followed and exported is in the order of the numbers.
func TestAnAdmittedDeliveryIsListedWhereItCame(t *testing.T) {
	t.Parallel()
	m := newMistaken(t, "--basic-auth", "u:p")
	m.deliver("wrong", "m1", "o1", "PLACED", 200)
	m.deliver("right", "m2", "o1", "BEING_FULFILLED", 401)
	m.deliver("wrong", "m3", "o1", "FULFILLED", 200)
	m.deliver("right", "m4", "o1", "DELIVERED", 401)
	m.deliver("wrong", "m5", "o1", "ARCHIVED", 200)
	m.kept(2)
	m.write("right")
	m.reload()
	m.run(0, "events", "admit", "--all")

	ids := func(args ...string) (ids string) {
		for _, e := range m.events(args...) {
			ids += e["messageId"].(string) + " "
		}
		return ids
	}
	assert.Equal(t, "m1 m2 m3 m4 m5 ", ids())
	assert.Equal(t, "m1 m2 m3 m4 m5 ", ids("--limit", "0"))
	assert.Equal(t, "m4 m5 ", ids("-n", "2"), "the newest are those that came last")
	assert.Equal(t, "m3 m4 m5 ", ids("-n", "3", "--filter", "kind:order"))
	assert.Equal(t, "m2 m4 ", ids("--limit", "0", "--filter", "status:BEING_FULFILLED,DELIVERED"))
	since := m.events("--filter", "status:FULFILLED")[0]["receivedAt"].(string)
	assert.Equal(t, "m3 m4 m5 ", ids("--since", since, "--limit", "0"))
	csv, _ := m.run(0, "events", "--csv")
	assert.Regexp(t, `(?s)m1,.*m2,.*m3,.*m4,.*m5,`, csv)
	table, _ := m.run(0, "events")
	assert.Regexp(t, `(?s)PLACED.*BEING_FULFILLED.* 4 \(was r1\).* FULFILLED.*DELIVERED.*ARCHIVED`, table)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, strings.TrimSuffix(m.URL, "/receive-webhooks")+"/dump-webhooks", nil)
	require.NoError(t, err)
	r.SetBasicAuth("u", "p")
	answer, err := m.http.Do(r)
	require.NoError(t, err)
	dump, err := io.ReadAll(answer.Body)
	require.NoError(t, errors.Join(err, answer.Body.Close()))
	assert.Regexp(t, `(?s)m1".*m2".*m3".*m4".*m5"`, string(dump))

	export, _ := m.run(0, "store", "export")
	assert.Regexp(t, `(?s)"seq":1,.*"seq":2,.*"seq":3,.*"seq":4,.*"admitted":.*"seq":5,`, export)
	m.end()
}

// Without a receiver the command judges by the configuration. What UP42 has sent again is
// not stored twice.
func TestDeliveriesAreAdmittedWithoutAReceiver(t *testing.T) {
	t.Parallel()
	m := newMistaken(t)
	m.deliver("right", "m1", "o1", "PLACED", 401)
	m.deliver("right", "m2", "o1", "PLACED", 401)
	m.kept(2)
	m.write("right")
	m.reload()
	m.deliver("right", "m1", "o1", "PLACED", 200)
	m.end()

	out, _ := m.run(1, "events", "admit", "r2", "--secret", "neither")
	assert.Equal(t, "r2 stays rejected: signature-mismatch (signed with another secret)\n", out)
	m.run(2, "events", "admit")
	m.run(2, "events", "admit", "2")
	m.run(2, "events", "admit", "--all", "r2")
	out, _ = m.run(0, "events", "admit", "--all", "--secret-file", m.secret)
	assert.Equal(t, "r1 repeats event 1, since its message came again: no second event is stored\nr2 is event 2 now (verified)\n", out)
	assert.Len(t, m.events(), 2)
	m.kept(0)
	_, errs := m.run(0, "events", "--rejected")
	assert.Contains(t, errs, "there are no such events yet")
	out, _ = m.run(0, "store", "verify")
	assert.NotContains(t, out, "problem")
}

// A delivery is printed as the request that it was, and the printed request is judged as
// the receiver judges it.
func TestADeliveryIsPrintedAsTheRequestThatItWas(t *testing.T) {
	t.Parallel()
	m := newMistaken(t)
	m.deliver("right", "m1", "o1", "PLACED", 401)
	m.deliver("wrong", "m2", "o1", "PLACED", 200)
	m.kept(1)
	file := filepath.Join(t.TempDir(), "request.http")
	for number, secret := range map[string]string{"r1": "right", "1": "wrong"} {
		raw, errs := m.run(0, "events", "get", number, "--http")
		assert.True(t, strings.HasPrefix(raw, "POST /receive-webhooks HTTP/1.1\r\n"), raw)
		assert.Contains(t, errs, "Authorization and Cookie are never stored")
		now := regexp.MustCompile(`verify --now (\S+)`).FindStringSubmatch(errs)
		require.NotNil(t, now, errs)
		require.NoError(t, os.WriteFile(file, []byte(raw), 0o600))
		out, _ := m.run(0, "verify", "--secret", secret, "--now", now[1], file)
		assert.Contains(t, out, "verified: ")
		out, _ = m.run(1, "verify", "--secret", "neither", "--now", now[1], file)
		assert.Contains(t, out, "rejected: signature-mismatch")
	}
	_, body, _ := strings.Cut(read1(m, "r1"), "\r\n\r\n")
	assert.Equal(t, string(clitest.Delivery("m1", "o1", "PLACED")), body)
	out, _ := m.run(0, "events", "get", "r1")
	assert.Contains(t, out, "rejected delivery r1\n")
	assert.Contains(t, out, "rejected: signature-mismatch")
	out, _ = m.run(0, "events", "get", "R1", "--json")
	assert.Contains(t, out, `"number":"r1"`)

	for id, want := range map[string]string{"r7": "r7 is not in the store", "12": "there is no event 12"} {
		_, errs := m.run(1, "events", "get", id)
		assert.Contains(t, errs, want)
		assert.Equal(t, 1, strings.Count(errs, "\n"))
	}
	for _, args := range [][]string{{"x"}, {"r"}, {"0"}, {"-1"}, {"+1"}, {}, {"1", "2"}, {"1", "--http", "--json"}} {
		m.run(2, append([]string{"events", "get"}, args...)...)
	}
	_, _, code := clitest.Run(t, clitest.Home(t), "events", "get", "1")
	assert.Equal(t, 1, code, "there is no store")
	m.end()
}

func read1(m *mistaken, number string) string {
	raw, _ := m.run(0, "events", "get", number, "--http")
	return raw
}

// A request that only asks whether somebody is there takes no place among the rejected
// deliveries.
func TestProbesAreCountedAndNotKept(t *testing.T) {
	t.Parallel()
	m := newMistaken(t, "--admin", "127.0.0.1:0")
	for i := range 30 {
		method := []string{http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace, "PROPFIND", http.MethodDelete}[i%6]
		req, err := http.NewRequest(method, m.URL, nil)
		require.NoError(t, err)
		res, err := m.http.Do(req)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		assert.Equal(t, http.StatusMethodNotAllowed, res.StatusCode)
		assert.Equal(t, http.MethodPost, res.Header.Get("Allow"))
	}
	m.deliver("right", "m1", "o1", "PLACED", 401)
	rejected := m.kept(1)
	assert.Equal(t, "r1", rejected[0]["number"])
	// They are stored a moment later.
	require.Eventually(t, func() bool { return storeInfo(t, m.env).Unmatched == 30 }, clitest.Patience, 50*time.Millisecond)
	admin, ok := m.Stderr.Await(`health and metrics" url=(\S+)`)
	require.True(t, ok, "it said: %s", m.Stderr)
	res, err := m.http.Get(admin + "/metrics")
	require.NoError(t, err)
	metrics, err := io.ReadAll(res.Body)
	require.NoError(t, errors.Join(err, res.Body.Close()))
	assert.Contains(t, string(metrics), "up42hooks_strays_total 30\n")
	m.end()
	assert.Equal(t, 1, strings.Count(m.Stderr.String(), "no delivery"), fmt.Sprint("it said: ", m.Stderr))
}

// A viewer has the receiver admit, and shows what came of it.
func TestAViewerHasTheReceiverAdmit(t *testing.T) {
	t.Parallel()
	m := newMistaken(t)
	m.deliver("right", "m1", "order-one", "FULFILLED", 401)
	m.kept(1)
	viewer := clitest.OnTerminal(t, m.env, 100, 30)
	_, ok := viewer.Await("viewer")
	require.True(t, ok, "on the screen: %q", viewer)
	m.write("right")
	m.reload()
	_, ok = viewer.Await("1 rejected delivery is good now: A admits it")
	require.True(t, ok, "on the screen: %q", viewer)
	viewer.Key(t, "A")
	_, ok = viewer.Await(`Admit r1, which was rejected and is good now\?`)
	require.True(t, ok, "on the screen: %q", viewer)
	viewer.Key(t, "\r")
	_, ok = viewer.Await("admitted r1: it is event 1")
	require.True(t, ok, "on the screen: %q", viewer)
	viewer.Key(t, "2")
	_, ok = viewer.Await("order-one")
	require.True(t, ok, "on the screen: %q", viewer)
	_, ok = m.Stdout.Await(`"admittedFrom":"r1"`)
	assert.True(t, ok, m.Stdout)
	viewer.Key(t, "\x03")
	viewer.Ends(t)
	m.end()
}

// A receiver that starts with the right secret offers what the one before rejected.
func TestARestartWithTheRightSecretOffers(t *testing.T) {
	t.Parallel()
	m := newMistaken(t)
	m.deliver("right", "m1", "o1", "PLACED", 401)
	m.deliver("forged", "m2", "o1", "PLACED", 401)
	m.kept(2)
	m.end()
	m.Process = clitest.Receive(t, m.env, nil, "--secret", "right")
	_, ok := m.Stderr.Await(`good by the current secrets" deliveries=1`)
	require.True(t, ok, "it said: %s", m.Stderr)
	out, errs := m.run(0, "events", "admit", "--all", "--secret", "another")
	assert.Equal(t, "r1 is event 1 now (verified)\n", out)
	assert.Contains(t, errs, "it judges by its own secrets")
	m.end()
}

// The secrets of the workspace's webhooks are read while the receiver runs.
func TestASecretThatUP42TellsMendsRejections(t *testing.T) {
	t.Parallel()
	m := &mistaken{t: t, env: clitest.WithUP42(t, simulator.New(simulator.Options{Seed: 1, Quiet: true})), http: clitest.HTTPClient(t)}
	m.Process = clitest.Receive(t, m.env, nil)
	m.deliver("of a new webhook", "m1", "o1", "PLACED", 401)
	m.kept(1)
	m.run(0, "webhooks", "create", "--name", "late", "--url", "https://hooks.example.com/receive-webhooks", "--secret", "of a new webhook")
	m.deliver("of a new webhook", "m2", "o1", "PLACED", 200) // the receiver asks UP42 for the secret
	_, ok := m.Stderr.Await(`rejected deliveries are good by the current secrets" deliveries=1`)
	require.True(t, ok, "it said: %s", m.Stderr)
	out, _ := m.run(0, "events", "admit", "r1")
	assert.Equal(t, "r1 is event 2 now (verified)\n", out)
	m.end()
}

// The path of a store may be longer than that of a socket may be.
func TestAStoreWithALongPath(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), strings.Repeat("a-long-name/", 12))
	require.NoError(t, os.MkdirAll(folder, 0o700))
	file := filepath.Join(folder, "events.db")
	m := &mistaken{t: t, env: append(clitest.Home(t), "UP42_STORE="+file), secret: filepath.Join(t.TempDir(), "secrets"), http: clitest.HTTPClient(t)}
	m.write("wrong")
	m.Process = clitest.Receive(t, m.env, nil, "--secret-file", m.secret)
	info, err := os.Stat(file + ".control")
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o700), info.Mode().Perm())
	m.deliver("right", "m1", "o1", "PLACED", 401)
	m.kept(1)
	m.write("right")
	m.reload()
	link := filepath.Join(t.TempDir(), "link.db")
	require.NoError(t, os.Symlink(file, link))
	out, _ := m.run(0, "events", "admit", "r1", "--store", link)
	assert.Equal(t, "r1 is event 1 now (verified)\n", out)

	// A receiver that is killed leaves its socket; nobody trips over it.
	m.Signal(syscall.SIGKILL)
	<-m.Done
	out, _ = m.run(1, "events", "admit", "r1", "--secret-file", m.secret)
	assert.Contains(t, out, "r1 is not there")
	m.Process = clitest.Receive(t, m.env, nil, "--secret-file", m.secret)
	m.run(1, "events", "admit", "r1")
	m.end()
	assert.NoDirExists(t, file+".control")
}

// A receiver that is killed while it admits loses nothing, and admits nothing twice.
func TestAKillWhileDeliveriesAreAdmitted(t *testing.T) {
	t.Parallel()
	m := newMistaken(t)
	const n = 40
	for i := range n {
		m.deliver("right", fmt.Sprint("m", i), "o1", "PLACED", 401)
	}
	m.kept(n)
	m.write("right")
	m.reload()
	_, ok := m.Stderr.Await(fmt.Sprintf(`good by the current secrets" deliveries=%d`, n))
	require.True(t, ok, "it said: %s", m.Stderr)
	asking, err := clitest.Start(m.env, nil, "events", "admit", "--all")
	require.NoError(t, err)
	_, ok = m.Stderr.Await(`admitted rejected deliveries`)
	require.True(t, ok, "it said: %s", m.Stderr)
	m.Signal(syscall.SIGKILL)
	<-m.Done
	_, ok = asking.Wait()
	require.True(t, ok)

	out, _ := m.run(0, "store", "verify")
	assert.NotContains(t, out, "problem")
	m.run(0, "events", "admit", "--all", "--secret-file", m.secret)
	seen := map[any]bool{}
	for _, e := range m.events("--limit", "0") {
		assert.False(t, seen[e["messageId"]], "%v is there twice", e["messageId"])
		seen[e["messageId"]] = true
	}
	assert.Len(t, seen, n)
	m.kept(0)
}

// Of a long body that is rejected only the start is kept: that is said, and it stays out.
func TestACutBodyIsNotAdmitted(t *testing.T) {
	t.Parallel()
	m := newMistaken(t)
	long := append([]byte(strings.Repeat(" ", 100_000)), clitest.Delivery("m1", "o1", "PLACED")...)
	status, _, err := clitest.Deliver(m.http, m.URL, "right", long)
	require.NoError(t, err)
	require.Equal(t, 401, status)
	m.kept(1)
	m.write("right")
	m.reload()
	_, errs := m.run(0, "events", "get", "r1", "--http")
	assert.Regexp(t, `its body had 100\d\d\d bytes, of which the first \d+ are kept: it was cut, so it can't be admitted`, errs)
	out, _ := m.run(1, "events", "admit", "r1")
	assert.Contains(t, out, "r1 stays rejected: digest-mismatch")
	m.end()
}
