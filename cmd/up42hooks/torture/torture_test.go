package torture

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/receiver/retry"
)

// tortureTime is the variable that says how long the program is killed again and again.
const tortureTime = "UP42_TORTURE"

const (
	// A life is so long at most, so that some end while the program still starts.
	longestLife = 900 * time.Millisecond
	// A command that works on the store gets so much.
	longestCommand = 400 * time.Millisecond
)

// A delivery that was answered 200 is in the store afterwards, once, under the number of its
// answer, whatever the program did when it was killed. Rows are those that the events make,
// and a target gets each event, in the order of its order's.
func TestTorture(t *testing.T) {
	limit, err := time.ParseDuration(cmp.Or(os.Getenv(tortureTime), "0"))
	require.NoError(t, err, tortureTime)
	if limit == 0 {
		t.Skip("make torture runs it")
	}
	for name, keep := range map[string]int{"all": 0, "retention": 500} {
		t.Run(name, func(t *testing.T) {
			x := newTorture(t, keep)
			for start := time.Now(); time.Since(start) < limit/2; {
				x.life()
				x.command()
			}
			x.senders.stop()
			x.check()
		})
	}
}

// torture is a store, with what is done to it.
type torture struct {
	t       *testing.T
	keep    int // retention keeps so many events; 0: all
	env     []string
	address string
	senders *senders
	target  *target
	exports string // of another store
	killed  map[string]int
	random  *rand.Rand
}

func newTorture(t *testing.T, keep int) *torture {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	x := &torture{
		t: t, keep: keep, env: clitest.WithSecret(clitest.Home(t)), address: freeAddress(t), target: newTarget(t),
		killed: map[string]int{}, random: rand.New(rand.NewPCG(seed, 0)),
	}
	x.exports = exportOfAnother(t)
	x.senders = startSenders(t, "http://"+x.address+"/receive-webhooks")
	return x
}

// freeAddress returns an address on which nobody listens. Each life uses it, so that the
// senders need not be told where the receiver is.
func freeAddress(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	return l.Addr().String()
}

// importedEvents is how many events the export of the other store has.
const importedEvents = 50

// exportOfAnother returns the file of an export.
func exportOfAnother(t *testing.T) string {
	env := clitest.WithSecret(clitest.Home(t))
	p := clitest.Receive(t, env, nil)
	client := clitest.HTTPClient(t)
	for n := range importedEvents {
		status, answer, err := clitest.Deliver(client, p.URL, clitest.Secret, clitest.Delivery(imported(n), imported(n), "FULFILLED"))
		require.NoError(t, err)
		require.Equal(t, 200, status, answer)
	}
	p.Signal(syscall.SIGTERM)
	p.Finish(t)
	file := filepath.Join(t.TempDir(), "other.jsonl")
	_, said, code := clitest.Run(t, env, "store", "export", file)
	require.Zero(t, code, said)
	return file
}

// life starts a receiver, and kills it at some moment.
func (x *torture) life() {
	after := time.Duration(x.random.Int64N(int64(longestLife)))
	args := []string{"listen", "--listen", x.address, "--forward-to", x.target.URL}
	if x.keep > 0 {
		args = append(args, "--keep-events", strconv.Itoa(x.keep))
	}
	if x.random.IntN(4) == 0 {
		args[0] = "watch"
	}
	x.killed[args[0]]++
	if args[0] == "watch" {
		m := clitest.OnTerminal(x.t, x.env, 120, 36, args...)
		x.killAfter(after, m.Signal, m.Done)
		return
	}
	p, err := clitest.Start(x.env, nil, args...)
	require.NoError(x.t, err)
	x.killAfter(after, p.Signal, p.Done)
}

// command starts a command that works on the store, and kills it at some moment.
func (x *torture) command() {
	export := filepath.Join(strings.TrimPrefix(x.env[0], "HOME="), "export.jsonl")
	args := [][]string{
		{"store", "compact"},
		{"store", "export", export},
		{"store", "import", x.exports},
		{"store", "verify"},
		{"events", "--limit", "0", "--json"},
	}[x.random.IntN(5)]
	x.killed[strings.Join(args[:min(2, len(args))], " ")]++
	p, err := clitest.Start(x.env, nil, args...)
	require.NoError(x.t, err)
	x.killAfter(time.Duration(x.random.Int64N(int64(longestCommand))), p.Signal, p.Done)
	x.checkExport(export)
}

// killAfter kills a process after a while, unless it ends before.
func (x *torture) killAfter(after time.Duration, signal func(os.Signal), done <-chan struct{}) {
	timer := time.NewTimer(after)
	defer timer.Stop()
	select {
	case <-timer.C:
		signal(syscall.SIGKILL)
	case <-done:
	}
	<-done
}

// checkExport checks that an export, if there is one, is whole.
func (x *torture) checkExport(file string) {
	content, err := os.ReadFile(file)
	if os.IsNotExist(err) {
		return
	}
	require.NoError(x.t, err)
	for line := range strings.Lines(string(content)) {
		require.True(x.t, json.Valid([]byte(line)), "an export that was killed is not put into its place: %q", line)
	}
	require.NoError(x.t, os.Remove(file))
}

// check checks the store after the last kill.
func (x *torture) check() {
	_, said, code := clitest.Run(x.t, x.env, "store", "import", x.exports)
	require.Zero(x.t, code, said)
	require.NotZero(x.t, x.senders.count(), "too little time for a delivery")
	stored := x.stored()
	last := int64(0)
	for id, seqs := range stored {
		require.Len(x.t, seqs, 1, "%s is there once", id)
		last = max(last, seqs[0])
	}
	for id, seq := range x.senders.answered {
		if x.keep == 0 || seq > last-int64(x.keep) || stored[id] != nil {
			require.Equal(x.t, []int64{seq}, stored[id], "%s was answered", id)
		}
	}
	for n := range importedEvents {
		require.True(x.t, stored[imported(n)] != nil || x.keep != 0, "an event of an import")
	}
	out, said, code := clitest.Run(x.t, x.env, "store", "verify")
	require.Zero(x.t, code, out+said)
	x.checkTarget(stored)
	x.t.Logf("killed %v; %d deliveries answered, %d of them sent again, %d forwarded; the store has %d events",
		x.killed, x.senders.count(), x.senders.again, x.target.times, len(stored))
}

func imported(n int) string { return fmt.Sprintf("imported-%d", n) }

// checkTarget checks that a receiver forwards what is left, and that the target got each
// order's events in their order. Imported events are not forwarded.
func (x *torture) checkTarget(stored map[string][]int64) {
	p := clitest.Receive(x.t, x.env, nil, "--forward-to", x.target.URL)
	var messages []string
	for id := range stored {
		if !strings.HasPrefix(id, "imported-") {
			messages = append(messages, id)
		}
	}
	late := time.Now().Add(clitest.Patience)
	for !x.target.has(messages) && time.Now().Before(late) {
		retry.Sleep(x.t.Context(), 20*time.Millisecond)
	}
	assert.True(x.t, x.target.has(messages), "each event reaches the target; the receiver said %s", p.Stderr)
	p.Signal(syscall.SIGTERM)
	p.Finish(x.t)
	for n := range sendersAtOnce {
		order := x.target.order(orderOf(n))
		assert.True(x.t, slices.IsSortedFunc(order, byNumber), "%s: %v", orderOf(n), order)
	}
}

// byNumber compares messages of a sender by the order in which it sends them.
func byNumber(a, b string) int { return cmp.Compare(numberOf(a), numberOf(b)) }

func numberOf(id string) int {
	n, err := strconv.Atoi(id[strings.LastIndexByte(id, '-')+1:])
	if err != nil {
		panic(err) // the senders make them
	}
	return n
}

// stored returns the numbers of each message in the store.
func (x *torture) stored() map[string][]int64 {
	out, said, code := clitest.Run(x.t, x.env, "events", "--limit", "0", "--json")
	require.Zero(x.t, code, said)
	stored := map[string][]int64{}
	for line := range strings.Lines(out) {
		var e struct {
			Seq       int64
			MessageID string
		}
		require.NoError(x.t, json.Unmarshal([]byte(line), &e))
		stored[e.MessageID] = append(stored[e.MessageID], e.Seq)
	}
	return stored
}
