package rowcache

import (
	"encoding/binary"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite/codec"
)

// maxRecentRows is how many rows a Checker has as they are. It encodes the others, in about
// a fifth of the memory.
const maxRecentRows = 10_000

// folding folds events into rows, in memory.
type folding struct {
	limit  int
	recent map[receiver.Key]*foldedRow // at most limit
	others map[receiver.Key]string     // encoded
	buf    []byte
}

// foldedRow is a row with its first event.
type foldedRow struct {
	receiver.Row
	began int64
}

func newFolding(limit int) folding {
	return folding{limit: limit, recent: map[receiver.Key]*foldedRow{}, others: map[receiver.Key]string{}}
}

func (f *folding) len() int { return len(f.recent) + len(f.others) }

// apply folds an event in.
func (f *folding) apply(e *receiver.Event) error {
	k, ok := e.Key()
	if !ok {
		return nil
	}
	r, err := f.take(k)
	if err != nil {
		return err
	}
	if r == nil {
		r = &foldedRow{Row: receiver.Row{Key: k}, began: e.Seq}
	}
	r.Apply(e)
	if len(f.recent) >= f.limit {
		f.encodeAll()
	}
	f.recent[k] = r
	return nil
}

// take removes a row and returns it. It returns nil for a row that is not known.
func (f *folding) take(k receiver.Key) (*foldedRow, error) {
	if r := f.recent[k]; r != nil {
		delete(f.recent, k)
		return r, nil
	}
	encoded, ok := f.others[k]
	if !ok {
		return nil, nil
	}
	delete(f.others, k)
	return decodeRow(k, []byte(encoded))
}

func (f *folding) encodeAll() {
	for k, r := range f.recent {
		f.buf = binary.AppendVarint(binary.AppendVarint(f.buf[:0], r.began), r.Seq)
		state := codec.WithoutLine(codec.AppendState(nil, &r.Row))
		f.buf = binary.AppendUvarint(f.buf, uint64(len(state)))
		f.buf = codec.AppendUpdates(append(f.buf, state...), r.Updates)
		f.others[k] = string(f.buf)
	}
	clear(f.recent)
}

func decodeRow(k receiver.Key, b []byte) (r *foldedRow, err error) {
	r = &foldedRow{Row: receiver.Row{Key: k}}
	began, n := binary.Varint(b)
	r.began, b = began, b[n:]
	seq, n := binary.Varint(b)
	r.Seq, b = seq, b[n:]
	size, n := binary.Uvarint(b)
	b = b[n:]
	if err := codec.DecodeState(b[:size], &r.Row); err != nil {
		return nil, err
	}
	r.Updates, err = codec.DecodeUpdates(b[size:])
	return r, err
}
