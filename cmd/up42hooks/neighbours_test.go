package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client/simulator"
	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
)

// storeInfo returns what `store info` says.
func storeInfo(t *testing.T, env []string, args ...string) (info struct{ Events, Duplicates, Unmatched int64 }) {
	t.Helper()
	out, said, code := clitest.Run(t, env, append([]string{"store", "info", "--json"}, args...)...)
	require.Zero(t, code, said)
	require.NoError(t, json.Unmarshal([]byte(out), &info))
	return info
}

func end(t *testing.T, p *clitest.Process) {
	t.Helper()
	p.Signal(syscall.SIGTERM)
	p.Finish(t)
}

func TestAnImportOfWhatIsThereIsNoDuplicate(t *testing.T) {
	t.Parallel()
	env := clitest.WithSecret(clitest.Home(t))
	p := clitest.Receive(t, env, nil)
	for _, id := range []string{"m1", "m2", "m2"} {
		status, _, err := clitest.Deliver(clitest.HTTPClient(t), p.URL, clitest.Secret, clitest.Delivery(id, "o1", "PLACED"))
		require.NoError(t, err)
		require.Equal(t, 200, status)
	}
	end(t, p)
	file := filepath.Join(t.TempDir(), "export.jsonl")
	_, said, code := clitest.Run(t, env, "store", "export", file)
	require.Zero(t, code, said)
	for range 2 {
		_, said, code = clitest.Run(t, env, "store", "import", file)
		require.Zero(t, code, said)
		assert.Contains(t, said, "imported 0 events; already there: 2")
		info := storeInfo(t, env)
		assert.EqualValues(t, 2, info.Events)
		assert.EqualValues(t, 1, info.Duplicates, "nobody has sent them again")
	}
}

// Whoever asked for all stored deliveries and does not read them is not waited for.
func TestASlowReaderDoesNotDelayTheEnd(t *testing.T) {
	t.Parallel()
	env := append(clitest.Home(t), "UP42_BASIC_AUTH=ada:lovelace")
	p := clitest.Receive(t, env, nil)
	for i := range 12 {
		body := fmt.Appendf(nil, `{"messageId":"m%d","event":"order.status","data":{"orderId":"o1","filler":%q}}`, i, strings.Repeat("x", 900<<10))
		req, err := http.NewRequest(http.MethodPost, p.URL, bytes.NewReader(body))
		require.NoError(t, err)
		req.SetBasicAuth("ada", "lovelace")
		res, err := clitest.HTTPClient(t).Do(req)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		require.Equal(t, 200, res.StatusCode)
	}
	host := strings.TrimSuffix(strings.TrimPrefix(p.URL, "http://"), "/receive-webhooks")
	for range 2 {
		c, err := net.Dial("tcp", host)
		require.NoError(t, err)
		defer c.Close()
		_, err = fmt.Fprintf(c, "GET /dump-webhooks HTTP/1.1\r\nHost: h\r\nAuthorization: Basic %s\r\n\r\n", base64.StdEncoding.EncodeToString([]byte("ada:lovelace")))
		require.NoError(t, err)
		_, err = io.ReadFull(c, make([]byte, 1<<20)) // the rest does not fit into the buffers of the system
		require.NoError(t, err)
	}
	began := time.Now()
	end(t, p)
	assert.Less(t, time.Since(began), 9*time.Second, "it waits ten seconds for requests that it answers")
}

func TestUnmatchedRequestsAreCountedAcrossRestarts(t *testing.T) {
	t.Parallel()
	env := clitest.WithSecret(clitest.Home(t))
	for range 2 {
		p := clitest.Receive(t, env, nil)
		for _, path := range []string{"/elsewhere", "/receive-webhooks"} { // GET is a probe
			res, err := clitest.HTTPClient(t).Get(strings.Replace(p.URL, "/receive-webhooks", path, 1))
			require.NoError(t, err)
			require.NoError(t, res.Body.Close())
			require.NotEqual(t, http.StatusOK, res.StatusCode)
		}
		end(t, p)
	}
	assert.EqualValues(t, 4, storeInfo(t, env).Unmatched)
	file, copied := filepath.Join(t.TempDir(), "export.jsonl"), filepath.Join(t.TempDir(), "copy.db")
	_, said, code := clitest.Run(t, env, "store", "export", file)
	require.Zero(t, code, said)
	_, said, code = clitest.Run(t, env, "store", "import", "--store", copied, file)
	require.Zero(t, code, said)
	assert.EqualValues(t, 4, storeInfo(t, env, "--store", copied).Unmatched)
}

// What a killed receiver has left in its log stays there until the next one.
func TestReadersKeepALogWithEvents(t *testing.T) {
	t.Parallel()
	env := clitest.WithSecret(clitest.Home(t))
	p := clitest.Receive(t, env, nil)
	_, _, err := clitest.Deliver(clitest.HTTPClient(t), p.URL, clitest.Secret, clitest.Delivery("m1", "o1", "PLACED"))
	require.NoError(t, err)
	p.Signal(syscall.SIGKILL)
	<-p.Done
	for range 2 {
		assert.EqualValues(t, 1, storeInfo(t, env).Events)
		assert.FileExists(t, clitest.StoreOf(env)+"-wal")
	}
	end(t, clitest.Receive(t, env, nil))
	assert.EqualValues(t, 1, storeInfo(t, env).Events)
}

// Who gives up a call on the screen is told what UP42 has done nevertheless.
func TestACallThatWasGivenUpIsSettled(t *testing.T) {
	t.Parallel()
	for name, does := range map[string]bool{"done": true, "not done": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			simulated := simulator.New(simulator.Options{Seed: 1, Quiet: true})
			sent := make(chan struct{}, 1)
			env := clitest.WithUP42(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, "/webhooks") {
					simulated.ServeHTTP(w, r)
					return
				}
				if does {
					simulated.ServeHTTP(httptest.NewRecorder(), r)
				}
				_, _ = io.Copy(io.Discard, r.Body)
				sent <- struct{}{}
				<-r.Context().Done()
			}))
			screen := clitest.OnTerminal(t, env, 132, 30, "--listen", "127.0.0.1:0")
			says := func(what string) {
				t.Helper()
				_, ok := screen.Await(what)
				require.True(t, ok, "%s on the screen: %q", what, screen)
			}
			says("Webhooks 0")
			screen.Key(t, "4")
			screen.Key(t, "c")
			says("New webhook")
			screen.Key(t, "\x13") // ctrl+s
			<-sent                // what is given up before is not asked about
			screen.Key(t, "\x1b")
			if does {
				says("created up42hooks")
			} else {
				says("gave up creating up42hooks; asking UP42 what it has done")
				says("the webhook was not created; it is safe to try again")
			}
			screen.Signal(syscall.SIGTERM)
			screen.Ends(t)
		})
	}
}

// hostOf is the host and the port of a receiver.
func hostOf(p *clitest.Process) string {
	return strings.TrimSuffix(strings.TrimPrefix(p.URL, "http://"), "/receive-webhooks")
}

// A viewer follows its receiver to another address, with other targets.
func TestAViewerFollowsItsReceiver(t *testing.T) {
	t.Parallel()
	env := clitest.WithUP42(t, simulator.New(simulator.Options{Seed: 1, Quiet: true}))
	p := clitest.Receive(t, env, nil)
	viewer := clitest.OnTerminal(t, env, 132, 30, "watch", "--only-watch")
	says := func(what string) {
		t.Helper()
		_, ok := viewer.Await(what)
		require.True(t, ok, "%s on the screen: %q", what, viewer)
	}
	says("viewer of " + hostOf(p))
	end(t, p)
	says("stopped")
	p = clitest.Receive(t, env, nil, "--forward-to", "http://127.0.0.1:9/new-target")
	says("viewer of " + hostOf(p))
	says("1 target elsewhere")
	viewer.Key(t, "5")
	says("http://127.0.0.1:9/…#\\w+: another process forwards to it")
	viewer.Key(t, "4")
	viewer.Key(t, "c")
	says("URL.*" + p.URL)
	viewer.Signal(syscall.SIGTERM)
	viewer.Ends(t)
	end(t, p)
}

// A viewer receives in place of a receiver that has ended, if it has what that needs.
func TestAViewerTakesOver(t *testing.T) {
	t.Parallel()
	env := clitest.WithSecret(clitest.Home(t))
	p := clitest.Receive(t, env, nil)
	without := slices.DeleteFunc(slices.Clone(env), func(v string) bool { return strings.HasPrefix(v, "UP42_WEBHOOK_SECRET=") })
	viewer := clitest.OnTerminal(t, env, 132, 30, "watch", "--listen", "127.0.0.1:0")
	stranger := clitest.OnTerminal(t, without, 132, 30, "watch", "--listen", "127.0.0.1:0")
	says := func(v *clitest.Terminal, what string) {
		t.Helper()
		_, ok := v.Await(what)
		require.True(t, ok, "%s on the screen: %q", what, v)
	}
	says(viewer, "viewer of")
	says(stranger, "viewer of")
	end(t, p)
	stranger.Sees(t, "restart up42hooks")
	says(viewer, "has ended: this one receives now")
	holder, err := store.HeldBy(clitest.StoreOf(env))
	require.NoError(t, err)
	require.NotNil(t, holder)
	status, answer, err := clitest.Deliver(clitest.HTTPClient(t), "http://"+holder.Address+"/receive-webhooks", clitest.Secret, clitest.Delivery("m1", "order-one", "PLACED"))
	require.NoError(t, err)
	assert.Equal(t, 200, status, answer)
	viewer.Key(t, "2")
	says(viewer, "order-one")
	stranger.Sees(t, "viewer of "+holder.Address)
	viewer.Signal(syscall.SIGTERM)
	viewer.Ends(t)
	stranger.Signal(syscall.SIGTERM)
	stranger.Ends(t)
}

// Whoever reads a store that was replaced is told: the new file is not the one that is open.
func TestAReplacedStoreIsNoticed(t *testing.T) {
	t.Parallel()
	env := clitest.WithSecret(clitest.Home(t))
	p := clitest.Receive(t, env, nil)
	_, _, err := clitest.Deliver(clitest.HTTPClient(t), p.URL, clitest.Secret, clitest.Delivery("m1", "o1", "PLACED"))
	require.NoError(t, err)
	viewer := clitest.OnTerminal(t, env, 132, 30, "watch", "--only-watch")
	_, ok := viewer.Await("viewer of")
	require.True(t, ok, "%q", viewer)
	follower, err := clitest.Start(env, nil, "events", "--follow", "--json")
	require.NoError(t, err)
	_, ok = follower.Stdout.Await(`"m1"`)
	require.True(t, ok, follower.Stderr)
	end(t, p)
	for _, suffix := range []string{"", "-wal", "-shm"} {
		_ = os.Remove(clitest.StoreOf(env) + suffix) // the user begins with an empty store
	}
	const says = "was moved, deleted or replaced while it was read: start this program again"
	code, ok := follower.Wait()
	require.True(t, ok)
	assert.Equal(t, 1, code)
	assert.Contains(t, follower.Stderr.String(), says)
	clitest.Receive(t, env, nil)
	_, ok = viewer.Await("was moved, deleted or replaced")
	assert.True(t, ok, "%q", viewer)
	viewer.Key(t, "\x03")
	viewer.Ends(t)
}

// storeOfOne makes a stopped store with an event of an order with this id.
func storeOfOne(t *testing.T, order string) (env []string, file string) {
	t.Helper()
	env = clitest.WithSecret(clitest.Home(t))
	p := clitest.Receive(t, env, nil)
	_, _, err := clitest.Deliver(clitest.HTTPClient(t), p.URL, clitest.Secret, clitest.Delivery("m1", order, "PLACED"))
	require.NoError(t, err)
	end(t, p)
	return env, clitest.StoreOf(env)
}

// requireAlone requires that no file of SQLite's is beside a store.
func requireAlone(t *testing.T, file string, args []string) {
	t.Helper()
	for _, suffix := range []string{"-wal", "-shm"} {
		require.NoFileExists(t, file+suffix, "%s", args)
	}
}

// As with `events | head -1`.
func TestReadersLeaveNoFilesWhenTheirOutputCloses(t *testing.T) {
	t.Parallel()
	env, file := storeOfOne(t, "o1")
	for _, args := range [][]string{
		{"events"},
		{"events", "--json"},
		{"events", "--csv"},
		{"events", "get", "1"},
		{"events", "get", "1", "--http"},
		{"orders"},
		{"orders", "--json"},
		{"store", "info"},
		{"store", "export"},
	} {
		read, write, err := os.Pipe()
		require.NoError(t, err)
		require.NoError(t, read.Close())
		p, err := clitest.Start(env, write, args...)
		require.NoError(t, err)
		require.NoError(t, write.Close())
		code, ok := p.Wait()
		require.True(t, ok)
		assert.Equal(t, 128+int(syscall.SIGPIPE), code, "%s: %s", args, p.Stderr)
		assert.Empty(t, p.Stderr.String(), "%s", args)
		requireAlone(t, file, args)
	}
}

func TestAnInterruptedReaderLeavesNoFiles(t *testing.T) {
	t.Parallel()
	env, file := storeOfOne(t, strings.Repeat("o", 200<<10))
	args := []string{"events", "--json"}
	read, write, err := os.Pipe()
	require.NoError(t, err)
	defer read.Close()
	p, err := clitest.Start(env, write, args...)
	require.NoError(t, err)
	require.NoError(t, write.Close())
	_, err = io.ReadFull(read, make([]byte, 1)) // now it prints, and waits for its reader
	require.NoError(t, err)
	p.Signal(syscall.SIGINT)
	code, ok := p.Wait()
	require.True(t, ok)
	assert.Equal(t, 1, code)
	assert.Contains(t, p.Stderr.String(), "nobody reads the output")
	requireAlone(t, file, args)
}

// Commands that only read leave a stopped store as it was.
func TestReadersLeaveNoFilesBesideAStore(t *testing.T) {
	t.Parallel()
	env, file := storeOfOne(t, "o1")
	before, err := os.ReadFile(file)
	require.NoError(t, err)
	for _, args := range [][]string{
		{"events"},
		{"orders"},
		{"store", "info"},
		{"store", "verify"},
		{"doctor", "--listen", "127.0.0.1:0"},
		{"events", "get", "1"},
		{"store", "export", os.DevNull},
		{"events", "--limit", "1", "--json"},
	} {
		_, _, _ = clitest.Run(t, env, args...) // doctor finds something
		requireAlone(t, file, args)
	}
	after, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, before, after)
}
