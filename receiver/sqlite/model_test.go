package sqlite_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/signature"
	"github.com/up42/up42-webhooks/receiver/sqlite"
	"github.com/up42/up42-webhooks/receiver/sqlite/vacuum"
)

// Whatever is done with a store, and whenever the program is killed, it is what a simple model
// says: which events it has, which were duplicates or conflicts, its rows, checkpoints and
// failures. A failure is shrunk to the fewest steps; -rapid.checks=1000 tries more.
func TestAStoreIsWhatItsModelSays(t *testing.T) {
	receivertest.Checks(t, 3) // each case makes files
	rapid.Check(t, func(rt *rapid.T) {
		m := newModel(t, rt)
		defer m.end()
		rt.Repeat(map[string]func(*rapid.T){
			"":           m.check,
			"request":    m.request,
			"forge":      m.forge,
			"deliver":    m.deliver,
			"batch":      m.batch,
			"again":      m.again,
			"checkpoint": m.saveCheckpoint,
			"give up":    m.addFailure,
			"send again": m.removeFailure,
			"restart":    m.restart,
			"kill":       m.kill,
			"compact":    m.compact,
			"transfer":   m.transfer,
			"retain":     m.retain,
		})
	})
}

// model is what a store should have, with the store.
type model struct {
	t       *testing.T
	folder  string
	file    string
	number  int // of the file
	options sqlite.Options
	log     *sqlite.Log

	events      []*receiver.Event // that are stored
	sent        []*receiver.Event
	bodies      map[string]receiver.Trust // that were ever stored
	messages    map[string]receiver.Event // the first of each with the most trust
	rows        *receiver.RowSet          // nil: retention has deleted events
	last        int64
	duplicates  int64
	conflicts   int64
	checkpoints map[string]receiver.Checkpoint
	failures    []receiver.Failure
}

func newModel(t *testing.T, rt *rapid.T) *model {
	folder, err := os.MkdirTemp(t.TempDir(), "")
	require.NoError(rt, err)
	m := &model{
		t: t, folder: folder, file: filepath.Join(folder, "0", "events.db"),
		options: sqlite.Options{}.WithRecent(rapid.SampledFrom([]int{1, 5, 1000}).Draw(rt, "recent")).WithLogPages(rapid.SampledFrom([]int64{4, 1000}).Draw(rt, "pages")),
		bodies:  map[string]receiver.Trust{}, messages: map[string]receiver.Event{}, rows: receiver.NewRowSet(), checkpoints: map[string]receiver.Checkpoint{},
	}
	m.open(rt)
	return m
}

// end ends the case, which may have failed.
func (m *model) end() {
	_ = m.log.Close()
	_ = os.RemoveAll(m.folder)
}

func (m *model) open(rt *rapid.T) {
	log, err := sqlite.Open(m.t.Context(), m.file, m.options)
	require.NoError(rt, err)
	m.log = log
	require.NoError(rt, log.Damage())
}

// next is the name of another file.
func (m *model) next() string {
	m.number++
	return filepath.Join(m.folder, fmt.Sprint(m.number), "events.db")
}

func (m *model) deliver(rt *rapid.T) {
	m.append(rt, drawEvent(rt))
}

// request has a receiver take a signed request.
func (m *model) request(rt *rapid.T) {
	e := drawEvent(rt)
	e.Verdict, e.Ahead = receiver.Verified, false
	known, before := m.bodies[string(e.Raw)] >= e.Verdict.Trust(), m.last
	status, answer := m.serve(rt, e.Raw, modelSecret)
	require.Equal(rt, http.StatusOK, status, answer)
	if known {
		m.duplicates++
		return
	}
	got := receiver.Receipt{Seq: before + 1}
	if message := m.messages[e.MessageID]; message.Verdict.Trust() >= e.Verdict.Trust() {
		got.ConflictsWith = message.Seq
	}
	m.expect(rt, e, got)
	require.Contains(rt, answer, fmt.Sprint("key ", m.last, " "))
}

// forge has a receiver refuse a request that somebody else has signed.
func (m *model) forge(rt *rapid.T) {
	status, answer := m.serve(rt, drawEvent(rt).Raw, "another secret")
	require.Equal(rt, http.StatusUnauthorized, status, answer)
}

const modelSecret = "correct horse"

func (m *model) serve(rt *rapid.T, body []byte, secret string) (status int, answer string) {
	h := receiver.NewHandler(receiver.HandlerOptions{
		Log: m.log, Logger: slog.New(slog.DiscardHandler), Now: func() time.Time { return start },
	}, signature.Policy{Secrets: []string{modelSecret}})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, receivertest.SignedRequestAt(m.t, "http://hooks.example.com"+receiver.DefaultPath, body, secret, start))
	return w.Code, w.Body.String()
}

// again delivers an event that was delivered before, maybe with another verdict.
func (m *model) again(rt *rapid.T) {
	if len(m.sent) == 0 {
		rt.Skip("nothing was sent")
	}
	e := *rapid.SampledFrom(m.sent).Draw(rt, "sent")
	e.Verdict = rapid.SampledFrom([]receiver.Verdict{receiver.Verified, receiver.Partial, receiver.Unsigned}).Draw(rt, "verdict")
	m.append(rt, &e)
}

func (m *model) append(rt *rapid.T, e *receiver.Event) {
	got, err := m.log.Append(m.t.Context(), e)
	require.NoError(rt, err)
	m.expect(rt, e, got)
	if got.Duplicate {
		m.duplicates++
	}
}

// batch stores a history, whose duplicates are not counted.
func (m *model) batch(rt *rapid.T) {
	events := rapid.SliceOfN(rapid.Custom(drawEvent), 1, 6).Draw(rt, "events")
	got, err := m.log.AppendAll(m.t.Context(), events)
	require.NoError(rt, err)
	for i, e := range events {
		m.expect(rt, e, got[i])
	}
}

// expect notes an event that was sent, and checks what became of it.
func (m *model) expect(rt *rapid.T, e *receiver.Event, got receiver.Receipt) {
	m.sent = append(m.sent, e)
	if m.bodies[string(e.Raw)] >= e.Verdict.Trust() {
		require.True(rt, got.Duplicate)
		return
	}
	m.bodies[string(e.Raw)] = e.Verdict.Trust()
	m.last++
	stored := *e
	stored.Seq = m.last
	if message := m.messages[e.MessageID]; message.Verdict.Trust() >= e.Verdict.Trust() {
		stored.ConflictsWith = message.Seq
		m.conflicts++
	} else {
		m.messages[e.MessageID] = stored
	}
	require.Equal(rt, receiver.Receipt{Seq: m.last, ConflictsWith: stored.ConflictsWith}, got)
	m.events = append(m.events, &stored)
	if m.rows != nil {
		m.rows.Apply(&stored)
	}
}

func drawReader(rt *rapid.T) string {
	return rapid.SampledFrom([]string{"one", "two"}).Draw(rt, "reader")
}

func (m *model) saveCheckpoint(rt *rapid.T) {
	p := receiver.Checkpoint{Cursor: rapid.Int64Range(0, m.last).Draw(rt, "cursor")}
	if p.Cursor+3 <= m.last && rapid.Bool().Draw(rt, "more") {
		p.Done = []receiver.Span{{First: p.Cursor + 2, Last: p.Cursor + 3}}
	}
	name := drawReader(rt)
	require.NoError(rt, m.log.SaveCheckpoint(m.t.Context(), name, p))
	m.checkpoints[name] = p
}

func (m *model) addFailure(rt *rapid.T) {
	if m.last == 0 {
		rt.Skip("nothing is stored that could be given up")
	}
	f := receiver.Failure{Reader: drawReader(rt), Seq: rapid.Int64Range(1, m.last).Draw(rt, "seq"), At: start, Tries: 3, Reason: "no"}
	require.NoError(rt, m.log.AddFailure(m.t.Context(), f))
	m.forget(f.Reader, f.Seq)
	m.failures = append(m.failures, f)
	slices.SortFunc(m.failures, func(a, b receiver.Failure) int {
		return bytes.Compare(fmt.Appendf(nil, "%09d%s", a.Seq, a.Reader), fmt.Appendf(nil, "%09d%s", b.Seq, b.Reader))
	})
}

func (m *model) removeFailure(rt *rapid.T) {
	if len(m.failures) == 0 {
		rt.Skip("nothing has failed")
	}
	f := rapid.SampledFrom(m.failures).Draw(rt, "failure")
	require.NoError(rt, m.log.RemoveFailure(m.t.Context(), f.Reader, f.Seq))
	m.forget(f.Reader, f.Seq)
}

func (m *model) forget(reader string, seq int64) {
	m.failures = slices.DeleteFunc(m.failures, func(f receiver.Failure) bool { return f.Reader == reader && f.Seq == seq })
}

func (m *model) restart(rt *rapid.T) {
	require.NoError(rt, m.log.Close())
	m.open(rt)
}

// kill goes on with the files as a kill leaves them.
func (m *model) kill(rt *rapid.T) {
	killed := m.next()
	require.NoError(rt, os.Mkdir(filepath.Dir(killed), 0o700))
	for _, suffix := range []string{"-mark", "", "-wal"} {
		content, err := os.ReadFile(m.file + suffix)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		require.NoError(rt, err)
		require.NoError(rt, os.WriteFile(killed+suffix, content, 0o600))
	}
	require.NoError(rt, m.log.Close())
	m.file = killed
	m.open(rt)
}

func (m *model) compact(rt *rapid.T) {
	require.NoError(rt, m.log.Close())
	require.NoError(rt, sqlite.Compact(m.t.Context(), m.file, vacuum.Options{}))
	m.open(rt)
}

// transfer exports the store, imports that into a new one, and exports it again, which is
// identical. It goes on with the new one.
func (m *model) transfer(rt *rapid.T) {
	before := m.export(rt)
	require.NoError(rt, m.log.Close())
	m.file = m.next()
	_, err := sqlite.Import(m.t.Context(), m.file, bytes.NewReader(before))
	require.NoError(rt, err)
	m.open(rt)
	require.Equal(rt, string(before), string(m.export(rt)))
}

func (m *model) export(rt *rapid.T) []byte {
	var b bytes.Buffer
	require.NoError(rt, m.log.Export(m.t.Context(), &b))
	return b.Bytes()
}

// retain lets retention delete all but the newest events, and those that readers need. It keeps a number
// of events, whatever their own numbers are: an old one that no reader needs any more may be among them.
func (m *model) retain(rt *rapid.T) {
	keep := rapid.Int64Range(1, 20).Draw(rt, "keep")
	require.NoError(rt, m.log.Close())
	done, o := make(chan struct{}, 1000), m.options
	o.KeepEvents = keep
	log, err := sqlite.Open(m.t.Context(), m.file, o.WithPruned(func(more bool) {
		if !more {
			done <- struct{}{}
		}
	}))
	require.NoError(rt, err)
	m.log = log
	select {
	case <-done:
	case <-time.After(patience):
		require.Fail(rt, "retention does not end")
	}
	cursor := int64(math.MaxInt64)
	for _, p := range m.checkpoints {
		cursor = min(cursor, p.Cursor)
	}
	failed := func(e *receiver.Event) bool {
		return slices.ContainsFunc(m.failures, func(f receiver.Failure) bool { return f.Seq == e.Seq })
	}
	excess := int64(len(m.events)) - keep
	for _, e := range m.events {
		if e.Seq <= m.last-keep && failed(e) {
			excess--
		}
	}
	m.events = slices.DeleteFunc(m.events, func(e *receiver.Event) bool {
		if excess <= 0 || e.Seq > min(cursor, m.last-keep) || failed(e) {
			return false
		}
		excess--
		m.rows = nil
		return true
	})
	m.restart(rt)
}

// check compares the store with the model.
func (m *model) check(rt *rapid.T) {
	ctx := m.t.Context()
	got, err := m.log.Events(ctx, receiver.EventQuery{Limit: 1 << 20})
	require.NoError(rt, err)
	require.Len(rt, got, len(m.events))
	for i, e := range got {
		want := *m.events[i]
		want.Headers, want.Body, e.Body = e.Headers, nil, nil
		require.Equal(rt, want.Seq, e.Seq)
		require.Equal(rt, string(want.Raw), string(e.Raw))
		require.Equal(rt, []any{want.Verdict, want.ConflictsWith, want.Ahead, want.MessageID}, []any{e.Verdict, e.ConflictsWith, e.Ahead, e.MessageID})
	}
	c, err := m.log.Counts(ctx)
	require.NoError(rt, err)
	require.Equal(rt, []int64{m.last, m.duplicates, m.conflicts, int64(len(m.events))}, []int64{c.LastSeq, c.Duplicates, c.Conflicts, c.Events()})
	for _, name := range []string{"one", "two"} {
		p, _, err := m.log.Checkpoint(ctx, name)
		require.NoError(rt, err)
		require.Equal(rt, m.checkpoints[name], p)
	}
	failures, err := m.log.Failures(ctx, "")
	require.NoError(rt, err)
	require.Equal(rt, len(m.failures), len(failures))
	for i, f := range failures {
		require.Equal(rt, m.failures[i], f)
	}
	m.checkRows(rt)
}

func (m *model) checkRows(rt *rapid.T) {
	if m.rows == nil { // rows keep what deleted events said; a final one goes with its last event
		sound, err := m.log.Verify(m.t.Context(), nil)
		require.NoError(rt, err)
		require.Empty(rt, sound.Problems)
		return
	}
	rows, err := m.log.Rows(m.t.Context(), receiver.RowQuery{Limit: 1 << 20, Updates: true})
	require.NoError(rt, err)
	require.Len(rt, rows, m.rows.Len())
	for _, r := range rows {
		require.Equal(rt, *m.rows.Row(r.Key), r)
	}
}
