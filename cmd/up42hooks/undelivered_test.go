package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/forward"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/safe"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// hook is a forward target that refuses some events for good.
type hook struct {
	url string

	mu      sync.Mutex
	refuses map[string]int // the status for an order
	drops   string         // an order whose next request gets no answer
	held    chan struct{}  // if it is not nil, events wait until it is closed
	waiting chan struct{}  // gets an element for each that waits
	taken   []string       // the numbers of the events that it took
}

func newHook(t *testing.T) *hook {
	h := &hook{refuses: map[string]int{}, waiting: make(chan struct{}, 10)}
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	h.url = s.URL + "/hook?key=abc"
	return h
}

func (h *hook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	h.mu.Lock()
	held := h.held
	h.mu.Unlock()
	if held != nil && len(body) > 0 {
		h.waiting <- struct{}{}
		select {
		case <-held:
		case <-r.Context().Done():
			return
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.drops != "" && strings.Contains(string(body), `"`+h.drops+`"`) {
		h.drops = ""
		panic(http.ErrAbortHandler)
	}
	for order, status := range h.refuses {
		if strings.Contains(string(body), `"`+order+`"`) {
			w.WriteHeader(status)
			return
		}
	}
	if len(body) > 0 {
		h.taken = append(h.taken, r.Header.Get(forward.SeqHeader))
	}
}

func (h *hook) refuse(order string, status int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.refuses[order] = status; status == 0 {
		delete(h.refuses, order)
	}
}

// hold lets events wait until release is called or the test ends.
func (h *hook) hold(t *testing.T) (release func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	held := make(chan struct{})
	h.held = held
	release = sync.OnceFunc(func() { close(held) })
	t.Cleanup(release)
	return release
}

// drop lets the next request with an order have no answer.
func (h *hook) drop(order string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.drops = order
}

// list returns what it took since the last call.
func (h *hook) list() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	out := h.taken
	h.taken = nil
	return out
}

// given is a store with four events that a target has got, the first three of which are on its list of
// undelivered ones.
type given struct {
	t     *testing.T
	env   []string
	store string
	hook  *hook
	name  string // of the target
}

func newGiven(t *testing.T) *given {
	g := &given{t: t, env: clitest.Home(t), store: filepath.Join(t.TempDir(), "events.db"), hook: newHook(t)}
	g.env = append(g.env, "UP42_WEBHOOK_SECRET=hush", "UP42_STORE="+g.store, "UP42_API_URL=http://127.0.0.1:1")
	g.name = safe.Name(g.hook.url)
	p := g.receive()
	client := clitest.HTTPClient(t)
	for i := range 4 {
		status, answer, err := clitest.Deliver(client, p.URL, "hush", clitest.Delivery(fmt.Sprint("m", i), fmt.Sprint("o", i+1), "PLACED"))
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, status, answer)
	}
	require.Eventually(t, func() bool { return len(g.hook.all()) == 4 }, clitest.Patience, 10*time.Millisecond)
	g.end(p)
	log, err := sqlite.Open(t.Context(), g.store, sqlite.Options{})
	require.NoError(t, err)
	for seq := range int64(3) {
		f := receiver.Failure{Reader: g.name, Seq: seq + 1, At: time.Now(), Tries: 3, Reason: "it answered 401 Unauthorized"}
		require.NoError(t, log.AddFailure(t.Context(), f))
	}
	require.NoError(t, log.Close())
	g.hook.list()
	return g
}

// all returns what it took so far.
func (h *hook) all() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.taken
}

func (g *given) receive(args ...string) *clitest.Process {
	if len(args) == 0 {
		args = []string{"--forward-to", g.hook.url}
	}
	return clitest.Receive(g.t, g.env, nil, args...)
}

func (g *given) end(p *clitest.Process) {
	p.Signal(syscall.SIGTERM)
	p.Finish(g.t)
}

// run runs a command that must end with a code.
func (g *given) run(want int, args ...string) (stdout, stderr string) {
	g.t.Helper()
	stdout, stderr, code := clitest.Run(g.t, g.env, args...)
	require.Equal(g.t, want, code, "%s%s", stdout, stderr)
	return stdout, stderr
}

// undelivered returns the numbers of the undelivered events.
func (g *given) undelivered() (seqs []int64) {
	g.t.Helper()
	log, err := sqlite.Open(context.WithoutCancel(g.t.Context()), g.store, sqlite.Options{ReadOnly: true})
	require.NoError(g.t, err)
	defer log.Close()
	failures, err := log.Failures(g.t.Context(), "")
	require.NoError(g.t, err)
	for _, f := range failures {
		seqs = append(seqs, f.Seq)
	}
	return seqs
}

// finding is what doctor says.
type doctorFinding struct{ Check, State, Detail, Todo string }

func (g *given) doctor(args ...string) (out []doctorFinding) {
	stdout, _, _ := clitest.Run(g.t, g.env, append([]string{"doctor", "--json", "--listen", "127.0.0.1:0"}, args...)...)
	for line := range strings.Lines(stdout) {
		var f doctorFinding
		require.NoError(g.t, json.Unmarshal([]byte(line), &f))
		if f.Check == "forwarding" {
			out = append(out, f)
		}
	}
	return out
}

func TestDoctorWarnsOfUndeliveredEvents(t *testing.T) {
	t.Parallel()
	g := newGiven(t)
	assert.Contains(t, g.doctor("--forward-to", g.hook.url), doctorFinding{
		"forwarding", "warn", g.name + " did not take 3 events: they are undelivered",
		"see why: up42hooks events --undelivered --store " + g.store + "; when that is mended, send them again: up42hooks forward --undelivered --store " + g.store + " --to " + safe.Word(g.name),
	})
}

// A target whose key was changed is another target. What the old one has not got is not lost.
func TestDoctorWarnsOfEventsThatAreKeptForATargetThatIsNotConfigured(t *testing.T) {
	t.Parallel()
	g := newGiven(t)
	now := strings.Replace(g.hook.url, "abc", "def", 1)
	p := g.receive("--forward-to", now)
	client := clitest.HTTPClient(t)
	for i := range 2 {
		status, _, err := clitest.Deliver(client, p.URL, "hush", clitest.Delivery(fmt.Sprint("later", i), "o9", "PLACED"))
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, status)
	}
	g.end(p)
	found := g.doctor("--forward-to", now)
	assert.Contains(t, found, doctorFinding{
		"forwarding", "warn", g.name + " is not configured, but events are kept for it: 2 events and 3 undelivered events",
		"to send its 3 undelivered events to the target in its place: up42hooks forward --undelivered --store " + g.store + " --of " + safe.Word(g.name) + " --to NEW; " +
			"to send what waits to the target in its place: up42hooks forward --store " + g.store + " --to NEW --after 4; " +
			"to forget it with its 3 undelivered events, end the receiver and run: up42hooks store forget --store " + g.store + " " + safe.Word(g.name),
	})
	g.hook.list()
	g.run(0, "forward", "--to", now, "--after", "4")
	assert.Equal(t, []string{"5", "6"}, g.hook.list())
	p = g.receive("--forward-to", now)
	g.end(p)
	assert.Contains(t, p.Stderr.String(), `waiting=2 undelivered=3 advice="to send its 3 undelivered events to the target in its place: up42hooks forward --undelivered --store `)
}

// A target that only undelivered events are left of is not forgotten without a word about them.
func TestForgettingATargetSaysWhatBecomesOfItsUndeliveredEvents(t *testing.T) {
	t.Parallel()
	g := newGiven(t)
	p := g.receive("--listen", "127.0.0.1:0")
	g.end(p)
	assert.Contains(t, p.Stderr.String(), `waiting=0 undelivered=3 advice="to send its 3 undelivered events to the target in its place: `)
	finding := g.doctor()[1]
	assert.Equal(t, g.name+" is not configured, but events are kept for it: 3 undelivered events", finding.Detail)
	assert.Contains(t, finding.Todo, "; to forget it with its 3 undelivered events, end the receiver and run: ")
	kept, err := os.ReadFile(g.store)
	require.NoError(t, err)
	out, _ := g.run(0, "store", "forget", g.name, "--json")
	assert.JSONEq(t, `{"reader":"`+g.name+`","forgotten":true,"undelivered":3}`, out)
	assert.Empty(t, g.undelivered())
	require.NoError(t, os.WriteFile(g.store, kept, 0o600))
	_, errs := g.run(0, "store", "forget", g.name)
	assert.Contains(t, errs, "forgot the reader "+g.name+" and its list of 3 undelivered events: ")
}

func TestUndeliveredEventsAreListed(t *testing.T) {
	t.Parallel()
	g := newGiven(t)
	out, _ := g.run(0, "events", "--undelivered", "--json")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	require.Len(t, lines, 3)
	var first map[string]any
	require.NoError(t, json.Unmarshal([]byte(lines[0]), &first))
	assert.Equal(t, []any{float64(1), "o1", g.name, float64(3), "it answered 401 Unauthorized"}, []any{first["seq"], first["id"], first["target"], first["tries"], first["error"]})
	out, _ = g.run(0, "events", "--undelivered", "--csv", "-n", "1")
	assert.Regexp(t, `^seq,.*,body,target,givenUp,tries,error\r\n3,`, out)
	all, _ := g.run(0, "events", "--undelivered", "--json", "--limit", "0")
	assert.Equal(t, strings.Join(lines, "\n")+"\n", all)
	out, _ = g.run(0, "events", "--undelivered", "--filter", "id:o2")
	assert.Regexp(t, `(?s)^NUMBER +GIVEN UP +ID .*\n +2  .* o2 +PLACED .*401`, out)
	assert.Equal(t, 2, strings.Count(out, "\n"))
	g.run(2, "events", "--undelivered", "--follow")
}

// The receiver that has the store sends them, in their order, and what a target takes leaves the list.
func TestUndeliveredEventsAreSentAgainByTheReceiver(t *testing.T) {
	t.Parallel()
	g := newGiven(t)
	p := g.receive()
	g.hook.refuse("o2", http.StatusUnauthorized)
	out, errs := g.run(1, "forward", "--undelivered", "--json")
	assert.JSONEq(t, `{"forwarded":2,"left":1,"complete":false}`, out)
	assert.Contains(t, errs, "event 2 was not taken by "+g.name+": it answered 401 Unauthorized")
	assert.Contains(t, errs, "forwarded 2 events again; 1 undelivered as before")
	assert.Equal(t, []string{"1", "3"}, g.hook.list())
	assert.Equal(t, []int64{2}, g.undelivered())
	g.hook.refuse("o2", 0)
	_, errs = g.run(0, "forward", "--undelivered", "--to", g.name)
	assert.Contains(t, errs, "forwarded 1 event again")
	assert.Equal(t, []string{"2"}, g.hook.list())
	assert.Empty(t, g.undelivered())
	_, errs = g.run(0, "forward", "--undelivered")
	assert.Contains(t, errs, "no such event is undelivered")
	g.end(p)
}

func TestUndeliveredEventsAreSentAgainWithoutAReceiver(t *testing.T) {
	t.Parallel()
	g := newGiven(t)
	_, errs := g.run(1, "forward", "--undelivered")
	assert.Contains(t, errs, g.name+" is not a target: to send this to the one in its place, give --of "+safe.Word(g.name)+" --to NEW")
	assert.Contains(t, errs, "forwarded 0 events again; 3 undelivered as before")
	_, errs = g.run(0, "forward", "--undelivered", "--to", g.hook.url)
	assert.Contains(t, errs, "forwarded 3 events again")
	assert.Equal(t, []string{"1", "2", "3"}, g.hook.list())
	assert.Empty(t, g.undelivered())
}

// What a target with an old key did not take, the one with the new key gets.
func TestUndeliveredEventsAreSentToTheTargetInThePlaceOfAnother(t *testing.T) {
	t.Parallel()
	g := newGiven(t)
	now := strings.Replace(g.hook.url, "abc", "def", 1)
	p := g.receive("--forward-to", now)
	g.run(2, "forward", "--undelivered", "--of", g.name)
	g.run(0, "forward", "--undelivered", "--of", g.hook.url, "--to", now)
	assert.Equal(t, []string{"1", "2", "3"}, g.hook.list())
	assert.Empty(t, g.undelivered())
	g.end(p)
}

// Events that can't be sent do not hold up those that can, whoever sends them.
func TestEventsThatCannotBeSentAgainDoNotHoldUpOthers(t *testing.T) {
	t.Parallel()
	g := newGiven(t)
	log, err := sqlite.Open(t.Context(), g.store, sqlite.Options{})
	require.NoError(t, err)
	fails := func(seq int64) {
		require.NoError(t, log.AddFailure(t.Context(), receiver.Failure{Reader: g.name, Seq: seq, At: time.Now(), Tries: 3, Reason: "it answered 401 Unauthorized"}))
	}
	for i := range 11 {
		receipt, err := log.Append(t.Context(), receivertest.Order(fmt.Sprint("unsigned", i), "PLACED", receivertest.As(receiver.Unsigned)))
		require.NoError(t, err)
		fails(receipt.Seq)
	}
	receipt, err := log.Append(t.Context(), receivertest.Order("last", "PLACED"))
	require.NoError(t, err)
	fails(receipt.Seq)
	require.NoError(t, log.SaveCheckpoint(t.Context(), g.name, receiver.Checkpoint{Cursor: receipt.Seq}))
	require.NoError(t, log.RemoveFailure(t.Context(), g.name, 1))
	require.NoError(t, log.RemoveFailure(t.Context(), g.name, 2))
	require.NoError(t, log.RemoveFailure(t.Context(), g.name, 3))
	require.NoError(t, log.AddFailure(t.Context(), receiver.Failure{Reader: g.name, Seq: 999, At: time.Now()}))
	require.NoError(t, log.Close())
	before, err := os.ReadFile(g.store)
	require.NoError(t, err)
	again := func() (stdout, stderr string) {
		stdout, stderr = g.run(1, "forward", "--undelivered", "--json", "--to", g.hook.url)
		assert.JSONEq(t, `{"forwarded":1,"left":12,"complete":false}`, stdout)
		assert.Contains(t, stderr, "event 5 was not taken by "+g.name+": event 5 may not be forwarded: it is unsigned\n")
		assert.Contains(t, stderr, "event 999 was not taken by "+g.name+": event 999 is not in the store (any more)\n")
		assert.Equal(t, []string{"16"}, g.hook.list())
		return stdout, stderr
	}
	_, here := again()
	require.NoError(t, os.WriteFile(g.store, before, 0o600))
	p := g.receive()
	_, there := again()
	assert.Equal(t, here, there)
	g.end(p)
}

// A connection that is lost is no reason to leave an event, whoever sends it.
func TestAnUndeliveredEventIsTriedAgainAfterALostConnection(t *testing.T) {
	t.Parallel()
	g := newGiven(t)
	g.hook.drop("o1")
	g.run(0, "forward", "--undelivered", "--to", g.hook.url)
	assert.Equal(t, []string{"1", "2", "3"}, g.hook.list())
}

// The receiver sends to its own targets only, so the new one must be one of them.
func TestTheTargetInThePlaceOfAnotherIsOneOfTheReceivers(t *testing.T) {
	t.Parallel()
	g := newGiven(t)
	now := strings.Replace(g.hook.url, "abc", "def", 1)
	p := g.receive()
	_, errs := g.run(1, "forward", "--undelivered", "--of", g.name, "--to", now)
	assert.Equal(t, "up42hooks: event 1 was not taken by "+safe.Name(now)+
		": the receiver has no such target: start it with that one (--forward-to or --exec), or end it and run this again\n"+
		"up42hooks: forwarded 0 events again; 3 undelivered as before\n", errs)
	g.end(p)
	p = g.receive("--forward-to", now)
	g.end(p)
	_, errs = g.run(1, "forward", "--undelivered", "--of", g.name, "--to", safe.Name(now))
	assert.Contains(t, errs, "event 1 was not taken by "+safe.Name(now)+": it is not configured: give its URL, or its program with --exec\n")
	g.run(0, "forward", "--undelivered", "--of", g.name, "--to", now)
	assert.Equal(t, []string{"1", "2", "3"}, g.hook.list())
}

func TestATargetForUndeliveredEventsMustBeOne(t *testing.T) {
	t.Parallel()
	g := newGiven(t)
	for _, x := range []struct{ to, says string }{
		{"http://user:hunter2@x.y/z", "--to: the URL must not have a password in it, because others could see it"},
		{"not a url", "--to: want a URL like https://example.com/hook"},
		{"htps://x.y/z", "--to: want a URL like https://example.com/hook"},
		{"exec /bin/true", "--to: want a URL like https://example.com/hook"},
		{"https://x.y/…#1a2b3c4d", "--to: the store has no target https://x.y/…#1a2b3c4d: give its URL"},
	} {
		for _, more := range [][]string{nil, {"--of", g.name}} {
			_, errs := g.run(2, append([]string{"forward", "--undelivered", "--to", x.to}, more...)...)
			assert.Equal(t, "up42hooks: "+x.says+"\n", errs, x.to)
		}
	}
	assert.Equal(t, []int64{1, 2, 3}, g.undelivered())
	_, errs := g.run(0, "forward", "--undelivered", "--to", g.hook.url, "--statuses", "FULFILED")
	assert.Regexp(t, `up42hooks: .*FULFILED.*\n`, errs)
	assert.Empty(t, g.hook.list())
}

// Commands that need a store make none. They leave no other file beside a file that is no store.
func TestWhatIsNoStoreStaysAsItWas(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, content := range map[string]string{"text": "hello", "empty": ""} {
		file := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(file, []byte(content), 0o600))
		for _, args := range [][]string{{"forward", "--undelivered"}, {"events", "admit", "--all"}} {
			_, stderr, code := clitest.Run(t, clitest.WithSecret(clitest.Home(t)), append(args, "--store", file)...)
			assert.Equal(t, 1, code, "%v: %s", args, stderr)
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			assert.Equal(t, content, string(text), args)
			left, err := filepath.Glob(file + "?*")
			require.NoError(t, err)
			assert.Empty(t, left, args)
		}
	}
}

// A target that can't be reached is not asked for each event.
func TestATargetThatCannotBeReachedKeepsItsUndeliveredEvents(t *testing.T) {
	t.Parallel()
	g := newGiven(t)
	log, err := sqlite.Open(t.Context(), g.store, sqlite.Options{})
	require.NoError(t, err)
	require.NoError(t, log.AddFailure(t.Context(), receiver.Failure{Reader: "http://127.0.0.1:1", Seq: 1, At: time.Now()}))
	require.NoError(t, log.AddFailure(t.Context(), receiver.Failure{Reader: "http://127.0.0.1:1", Seq: 2, At: time.Now()}))
	require.NoError(t, log.Close())
	p := g.receive("--forward-to", g.hook.url, "--forward-to", "http://127.0.0.1:1")
	_, errs := g.run(1, "forward", "--undelivered", "--tries", "1")
	assert.Contains(t, errs, "event 1 was not taken by http://127.0.0.1:1: connection refused; its other events are not tried now")
	assert.NotContains(t, errs, "event 2 was not taken")
	assert.Contains(t, errs, "forwarded 3 events again; 2 undelivered as before")
	g.end(p)
}

// f in a viewer has the receiver send an event again, and it leaves the list of both.
func TestAViewerHasTheReceiverSendAnUndeliveredEventAgain(t *testing.T) {
	t.Parallel()
	g := newGiven(t)
	p := g.receive()
	viewer := clitest.OnTerminal(t, g.env, 120, 30)
	viewer.Sees(t, "viewer of 127.0.0.1:")
	viewer.Sees(t, "5 Undelivered 3")
	viewer.Key(t, "5")
	viewer.Sees(t, "401 Unauthorized")
	viewer.Key(t, "f")
	viewer.Sees(t, "was forwarded to "+g.name)
	viewer.Sees(t, "5 Undelivered 2")
	assert.Len(t, g.hook.list(), 1)
	assert.Len(t, g.undelivered(), 2)
	viewer.Key(t, "qq")
	viewer.Ends(t)
	g.end(p)
}

// A viewer whose receiver has ended says what to do instead.
func TestAViewerOfNothingSendsNoUndeliveredEventAgain(t *testing.T) {
	t.Parallel()
	g := newGiven(t)
	p := g.receive()
	viewer := clitest.OnTerminal(t, g.env, 132, 30, "watch", "--only-watch")
	viewer.Sees(t, "5 Undelivered 3")
	viewer.Key(t, "5")
	viewer.Sees(t, "401 Unauthorized")
	g.end(p)
	viewer.Key(t, "f")
	viewer.Matches(t, fmt.Sprintf(`process %d is\s+gone:\s+start\s+up42hooks\s+again,\s+or\s+run\s+up42hooks\s+forward\s+--undelivered`, p.Cmd.Process.Pid))
	viewer.Key(t, "\x03")
	viewer.Ends(t)
}

func TestAnAgentHasTheReceiverSendAnUndeliveredEventAgain(t *testing.T) {
	t.Parallel()
	g := newGiven(t)
	p := g.receive()
	a := startAgent(t, append(g.env, "UP42_FORWARD_TO="+g.hook.url), "--allow-write")
	sent := items(t, a.call(t, "resend_event", map[string]any{"number": 2}), "targets")[0]
	assert.Equal(t, true, sent["sent"])
	assert.Equal(t, []int64{1, 3}, g.undelivered())
	g.end(p)
	sent = items(t, a.call(t, "resend_event", map[string]any{"number": 1}), "targets")[0]
	assert.Equal(t, true, sent["sent"])
	assert.Equal(t, []int64{3}, g.undelivered(), "without a receiver, too")
	assert.Equal(t, []string{"2", "1"}, g.hook.list())
}

// What an agent does to the store at the same time is done one after the other.
func TestAnAgentChangesTheStoreWithSeveralCalls(t *testing.T) {
	t.Parallel()
	g := newGiven(t)
	release := g.hook.hold(t)
	a := startAgent(t, append(g.env, "UP42_FORWARD_TO="+g.hook.url), "--allow-write")
	said := make(chan string, 3)
	call := func(tool string, arguments args) {
		r, err := a.CallTool(t.Context(), &sdk.CallToolParams{Name: tool, Arguments: arguments})
		if !assert.NoError(t, err) {
			said <- ""
			return
		}
		text, _ := json.Marshal(r.StructuredContent)
		said <- fmt.Sprintf("%t %s", r.IsError, text)
	}
	go call("resend_event", args{"number": 1})
	<-g.hook.waiting
	go call("resend_event", args{"number": 2})
	go call("admit_rejections", args{"all": true})
	a.call(t, "store_info", args{}) // meanwhile the others have come to the lock
	release()
	sent := fmt.Sprintf(`false {"targets":[{"sent":true,"target":%q}]}`, g.name)
	assert.ElementsMatch(t, []string{sent, sent, `false {"notes":["no rejected delivery is good by the current secrets"],"results":[]}`}, []string{<-said, <-said, <-said})
	assert.Equal(t, []int64{3}, g.undelivered())
}

// A command that sends events again has the store, but is no receiver.
func TestACommandThatSendsAgainIsNoReceiver(t *testing.T) {
	t.Parallel()
	g := newGiven(t)
	release := g.hook.hold(t)
	first, err := clitest.Start(g.env, nil, "forward", "--undelivered", "--to", g.hook.url)
	require.NoError(t, err)
	<-g.hook.waiting
	for _, args := range [][]string{{"forward", "--undelivered"}, {"listen", "--listen", "127.0.0.1:0"}, {"store", "compact"}, {"events", "admit", "--all"}} {
		_, errs := g.run(1, args...)
		words := fmt.Sprintf("up42hooks: another up42hooks (process %d) uses this store: wait until it has ended\n", first.Cmd.Process.Pid)
		assert.True(t, strings.HasSuffix(errs, words), "%v: %s", args, errs)
	}
	release()
	first.Finish(t)
	assert.Empty(t, g.undelivered())
}

func TestAReceiverThatEndsLeavesTheOtherEventsUndelivered(t *testing.T) {
	t.Parallel()
	g := newGiven(t)
	p := g.receive()
	g.hook.hold(t)
	again, err := clitest.Start(g.env, nil, "forward", "--undelivered")
	require.NoError(t, err)
	<-g.hook.waiting
	g.end(p)
	code, ok := again.Wait()
	require.True(t, ok)
	assert.Equal(t, 1, code)
	assert.Equal(t, fmt.Sprintf("up42hooks: event 1 was not taken by %s: the receiver (process %d) has ended meanwhile: try again; its other events are not tried now\n"+
		"up42hooks: forwarded 0 events again; 3 undelivered as before\n", g.name, p.Cmd.Process.Pid), again.Stderr.String())
}

// A receiver that forwards to itself would get each event again.
func TestAReceiverDoesNotForwardToItself(t *testing.T) {
	t.Parallel()
	port := receivertest.FreePort(t)
	env := append(clitest.Home(t), "UP42_WEBHOOK_SECRET=hush")
	name, err := os.Hostname()
	require.NoError(t, err)
	for _, x := range []struct{ listen, target string }{
		{"127.0.0.1", "http://127.0.0.1:%d/receive-webhooks"},
		{"127.0.0.1", "http://LOCALHOST.:%d/other?key=s3cr3t"},
		{"0.0.0.0", "http://localhost:%d/"},
		{"", "http://0.0.0.0:%d/receive-webhooks"},
		{"", "http://" + name + ":0%d/"},
		{"", "http://" + ownAddress(t) + ":%d/receive-webhooks"},
		{"", "http://127.0.0.2:%d/other"},
		{"127.0.0.1", "http://[::ffff:127.0.0.1]:%d/other"},
	} {
		_, stderr, code := clitest.Run(t, env, "listen", "--listen", fmt.Sprintf("%s:%d", x.listen, port), "--forward-to", fmt.Sprintf(x.target, port))
		assert.Equal(t, 2, code, stderr)
		assert.Regexp(t, `(?m)^up42hooks: --forward-to: http://\S+ is this receiver itself: name the program that is to get the events$`, stderr)
		assert.NotContains(t, stderr, "s3cr3t")
	}
	p := clitest.Receive(t, env, nil, "--forward-to", fmt.Sprintf("http://127.0.0.1:%d/another", port))
	p.Signal(syscall.SIGTERM)
	p.Finish(t)
	_, stderr, code := clitest.Run(t, env, "listen", "--listen", "127.0.0.1:0", "--public-url", "https://up42.example.com", "--forward-to", "https://up42.example.com/receive-webhooks")
	assert.Equal(t, 2, code, stderr)
	assert.Contains(t, stderr, "is this receiver itself")
}

// ownAddress returns an address of this machine for a URL, which others can reach if there is one.
func ownAddress(t *testing.T) string {
	t.Helper()
	all, err := net.InterfaceAddrs()
	require.NoError(t, err)
	for _, a := range all {
		if ip, _, err := net.ParseCIDR(a.String()); err == nil && ip.To4() != nil && !ip.IsLoopback() {
			return ip.String()
		}
	}
	return "127.0.0.1"
}

// What a start refuses, doctor finds.
func TestDoctorFindsWhatAStartRefuses(t *testing.T) {
	t.Parallel()
	port := strconv.Itoa(receivertest.FreePort(t))
	for _, x := range []struct{ variable, check, says string }{
		{"UP42_FORWARD_TO=http://localhost:PORT/x", "forwarding", "--forward-to: http://localhost:PORT/… is this receiver itself: name the program that is to get the events"},
		{"UP42_FORWARD_UNSIGNED=true", "forwarding", "--forward-unsigned needs --allow-unsigned: without it no unsigned delivery is accepted"},
		{"UP42_TUNNEL_WEBHOOK=true", "public-url", "--tunnel-webhook needs a tunnel: --tunnel cloudflared or ngrok"},
		{"UP42_TUNNEL_WEBHOOK=true UP42_TUNNEL=ngrok", "public-url", "--tunnel-webhook needs an account: set UP42_USERNAME and UP42_PASSWORD, or UP42_TOKEN, or run up42hooks login"},
		{"UP42_ADMIN=LOCALHOST:0PORT", "port", "admin: LOCALHOST:0PORT is the address of listen, too: choose another port"},
		{"UP42_ADMIN=[::ffff:127.0.0.1]:PORT", "port", "admin: [::ffff:127.0.0.1]:PORT is the address of listen, too: choose another port"},
	} {
		x.variable, x.says = strings.ReplaceAll(x.variable, "PORT", port), strings.ReplaceAll(x.says, "PORT", port)
		env := append(clitest.WithSecret(clitest.Home(t)), append(strings.Fields(x.variable), "UP42_LISTEN=127.0.0.1:"+port)...)
		stdout, _, code := clitest.Run(t, env, "doctor", "--json", "--test=false")
		assert.Equal(t, 1, code, x.variable)
		var fails []string
		for line := range strings.Lines(stdout) {
			var f doctorFinding
			require.NoError(t, json.Unmarshal([]byte(line), &f))
			if f.State == "fail" && f.Check == x.check {
				fails = append(fails, f.Detail)
			}
		}
		assert.Contains(t, fails, x.says)
		_, stderr, code := clitest.Run(t, env, "listen")
		assert.Equal(t, 2, code, "%s: %s", x.variable, stderr)
		assert.Contains(t, stderr, "up42hooks: "+x.says)
	}
}
