package sqlite_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

const page = 8 << 10

// harm damages a store at random places, in one of the ways that disks, copies and editors do.
func harm(r *rand.Rand, b, old []byte) (harmed []byte, how string) {
	pages := len(b) / page
	at := r.IntN(pages) * page
	one := b[at : at+page]
	switch r.IntN(7) {
	case 0:
		clear(one)
		how = "zero"
	case 1:
		for i := range one {
			one[i] = byte(r.Uint32())
		}
		how = "random"
	case 2:
		for range 1 + r.IntN(20) {
			one[r.IntN(page)] ^= 1 << r.IntN(8)
		}
		how = "bits"
	case 3:
		from := r.IntN(pages) * page
		copy(one, b[from:from+page])
		how = fmt.Sprint("a copy of page ", from/page+1)
	case 4:
		if at+page <= len(old) {
			copy(one, old[at:at+page])
		}
		how = "an older page"
	case 5:
		n := r.IntN(page)
		copy(one[n:], make([]byte, page))
		how = fmt.Sprint("zero from ", n)
	default:
		return b[:len(b)-1-r.IntN(len(b)/2)], "cut"
	}
	return b, fmt.Sprintf("%s in page %d", how, at/page+1)
}

// Whatever the damage is, nothing panics, and a repair makes a sound store, which lacks no event that was
// not in a damaged page. UP42_DAMAGES is how many are tried.
func TestAnyDamageIsRepaired(t *testing.T) {
	tries := rounds(t, "UP42_DAMAGES", 12)
	store := storeOfAll(t)
	old := bytesOf(t, store)
	addOrders(t, store)
	whole := bytesOf(t, store)
	had, inPages := len(eventsBySeq(t, store)), eventsInPages(t, store)
	seed := seedOfDamages()
	for i := range tries {
		r := rand.New(rand.NewPCG(seed+uint64(i), 1))
		harmed, how := bytes.Clone(whole), ""
		for range 1 + r.IntN(3) {
			var one string
			harmed, one = harm(r, harmed, old)
			how += one + "; "
		}
		what := fmt.Sprintf("seed %d: %s", seed+uint64(i), how)
		file := filepath.Join(t.TempDir(), "events.db")
		require.NoError(t, os.WriteFile(file, harmed, 0o600))
		written := r.IntN(2) == 0
		if written {
			writeTo(t, file)
		}
		isRepaired(t, file, what)
		if !written {
			lost := had + 1 - len(eventsBySeq(t, file)) // and the one that isRepaired adds
			assert.LessOrEqual(t, lost, eventsIn(whole, harmed, inPages), what)
		}
	}
	t.Logf("%d damages from seed %d on", tries, seed)
}

// Pages that were free when the header was written may have events now.
func TestAnOlderHeaderLosesNoEvents(t *testing.T) {
	t.Parallel()
	store := storeOfAll(t)
	old := bytesOf(t, store)
	addOrders(t, store)
	whole := bytesOf(t, store)
	file := filepath.Join(t.TempDir(), "events.db")
	require.NoError(t, os.WriteFile(file, append(bytes.Clone(old[:page]), whole[page:]...), 0o600))
	isRepaired(t, file, "an older header")
	assert.Len(t, eventsBySeq(t, file), len(eventsBySeq(t, store))+1)
}

func addOrders(t *testing.T, store string) {
	t.Helper()
	l := open(t, store, sqlite.Options{}.WithRecent(64))
	for range orders {
		_, err := l.AppendAll(t.Context(), orderEvents(t))
		require.NoError(t, err)
	}
	require.NoError(t, l.Close())
}

// seedOfDamages returns the seed of random damages: UP42_SEED, or always the same one unless UP42_DAMAGES
// asks for more than usual.
func seedOfDamages() uint64 {
	if n, err := strconv.ParseUint(os.Getenv("UP42_SEED"), 10, 64); err == nil {
		return n
	}
	if os.Getenv("UP42_DAMAGES") == "" {
		return 1
	}
	return rand.Uint64()
}

// eventsInPages returns how many events each page of a store has, or a part of.
func eventsInPages(t *testing.T, file string) map[int]int {
	t.Helper()
	c, end := connected(t, file)
	defer end()
	rows, err := c.QueryContext(t.Context(), "SELECT pageno, CASE pagetype WHEN 'leaf' THEN ncell ELSE pagetype = 'overflow' END FROM dbstat WHERE name = 'event_log'")
	require.NoError(t, err)
	defer rows.Close()
	events := map[int]int{}
	for rows.Next() {
		var number, n int
		require.NoError(t, rows.Scan(&number, &n))
		events[number] = n
	}
	require.NoError(t, rows.Err())
	return events
}

// eventsIn returns how many events are at most in the pages that were damaged.
func eventsIn(whole, harmed []byte, inPages map[int]int) (n int) {
	for at := 0; at < len(whole); at += page {
		if at+page > len(harmed) || !bytes.Equal(whole[at:at+page], harmed[at:at+page]) {
			n += inPages[at/page+1]
		}
	}
	return n
}

// A store with another version or mark in its header, but with the tables of this version, is no
// other program's, and no version can be installed that would read it. SQLite does not check all
// of the header: https://www.sqlite.org/fileformat2.html#the_database_header.
func TestADamagedHeaderIsRepaired(t *testing.T) {
	t.Parallel()
	store := storeOfOrders(t, 3)
	for what, change := range map[string]struct {
		at   int
		to   []byte
		sign string
	}{
		"an older version": {60, []byte{0, 0, 0, 4}, "its tables are those of"},
		"a newer version":  {60, []byte{0, 0, 0, 13}, "its tables are those of"},
		"a large version":  {60, []byte{0x80, 0, 0, 12}, "its tables are those of"},
		"no version":       {60, make([]byte, 4), "its tables are those of"},
		"no mark":          {68, make([]byte, 4), "its tables are those of"},
		"another mark":     {68, []byte("uphj"), "its tables are those of"},
		"no mark, version": {60, make([]byte, 12), "its tables are those of"},
		"read only":        {18, []byte{3}, "written in format 3"},
		"no WAL":           {19, []byte{0}, "read in format 0"},
		"another format":   {44, []byte{0, 0, 0, 5}, "unsupported file format"},
		"UTF-16":           {56, []byte{0, 0, 0, 2}, "malformed"},
		"vacuum":           {52, []byte{0, 0, 0, 1}, "vacuumed"},
		"pages of 512":     {16, []byte{0x02, 0}, "malformed"},
		"pages of 4096":    {16, []byte{0x10, 0}, "malformed"},
		"pages of 16384":   {16, []byte{0x40, 0}, "malformed"},
		"odd pages":        {16, []byte{0x33, 0}, "not a database"},
		"reserved bytes":   {20, []byte{64}, "64 bytes of each page are reserved"},
	} {
		t.Run(what, func(t *testing.T) {
			file := copyOf(t, store)
			header, err := os.ReadFile(file)
			require.NoError(t, err)
			copy(header[change.at:], change.to)
			require.NoError(t, os.WriteFile(file, header, 0o600))
			for _, readOnly := range []bool{true, false} {
				_, err := sqlite.Open(t.Context(), file, sqlite.Options{ReadOnly: readOnly})
				require.ErrorIs(t, err, sqlite.ErrDamaged)
				require.ErrorContains(t, err, change.sign)
			}
			isRepaired(t, file, what)
			l := open(t, file, sqlite.Options{ReadOnly: true})
			before := open(t, store, sqlite.Options{ReadOnly: true})
			assert.EqualValues(t, counts(t, before).LastSeq+1, counts(t, l).LastSeq, "and the one that was added")
		})
	}
}

// SQLite takes a file without the end of its last page for whole, and fills the page with zeros.
func TestAFileWithoutItsEndTakesNoEvents(t *testing.T) {
	store := storeOfOrders(t, 3)
	for _, n := range []int64{1, page / 2, page - 1, page, 2*page + 1} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			file := copyOf(t, store)
			require.NoError(t, os.Truncate(file, sizeOf(t, file)-n))
			l, err := sqlite.Open(t.Context(), file, sqlite.Options{})
			if err == nil {
				require.ErrorIs(t, l.Damage(), sqlite.ErrDamaged)
				_, err = l.Append(t.Context(), anEvent(t, "after"))
				require.NoError(t, l.Close())
			}
			require.ErrorIs(t, err, sqlite.ErrDamaged)
			isRepaired(t, file, "it was cut")
		})
	}
}

// writeTo stores a few events, if that is possible, as a receiver does that has not noticed the
// damage yet.
func writeTo(t *testing.T, file string) {
	t.Helper()
	l, err := sqlite.Open(t.Context(), file, sqlite.Options{})
	if err != nil {
		return
	}
	for i := range 3 {
		_, _ = l.Append(t.Context(), delivery(t, orderBody(fmt.Sprint("new", i), fmt.Sprint("new", i), "PLACED", start, 0), receiver.Verified))
	}
	_ = l.Close()
}

func isRepaired(t *testing.T, file, what string) {
	t.Helper()
	defer func() {
		if p := recover(); p != nil {
			t.Errorf("%s: panic: %v", what, p)
			panic(p)
		}
	}()
	if l, err := sqlite.Open(t.Context(), file, sqlite.Options{ReadOnly: true}); err == nil {
		_, _ = l.Verify(t.Context(), nil)
		_ = l.Close()
	}
	_, err := sqlite.Salvage(t.Context(), file, io.Discard)
	require.NoError(t, err, what)
	_, err = sqlite.Repair(t.Context(), file)
	require.NoError(t, err, what)
	again, err := sqlite.Repair(t.Context(), file)
	require.NoError(t, err, what)
	assert.True(t, again.Sound, "%s: %s", what, again.Problem)
	l := open(t, file, sqlite.Options{})
	require.NoError(t, l.Damage(), what)
	_, err = l.Append(t.Context(), anEvent(t, "afterwards"))
	require.NoError(t, err, what)
	isExported(t, l, what)
	require.NoError(t, l.Close())
	var ahead int
	require.NoError(t, other(t, file).QueryRowContext(t.Context(), "SELECT count(*) FROM checkpoints WHERE cursor > (SELECT last_seq FROM counters)").Scan(&ahead))
	assert.Zero(t, ahead, "%s: a reader is ahead", what)
}
