package codec

import (
	"encoding/binary"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/up42/up42-webhooks/receiver"
)

const (
	// blockVersion also changes when receiver.Decode reads a field that filters ask for in
	// another way. Events in blocks of another version are read themselves.
	blockVersion = 1
	// longTexts is from how many bytes on the texts of an event are left out of its block.
	longTexts = 1 << 10
	// hashSize is the size of the hash of an id, in bytes.
	hashSize = 4
)

// The bits of the first byte of a shape.
const (
	liveBit = iota
	finalBit
	taskFinalBit
	conflictsBit
	longBit
)

// Block describes consecutive events: it has all that a filter can ask of them. What many
// events have in common, their shape, is there once, and so is the order or job that
// several events are about. Its zero value is an empty block.
type Block struct {
	// First and Last are the sequence numbers of its first and its last event.
	First, Last int64

	count            int
	received         int64 // of the last event
	shapes, subjects dictionary
	hashes           []byte // of the ids of the subjects
	events           encoder
	scratch          encoder
}

// dictionary collects different entries.
type dictionary struct {
	places  map[string]uint64
	entries []byte
}

// place returns the place of the entry with a key. It adds the entry if it is new.
func (d *dictionary) place(key, entry []byte) (n uint64, isNew bool) {
	if n, ok := d.places[string(key)]; ok {
		return n, false
	}
	if d.places == nil {
		d.places = map[string]uint64{}
	}
	n = uint64(len(d.places))
	d.places[string(key)] = n
	d.entries = append(d.entries, entry...)
	return n, true
}

func (d *dictionary) reset() {
	clear(d.places)
	d.entries = d.entries[:0]
}

// Add adds an event. Its Seq must be greater than that of the event before.
func (b *Block) Add(e *receiver.Event) {
	b.add(e, isLong(e))
}

// AddUnknown adds an event that can't be read.
func (b *Block) AddUnknown(seq, received int64) {
	b.add(&receiver.Event{Seq: seq, ReceivedAt: time.UnixMicro(received)}, true)
}

func (b *Block) add(e *receiver.Event, long bool) {
	if b.count == 0 {
		b.First, b.Last, b.received = e.Seq, e.Seq, 0
	}
	b.count++
	micros := e.ReceivedAt.UnixMicro()
	b.events.uint(uint64(e.Seq - b.Last))
	b.events.uint(b.shape(e, long))
	b.events.uint(b.subject(e, long))
	b.events.int(micros - b.received)
	if e.ConflictsWith != 0 && !long {
		b.events.int(e.ConflictsWith)
	}
	b.Last, b.received = e.Seq, micros
}

func isLong(e *receiver.Event) bool {
	return len(e.Reason)+len(e.Secret)+len(e.Webhook)+len(e.Name)+len(e.Status)+len(e.SubStatus)+len(e.Type)+len(e.Host)+
		len(e.ID)+len(e.TaskID)+len(e.DisplayName) > longTexts
}

// shape returns the place of the event's shape.
func (b *Block) shape(e *receiver.Event, long bool) uint64 {
	enc := encoder{b.scratch.b[:0]}
	if long {
		enc.byte(1 << longBit)
	} else {
		enc.byte(bit(e.LiveMode, liveBit) | bit(e.Final, finalBit) | bit(e.TaskFinal, taskFinalBit) | bit(e.ConflictsWith != 0, conflictsBit))
		enc.byte(byte(VerdictCode(e.Verdict)))
		for _, s := range [...]string{
			string(e.Reason), string(e.Secret), e.Webhook, string(e.Kind), e.Name, string(e.Status), string(e.SubStatus), e.Type, e.Host,
		} {
			enc.str(s)
		}
	}
	b.scratch = enc
	n, _ := b.shapes.place(enc.b, enc.b)
	return n
}

// subject returns the place of what the event is about.
func (b *Block) subject(e *receiver.Event, long bool) uint64 {
	hash := HashID(e.ID)
	enc := encoder{append(b.scratch.b[:0], hash[:]...)}
	if long {
		enc.b = append(enc.b, 0, 0, 0)
	} else {
		enc.str(e.ID)
		enc.str(e.TaskID)
		enc.str(e.DisplayName)
	}
	b.scratch = enc
	n, isNew := b.subjects.place(enc.b, enc.b[hashSize:])
	if isNew {
		b.hashes = append(b.hashes, hash[:]...)
	}
	return n
}

// Len returns how many events it has, Size about how many bytes it takes.
func (b *Block) Len() int { return b.count }

func (b *Block) Size() int { return len(b.shapes.entries) + len(b.subjects.entries) + len(b.events.b) }

// Encode returns the hashes of the ids of its events, and the block.
func (b *Block) Encode() (ids, block []byte) {
	enc := encoder{make([]byte, 0, b.Size()+16)}
	enc.byte(blockVersion)
	enc.uint(uint64(len(b.shapes.places)))
	enc.b = append(enc.b, b.shapes.entries...)
	enc.uint(uint64(len(b.subjects.places)))
	enc.b = append(enc.b, b.subjects.entries...)
	enc.uint(uint64(b.count))
	enc.b = append(enc.b, b.events.b...)
	return append([]byte(nil), b.hashes...), enc.b
}

// Reset makes it empty. It keeps its memory for the next events.
func (b *Block) Reset() {
	b.count, b.hashes, b.events.b = 0, b.hashes[:0], b.events.b[:0]
	b.shapes.reset()
	b.subjects.reset()
}

// IDHash is the hash of an id.
type IDHash [hashSize]byte

// HashID returns the hash of an id. Ids that differ only in upper and lower case, in the
// sense of strings.EqualFold, have the same hash.
func HashID(id string) IDHash {
	const offset, prime = 2166136261, 16777619 // FNV-1a
	h := uint32(offset)
	for _, r := range id {
		h = (h ^ uint32(fold(r))) * prime
	}
	var hash IDHash
	binary.LittleEndian.PutUint32(hash[:], h)
	return hash
}

// fold returns the first of the characters that EqualFold takes for the same.
func fold(r rune) rune {
	if r < utf8.RuneSelf {
		if 'a' <= r && r <= 'z' {
			r += 'A' - 'a'
		}
		return r
	}
	first := r
	for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
		first = min(first, other)
	}
	return first
}

// HasID reports whether one of the hashes of a block, as Encode returned them, is one of
// those wanted.
func HasID(ids []byte, wanted []IDHash) bool {
	for ; len(ids) >= hashSize; ids = ids[hashSize:] {
		for _, w := range wanted {
			if IDHash(ids) == w {
				return true
			}
		}
	}
	return false
}

// BlockReader reads blocks. Its zero value is ready. It is not safe for concurrent use.
type BlockReader struct {
	shapes   []blockShape
	subjects []blockSubject
	events   []blockEvent
}

type blockShape struct {
	event     receiver.Event
	long      bool
	conflicts bool
}

type blockSubject struct{ id, task, name string }

type blockEvent struct {
	seq, received, conflictsWith int64
	shape, subject               int
}

// Decode reads a block whose first event is first. Its error is ErrInvalid, also if the
// block is of another version.
func (r *BlockReader) Decode(first int64, block []byte) error {
	d := decoder{s: string(block)}
	d.version(blockVersion)
	r.shapes = r.shapes[:0]
	for range d.count() {
		r.shapes = append(r.shapes, decodeShape(&d))
	}
	r.subjects = r.subjects[:0]
	for range d.count() {
		r.subjects = append(r.subjects, blockSubject{d.str(), d.str(), d.str()})
	}
	r.events = r.events[:0]
	seq, received := first, int64(0)
	for range d.count() {
		seq += int64(d.uint())
		shape, subject := d.uint(), d.uint()
		received += d.int()
		if shape >= uint64(len(r.shapes)) || subject >= uint64(len(r.subjects)) {
			return ErrInvalid
		}
		e := blockEvent{seq: seq, received: received, shape: int(shape), subject: int(subject)}
		if r.shapes[shape].conflicts {
			e.conflictsWith = d.int()
		}
		r.events = append(r.events, e)
	}
	return d.err
}

func decodeShape(d *decoder) (s blockShape) {
	flags := d.byte()
	s.long, s.conflicts = flags&(1<<longBit) != 0, flags&(1<<conflictsBit) != 0
	if s.long {
		return s
	}
	e := &s.event
	e.LiveMode, e.Final, e.TaskFinal = flags&(1<<liveBit) != 0, flags&(1<<finalBit) != 0, flags&(1<<taskFinalBit) != 0
	e.Verdict = VerdictOf(int64(d.byte()))
	e.Reason, e.Secret, e.Webhook = receiver.Reason(d.str()), receiver.SecretRef(d.str()), d.str()
	e.Kind, e.Name = receiver.Kind(d.str()), d.str()
	e.Status, e.SubStatus = receiver.Status(d.str()), receiver.Status(d.str())
	e.Type, e.Host = d.str(), d.str()
	return s
}

// Len returns how many events the block has.
func (r *BlockReader) Len() int { return len(r.events) }

// Event returns the event at a place in the block, with what filters can ask for and
// nothing else. It is valid until the next call. described is false if the event has only
// its Seq, since its texts are long.
func (r *BlockReader) Event(i int) (e *receiver.Event, described bool) {
	at := &r.events[i]
	shape, subject := &r.shapes[at.shape], &r.subjects[at.subject]
	e = &shape.event
	e.Seq, e.ReceivedAt, e.ConflictsWith = at.seq, time.UnixMicro(at.received).UTC(), at.conflictsWith
	e.ID, e.TaskID, e.DisplayName = subject.id, subject.task, subject.name
	return e, !shape.long
}
