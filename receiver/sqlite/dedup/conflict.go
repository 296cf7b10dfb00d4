package dedup

import (
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/sqlite/conn"
)

// Several bodies may claim to be one message. The message is the first body of the
// highest trust: the index has it under the message's key. The others are conflicts. The
// index has each under a key of its own. So every body that was stored is found if it comes
// again.

// Delivery is what the index needs of a delivery.
type Delivery struct {
	Key   Key
	Body  Digest
	Trust receiver.Trust
}

// DeliveryOf returns what the index needs of an event.
func DeliveryOf(e *receiver.Event) Delivery {
	return Delivery{Key: KeyOf(e), Body: DigestOf(e.BodySHA256()), Trust: e.Verdict.Trust()}
}

// OwnKey returns the key under which the index has an event that is stored.
func OwnKey(e *receiver.Event) Key {
	k := KeyOf(e)
	if e.ConflictsWith != 0 {
		return k.with(DigestOf(e.BodySHA256()))
	}
	return k
}

// Check says what a delivery of the current batch is. It repeats the event that it
// returns, or conflicts with it, or, if both are 0, it is a new message or the first
// delivery of one with this much trust. A delivery never repeats an event of less trust,
// nor does it conflict with one.
func (x *Index) Check(c *conn.Conn, d Delivery) (repeats, conflicts int64, err error) {
	m, known := x.Find(d.Key)
	switch {
	case !known || m.Trust < d.Trust:
		return 0, 0, nil
	case m.Body == d.Body || m.Body == 0:
		return m.Seq, 0, nil
	}
	own, ok, err := x.search(c, d.Key.with(d.Body))
	if err == nil && ok && own.Trust >= d.Trust {
		return own.Seq, 0, nil
	}
	return 0, m.Seq, err
}

// Add adds the event of a delivery that repeats none. seq must be greater than that of any
// event before.
func (x *Index) Add(c *conn.Conn, d Delivery, seq int64, conflict bool) error {
	if conflict {
		return x.addBody(c, d.Key, Message{Trust: d.Trust, Seq: seq, Body: d.Body})
	}
	if m, known := x.Find(d.Key); known && m.Body != d.Body && m.Body != 0 {
		// The message has another body from now on.
		if err := x.addBody(c, d.Key, m); err != nil {
			return err
		}
	}
	x.Put(d.Key, Message{Trust: d.Trust, Seq: seq, Body: d.Body})
	return nil
}

func (x *Index) addBody(c *conn.Conn, k Key, m Message) error { return x.Restore(c, k.with(m.Body), m) }
