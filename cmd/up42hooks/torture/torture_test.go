package torture

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
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
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/sqlite"
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
// and a target gets each event, in the order of its order's. Without the variable the program
// is killed for a second, and retention deletes.
func TestTorture(t *testing.T) {
	limit := clitest.Length(t, tortureTime, time.Second)
	for name, keep := range map[string]int{"all": 0, "retention": 500} {
		if keep == 0 && os.Getenv(tortureTime) == "" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			x := newTorture(t, keep)
			for start := time.Now(); time.Since(start) < limit/2 || x.senders.count() == 0; {
				x.life()
				x.command(longestCommand)
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
	history *target  // of the command forward
	exports []string // of other stores, the last ones of earlier versions
	folder  string   // for what commands make
	killed  map[string]int
	random  *rand.Rand
}

func newTorture(t *testing.T, keep int) *torture {
	return newTortureIn(t, clitest.WithSecret(clitest.Home(t)), keep, 0)
}

// newTortureIn is newTorture with an environment, and with a pause of the senders.
func newTortureIn(t *testing.T, env []string, keep int, pause time.Duration) *torture {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	x := &torture{
		t: t, keep: keep, env: env, address: freeAddress(t), target: newTarget(t), history: newTarget(t),
		folder: t.TempDir(), killed: map[string]int{}, random: rand.New(rand.NewPCG(seed, 0)),
	}
	x.exports = []string{exportOfAnother(t)}
	for _, earlier := range []string{"export-v1.jsonl", "export-v2.jsonl"} {
		x.exports = append(x.exports, filepath.Join("..", "..", "..", "receiver", "sqlite", "testdata", earlier))
	}
	x.senders = startSenders(t, "http://"+x.address+"/receive-webhooks", pause)
	return x
}

// freeAddress returns an address on which nobody listens. Each life uses it, so that the
// senders need not be told where the receiver is.
func freeAddress(t *testing.T) string { return fmt.Sprint("127.0.0.1:", receivertest.FreePort(t)) }

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

// running is a process.
type running struct {
	signal func(os.Signal)
	done   <-chan struct{}
}

func (x *torture) start(args ...string) running {
	x.killed[strings.Join(args[:min(2, len(args))], " ")]++
	if args[0] == "watch" {
		m := clitest.OnTerminal(x.t, x.env, 120, 36, args...)
		return running{m.Signal, m.Done}
	}
	p, err := clitest.Start(x.env, nil, args...)
	require.NoError(x.t, err)
	return running{p.Signal, p.Done}
}

// killAfter kills a process after a while, unless it ends before.
func (r running) killAfter(after time.Duration) {
	timer := time.NewTimer(after)
	defer timer.Stop()
	select {
	case <-timer.C:
		r.signal(syscall.SIGKILL)
	case <-r.done:
	}
	<-r.done
}

// life starts a receiver, and kills it at some moment. Sometimes another one tries to use the
// same store, the secrets are read again, a command works beside it, or its log is taken away.
func (x *torture) life() {
	after := time.Duration(x.random.Int64N(int64(longestLife)))
	var one running
	log := filepath.Join(x.folder, "watch.log")
	if x.random.IntN(4) == 0 {
		one = x.start(append([]string{"watch", "--log", log}, x.args()...)...)
	} else {
		one = x.start(append([]string{"listen"}, x.args()...)...)
	}
	switch x.random.IntN(6) {
	case 0:
		other := x.start(append(append([]string{"listen"}, x.args()...), "--listen", "127.0.0.1:0")...)
		defer other.killAfter(0)
	case 1:
		one.signal(syscall.SIGHUP)
		_ = os.Remove(log)
	case 2, 3:
		x.command(after / 2)
	case 4:
		viewer := x.start("watch", "--listen", "127.0.0.1:0")
		defer viewer.killAfter(0)
	}
	one.killAfter(after)
}

// command starts a command that works on the store or on another one, and kills it at some
// moment.
func (x *torture) command(longest time.Duration) {
	export, backup, other := filepath.Join(x.folder, "export.jsonl"), filepath.Join(x.folder, "backup.db"), filepath.Join(x.folder, "other.db")
	from := x.exports[x.random.IntN(len(x.exports))]
	commands := [][]string{
		{"store", "compact"},
		{"store", "repair"},
		{"store", "export", export},
		{"store", "backup", "--replace", backup},
		{"store", "import", from},
		{"store", "import", "--store", other, from},
		{"store", "verify"},
		{"events", "--limit", "0", "--json"},
		{"orders", "--json"},
		{"forward", "--to", x.history.URL},
	}
	x.start(commands[x.random.IntN(len(commands))]...).killAfter(time.Duration(x.random.Int64N(int64(longest) + 1)))
	x.checkExport(export)
	x.checkOther(backup)
	x.checkOther(other)
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

// checkOther checks that another store, if there is one, is whole.
func (x *torture) checkOther(file string) {
	if info, err := os.Stat(file); err != nil || info.Size() == 0 {
		return
	}
	l, err := sqlite.Open(x.t.Context(), file, sqlite.Options{})
	require.NoError(x.t, err)
	require.NoError(x.t, l.Damage())
	sound, err := l.Verify(x.t.Context(), nil)
	require.NoError(x.t, errors.Join(err, l.Close()))
	require.Empty(x.t, sound.Problems)
	require.NoError(x.t, os.Remove(file))
}

// check checks the store after the last kill.
func (x *torture) check() {
	require.NotZero(x.t, x.senders.count(), "too little time for a delivery")
	x.checkCheckpoints()
	x.importAll()
	stored, last := x.stored()
	for id, seqs := range stored {
		require.Len(x.t, seqs, 1, "%s is there once", id)
	}
	for id, seq := range x.senders.answered {
		if x.keep == 0 || seq > last-int64(x.keep) || stored[id] != nil {
			require.Equal(x.t, []int64{seq}, stored[id], "%s was answered", id)
		}
	}
	for n := range importedEvents {
		require.True(x.t, stored[imported(n)] != nil || x.keep != 0, "an event of an import")
	}
	x.checkTarget(stored)
	x.t.Logf("killed %v; %d deliveries answered, %d of them sent again, %d forwarded; the store has %d events",
		x.killed, x.senders.count(), x.senders.again, x.target.times, len(stored))
}

// checkCheckpoints checks that the rows are what the events make, and that no checkpoint is
// ahead of what the target got.
func (x *torture) checkCheckpoints() {
	l, err := sqlite.Open(x.t.Context(), clitest.StoreOf(x.env), sqlite.Options{})
	require.NoError(x.t, err)
	defer func() { require.NoError(x.t, l.Close()) }()
	readers, err := l.Info(x.t.Context())
	require.NoError(x.t, err)
	rows := receiver.NewRowSet()
	for page, err := range receiver.Pages(x.t.Context(), l, receiver.EventQuery{Oldest: true}) {
		require.NoError(x.t, err)
		for _, e := range page {
			rows.Apply(e)
			for _, r := range readers.Readers {
				if strings.HasPrefix(e.MessageID, "m-") && r.Covers(e.Seq) {
					require.True(x.t, x.target.has([]string{e.MessageID}), "the checkpoint is ahead of event %d", e.Seq)
				}
			}
		}
	}
	if x.keep > 0 {
		return // rows have what deleted events said, which verify knows
	}
	stored, err := l.Rows(x.t.Context(), receiver.RowQuery{Limit: 1 << 20, Updates: true})
	require.NoError(x.t, err)
	require.Len(x.t, stored, rows.Len())
	for _, r := range stored {
		require.Equal(x.t, *rows.Row(r.Key), r)
	}
}

func imported(n int) string { return fmt.Sprintf("imported-%d", n) }

// checkTarget checks that a receiver forwards what is left, and that the target got each
// order's events in their order, also those that retention has deleted since. Imported events
// are not counted.
func (x *torture) checkTarget(stored map[string][]int64) {
	p := clitest.Receive(x.t, x.env, nil, "--forward-to", x.target.URL)
	messages := slices.Collect(maps.Keys(x.senders.answered))
	for id := range stored {
		if strings.HasPrefix(id, "m-") {
			messages = append(messages, id)
		}
	}
	missing, times := x.target.await(x.t.Context(), slices.Values(messages), clitest.Patience)
	assert.Zero(x.t, missing, "of %d messages that reach the target, which got %d; the receiver said %s", len(messages), times, p.Stderr)
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

// importAll imports what was imported before, maybe not wholly.
func (x *torture) importAll() {
	for _, name := range x.exports {
		f, err := os.Open(name)
		require.NoError(x.t, err)
		_, err = sqlite.Import(x.t.Context(), clitest.StoreOf(x.env), f)
		require.NoError(x.t, errors.Join(err, f.Close()))
	}
}

// stored returns the numbers of each message in the store, which is sound, and the last one.
// Some of those of earlier versions have no id.
func (x *torture) stored() (stored map[string][]int64, last int64) {
	l, err := sqlite.Open(x.t.Context(), clitest.StoreOf(x.env), sqlite.Options{})
	require.NoError(x.t, err)
	defer func() { require.NoError(x.t, l.Close()) }()
	sound, err := l.Verify(x.t.Context(), nil)
	require.NoError(x.t, err)
	require.Empty(x.t, sound.Problems)
	stored = map[string][]int64{}
	for page, err := range receiver.Pages(x.t.Context(), l, receiver.EventQuery{Oldest: true}) {
		require.NoError(x.t, err)
		for _, e := range page {
			if last = e.Seq; strings.HasPrefix(e.MessageID, "m-") || strings.HasPrefix(e.MessageID, "imported-") {
				stored[e.MessageID] = append(stored[e.MessageID], e.Seq)
			}
		}
	}
	return stored, last
}
