package runs

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/sqlite/codec"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
)

// Records of the tests are a key and a number. The greater number is the better one.
const width = len(Key{}) + 8

func record(k Key, n int) []byte { return binary.BigEndian.AppendUint64(k[:], uint64(n)) }

func number(record []byte) int { return int(binary.BigEndian.Uint64(record[len(Key{}):])) }

func greater(a, b []byte) bool { return number(a) > number(b) }

func key(n int) Key {
	sum := sha256.Sum256(binary.BigEndian.AppendUint64(nil, uint64(n)))
	return Key(sum[:])
}

func connect(t *testing.T) *conn.Conn {
	t.Helper()
	file := filepath.Join(t.TempDir(), "a.db")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	c, err := conn.Open(t.Context(), conn.Source(file, conn.ReadWrite, time.Second))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	require.NoError(t, c.Exec(t.Context(), "BEGIN; CREATE TABLE a (id INTEGER PRIMARY KEY, keys BLOB)"))
	return c
}

func load(t *testing.T, c *conn.Conn) *Runs {
	t.Helper()
	r := New("a", width, greater)
	require.NoError(t, r.Load(c))
	return r
}

// add adds a run with these numbers, each under the key of its remainder.
func add(t *testing.T, c *conn.Conn, r *Runs, keys int, numbers ...int) {
	t.Helper()
	slices.SortFunc(numbers, func(a, b int) int {
		ka, kb := key(a%keys), key(b%keys)
		return slices.Compare(ka[:], kb[:])
	})
	var records []byte
	for _, n := range numbers {
		records = append(records, record(key(n%keys), n)...)
	}
	require.NoError(t, r.Add(c, records))
	require.NoError(t, r.Merge(c, len(numbers)))
}

// The best record of each key is found at any time: while runs are merged, after a start in
// the middle of that, and however often a key was added.
func TestTheBestRecordOfEachKeyIsFound(t *testing.T) {
	c := connect(t)
	r := load(t, c)
	const keys, perRun = 700, 40
	best := map[int]int{}
	for i := range 150 {
		numbers := make([]int, perRun)
		for j := range numbers {
			n := i*perRun + j
			numbers[j], best[n%keys] = n, n
		}
		add(t, c, r, keys, numbers...)
		if i%13 == 0 {
			r = load(t, c) // as after a crash
		}
		for k := i % 50; k < keys; k += 50 { // others in each round
			found, err := r.Find(c, key(k))
			require.NoError(t, err)
			if n, ok := best[k]; ok {
				require.NotNil(t, found)
				require.Equal(t, n, number(found))
				require.True(t, r.MayHave(key(k)))
			}
		}
	}
	assert.LessOrEqual(t, len(r.runs), 5*fanIn)
	var last Key
	n := 0
	require.NoError(t, r.Each(t.Context(), c, nil, func(record []byte) error {
		assert.Negative(t, slices.Compare(last[:], record[:len(last)]), "in the order of keys")
		last = Key(record)
		n++
		return nil
	}))
	assert.Equal(t, keys, n)
}

// Many records with merges of two levels: the table has each of them once in the end.
func TestRunsAreMerged(t *testing.T) {
	c := connect(t)
	r := load(t, c)
	const all, perRun = 9600, 60
	for i := 0; i < all; i += perRun {
		numbers := make([]int, perRun)
		for j := range numbers {
			numbers[j] = i + j
		}
		add(t, c, r, all, numbers...)
	}
	assert.Less(t, len(r.runs), 4*fanIn)
	levels := map[int]int{}
	for _, run := range r.runs {
		levels[run.level]++
	}
	assert.Positive(t, levels[2])
	stored, err := c.Int(t.Context(), "SELECT sum(length(keys)) FROM a")
	require.NoError(t, err)
	assert.InDelta(t, all*width, stored-twice(t, c, r), 0.1*all*float64(width), "what was merged is deleted")
	maybe := 0
	for i := range all {
		if r.MayHave(key(all + i)) {
			maybe++
		}
	}
	assert.Less(t, maybe, all/1000)
}

// twice returns how many bytes merges have read and will delete: few blocks of each run.
func twice(t *testing.T, c *conn.Conn, r *Runs) (bytes int64) {
	t.Helper()
	for _, m := range r.merges {
		if m == nil {
			continue
		}
		for _, s := range m.sources {
			assert.Less(t, len(s.read), deletedAtOnce)
			for _, id := range s.read {
				n, err := c.Int(t.Context(), fmt.Sprintf("SELECT length(keys) FROM a WHERE id = %d", id))
				require.NoError(t, err)
				bytes += n
			}
		}
	}
	return bytes
}

// Keys with the same start are in one block, however many there are.
func TestKeysWithTheSameStart(t *testing.T) {
	c := connect(t)
	r := load(t, c)
	var records []byte
	for i := range 3000 {
		k := Key{1, 2, 3, 4, 5}
		binary.BigEndian.PutUint32(k[8:], uint32(i))
		records = append(records, record(k, i)...)
	}
	require.NoError(t, r.Add(c, records))
	for _, i := range []int{0, 1500, 2999} {
		found, err := r.Find(c, Key(records[i*width:]))
		require.NoError(t, err)
		require.Equal(t, i, number(found))
	}
}

func TestTheFilterKnowsNothingBeforeItHasReadAll(t *testing.T) {
	c := connect(t)
	r := load(t, c)
	assert.False(t, r.MayHave(key(1)), "there are no runs")
	add(t, c, r, 1<<30, 1)
	assert.True(t, r.MayHave(key(1)))
	r = load(t, c)
	assert.True(t, r.MayHave(key(100)), "nothing was read")
	all, err := r.ReadKeys(t.Context(), c)
	require.NoError(t, err)
	add(t, c, r, 1<<30, 2) // meanwhile
	r.Know(all)
	assert.False(t, r.MayHave(key(100)))
	assert.True(t, r.MayHave(key(1)))
	assert.True(t, r.MayHave(key(2)))
}

func TestDamagedBlocksAreErrors(t *testing.T) {
	c := connect(t)
	r := load(t, c)
	add(t, c, r, 10, 1)
	require.NoError(t, c.Exec(t.Context(), "UPDATE a SET keys = x'0102'"))
	_, err := r.Find(c, key(1))
	require.ErrorIs(t, err, codec.ErrInvalid)
	require.ErrorIs(t, r.Each(t.Context(), c, nil, nil), codec.ErrInvalid)
	require.NoError(t, c.Exec(t.Context(), "INSERT INTO a VALUES (9223372036854775807, x'')"))
	require.ErrorIs(t, New("a", width, greater).Load(c), codec.ErrInvalid)
}
