package forward_test

import (
	"bufio"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/forward"
)

func post(t *testing.T, url string, change ...func(*forward.HTTPOptions)) forward.Target {
	t.Helper()
	o := forward.HTTPOptions{URL: url, Timeout: 2 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	for _, f := range change {
		f(&o)
	}
	target, err := forward.NewHTTP(o)
	require.NoError(t, err)
	return target
}

func TestADeliveryIsPostedAsItCame(t *testing.T) {
	var got *http.Request
	var body []byte
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
	}))
	defer s.Close()
	e := event("a", "PLACED", 1, receiver.Verified)
	e.Seq = 7
	e.Headers = append(e.Headers, receiver.Header{Name: "Authorization", Value: "hidden"}, receiver.Header{Name: "Up42hooks-Verdict", Value: "forged"})
	e.Proof.Components = append(e.Proof.Components, "authorization", "up42hooks-verdict")
	target := post(t, s.URL+"/in?token=hidden", func(o *forward.HTTPOptions) { o.BasicAuth, o.Secret = "ada:love:lace", "shared" })
	require.NoError(t, target.Send(t.Context(), e))
	assert.Equal(t, string(e.Raw), string(body))
	mac := hmac.New(sha256.New, []byte("shared"))
	fmt.Fprintf(mac, "7.%s", e.Raw)
	for name, want := range map[string]string{
		"Content-Type": "application/json", "Date": "d", "Signature": "s", "X-Up42": "u", "X-Other": "",
		"Up42hooks-Verdict": "verified", "Up42hooks-Seq": "7",
		"Up42hooks-Signature": fmt.Sprintf("sha256=%x", mac.Sum(nil)),
	} {
		assert.Equal(t, want, got.Header.Get(name), name)
	}
	user, pass, _ := got.BasicAuth()
	assert.Equal(t, "ada love:lace", user+" "+pass)
	assert.NotContains(t, target.Name(), "hidden")
	assert.NotEqual(t, post(t, s.URL+"/in").Name(), target.Name())
}

func TestWhatATargetMayAnswer(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("followed a redirect") }))
	defer elsewhere.Close()
	for path, want := range map[string]string{
		"/ok": "", "/created": "", "/cut": "", "/500": "it answered 500", "/503": "it answered 503", "/404": "it answered 404", "/redirect": "not followed", "/reset": "EOF", "/slow": "deadline",
	} {
		t.Run(path, func(t *testing.T) {
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch r.URL.Path {
				case "/created":
					w.WriteHeader(http.StatusCreated)
				case "/cut": // taken, whatever becomes of the rest of the answer
					w.Header().Set("Content-Length", "1000")
					_, _ = io.WriteString(w, "thank")
				case "/500":
					w.Header().Set("Retry-After", "7")
					w.WriteHeader(500)
				case "/503":
					w.Header().Set("Retry-After", "8")
					w.WriteHeader(503)
				case "/404":
					w.WriteHeader(404)
				case "/redirect":
					http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
				case "/reset":
					panic(http.ErrAbortHandler)
				case "/slow":
					_, _ = io.Copy(io.Discard, r.Body)
					<-r.Context().Done()
				}
			}))
			defer s.Close()
			target := post(t, s.URL+path, func(o *forward.HTTPOptions) {
				if path == "/slow" {
					o.Timeout = 50 * time.Millisecond
				}
			})
			err := target.Send(t.Context(), event("a", "PLACED", 1, receiver.Verified))
			if want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, want)
			assert.NotContains(t, err.Error(), s.URL)
			if path == "/500" {
				var refused *forward.Refused
				require.ErrorAs(t, err, &refused)
				assert.Equal(t, 7*time.Second, refused.After)
				assert.False(t, refused.All)
				assert.NoError(t, target.Check(t.Context()), "an answer is an answer")
			}
			if path == "/503" {
				var refused *forward.Refused
				require.ErrorAs(t, err, &refused)
				assert.Equal(t, forward.Refused{Reason: refused.Reason, After: 8 * time.Second, All: true}, *refused, "it is about all events")
			}
			if path == "/reset" {
				assert.Error(t, target.Check(t.Context()))
			}
		})
	}
	for _, url := range []string{"", "example.com", "ftp://example.com", "http://", "http://u:hidden@example.com", "%zz"} {
		_, err := forward.NewHTTP(forward.HTTPOptions{URL: url})
		require.Error(t, err, url)
		assert.NotContains(t, err.Error(), "hidden")
	}
}

// beTarget is a program that takes events: it writes each into a file and then
// answers, until it is killed.
func beTarget(address, file string) {
	f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		panic(err)
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		panic(err)
	}
	fmt.Println("ready")
	panic(http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || r.Method != http.MethodPost {
			return // a look whether it is there
		}
		m, _ := receiver.Decode(body)
		if _, err := fmt.Fprintln(f, r.Header.Get(forward.SeqHeader), m.ID); err != nil {
			panic(err)
		}
	})))
}

// startTarget starts it and returns what kills it. Its port may be somebody
// else's for a moment: an outgoing connection's.
func startTarget(t *testing.T, address, file string) (kill func()) {
	t.Helper()
	require.Eventually(t, func() bool {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "FORWARD_TEST_TARGET="+address, "FORWARD_TEST_FILE="+file)
		out, err := cmd.StdoutPipe()
		if err != nil || cmd.Start() != nil {
			return false
		}
		kill = func() {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		}
		line, _ := bufio.NewReader(out).ReadString('\n')
		if line != "ready\n" {
			kill()
		}
		return line == "ready\n"
	}, time.Minute, 50*time.Millisecond)
	return kill
}

func TestEachEventArrivesInOrderThoughTheTargetIsKilledAgainAndAgain(t *testing.T) {
	events, kills, ids := 10_000, 8, 200
	if testing.Short() {
		events, kills = 1000, 2
	}
	log := newLog(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address, file := l.Addr().String(), filepath.Join(t.TempDir(), "taken")
	require.NoError(t, l.Close())
	const parallel = 8
	target, err := forward.NewHTTP(forward.HTTPOptions{URL: "http://" + address + "/in"})
	require.NoError(t, err)
	known(t, log, target.Name())
	batch := make([]*receiver.Event, events)
	for i := range batch {
		batch[i] = event(fmt.Sprintf("o%d", i%ids), fmt.Sprintf("S%d", i/ids), i, receiver.Verified)
	}
	adding := make(chan error, 1)
	go func() {
		for from := 0; from < events; from += 100 {
			if _, err := log.AppendAll(context.Background(), batch[from:min(from+100, events)]); err != nil {
				adding <- err
				return
			}
		}
		adding <- nil
	}()
	kill := startTarget(t, address, file)
	f, stop := run(t, forward.Options{Log: log, Ledger: log, Target: target, Parallel: parallel})
	for i := range kills {
		part := events * (i + 1) / (kills + 1)
		require.Eventually(t, func() bool { return f.Status().Cursor >= int64(part) }, time.Minute, time.Millisecond)
		kill()
		if i == kills/2 { // we ourselves as well
			stop()
			f, stop = run(t, forward.Options{Log: log, Ledger: log, Target: target, Parallel: parallel})
		}
		kill = startTarget(t, address, file)
	}
	defer func() { kill() }()
	require.NoError(t, <-adding)
	require.Eventually(t, func() bool { return f.Status().Cursor == int64(events) }, time.Minute, 10*time.Millisecond)
	stop()

	content, err := os.ReadFile(file)
	require.NoError(t, err)
	first := map[int]bool{}
	last := map[string]int{}
	twice := 0
	for line := range strings.Lines(string(content)) {
		var seq int
		var id string
		_, err := fmt.Sscan(line, &seq, &id)
		require.NoError(t, err)
		if first[seq] {
			twice++
			continue
		}
		first[seq] = true
		assert.Less(t, last[id], seq, "order of %s", id)
		last[id] = seq
	}
	assert.Len(t, first, events, "each arrives")
	assert.LessOrEqual(t, twice, (kills+1)*parallel, "twice only where an answer was lost")
}
