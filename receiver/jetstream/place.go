package jetstream

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite/codec"
)

// place says how far a piece of work is. Its numbers are those of the messages of the stream, which
// are the same for all members.
type place struct {
	Name   string `json:"name"`
	Member string `json:"member"` // who wrote it
	// Stream is the identity of the stream that it is about. Era and Fence are the bucket and the
	// revision of the lease with which it was written.
	Stream string `json:"stream"`
	Era    string `json:"era"`
	Fence  uint64 `json:"fence"`
	// Began is when the team began to do this work.
	Began  time.Time `json:"began"`
	Cursor int64     `json:"cursor"`
	Done   []byte    `json:"done,omitempty"` // see codec.AppendSpans
}

func (p *place) checkpoint() (receiver.Checkpoint, error) {
	done, err := codec.DecodeSpans(p.Done, p.Cursor)
	return receiver.Checkpoint{Cursor: p.Cursor, Done: done}, err
}

// keyOf is the key of a piece of work in a bucket: names may have any characters.
func keyOf(name string) string {
	sum := sha256.Sum256([]byte(name))
	return hex.EncodeToString(sum[:12])
}

// places keeps the place of one piece of work. Each write says which one it replaces, so that a
// member which was paused can't put it back. It is not safe for concurrent use.
type places struct {
	bucket   jetstream.KeyValue
	key      string
	now      place
	revision uint64 // of the entry; 0 if it does not exist
}

// read reads the place. ok is false if this stream has no place yet.
func (p *places) read(ctx context.Context, stream string) (ok bool, err error) {
	e, err := p.bucket.Get(ctx, p.key)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		p.now, p.revision = place{}, 0
		return false, nil
	}
	if err != nil {
		return false, bucketError("read how far the team is", err)
	}
	var found place
	if err := json.Unmarshal(e.Value(), &found); err != nil {
		return false, fmt.Errorf("the entry %s of the bucket %s is not of up42hooks: delete it", p.key, p.bucket.Bucket())
	}
	p.now, p.revision = found, e.Revision()
	return found.Stream == stream, nil
}

// write replaces the place that was read or written last. If another member has written
// meanwhile, the error is receiver.ErrTakenOver. If there is no answer, it may be written or not.
func (p *places) write(ctx context.Context, next place) error {
	text, err := json.Marshal(next)
	if err != nil {
		return err
	}
	revision, err := p.put(ctx, text)
	switch {
	case errors.Is(err, jetstream.ErrKeyRevisionMismatch):
		return p.mine(ctx, next, text)
	case err != nil:
		return bucketError("save how far the team is", err)
	}
	p.now, p.revision = next, revision
	return nil
}

// put writes the entry. One that somebody has deleted counts as missing.
func (p *places) put(ctx context.Context, text []byte) (uint64, error) {
	if p.revision > 0 {
		return p.bucket.Update(ctx, p.key, text, p.revision)
	}
	revision, err := p.bucket.Create(ctx, p.key, text)
	if errors.Is(err, jetstream.ErrKeyExists) {
		err = jetstream.ErrKeyRevisionMismatch
	}
	return revision, err
}

// errDeleted is the receiver.ErrTakenOver of an entry that is gone.
var errDeleted error = deletedError{}

type deletedError struct{}

func (deletedError) Error() string {
	return "somebody has deleted the entry that says how far the team is"
}

// Is makes it a receiver.ErrTakenOver.
func (deletedError) Is(target error) bool { return target == receiver.ErrTakenOver }

// mine finds out whether an earlier write with the same fence came through, whose answer was lost.
// It is replaced then.
func (p *places) mine(ctx context.Context, next place, text []byte) error {
	before := p.revision
	if _, err := p.read(ctx, next.Stream); err != nil {
		return err
	}
	if p.revision == 0 {
		return errDeleted
	}
	if p.now.Fence != next.Fence || p.now.Era != next.Era || p.now.Member != next.Member || p.revision <= before {
		return receiver.ErrTakenOver
	}
	revision, err := p.put(ctx, text)
	switch {
	case errors.Is(err, jetstream.ErrKeyRevisionMismatch):
		return receiver.ErrTakenOver
	case err != nil:
		return bucketError("save how far the team is", err)
	}
	p.now, p.revision = next, revision
	return nil
}
