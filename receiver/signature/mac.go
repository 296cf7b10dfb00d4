package signature

import (
	"crypto/hmac"
	"crypto/sha256"
	"hash"
	"sync"
)

const macSize = sha256.Size

// keys are the usable secrets, as HMAC states that are used over and over.
type keys struct {
	index []int // of each key, among the policy's secrets
	pool  sync.Pool
}

// desk is the working space of one verification.
type desk struct {
	macs    []hash.Hash
	nodes   []node
	signed  []byte
	sum     [macSize]byte
	claimed [macSize]byte
}

func newKeys(secrets []string) *keys {
	k := &keys{}
	var usable []string
	for i, s := range secrets {
		if s != "" {
			k.index, usable = append(k.index, i), append(usable, s)
		}
	}
	k.pool.New = func() any {
		d := &desk{
			macs:   make([]hash.Hash, len(usable)),
			nodes:  make([]node, 0, 16),
			signed: make([]byte, 0, 256),
		}
		for i, s := range usable {
			d.macs[i] = hmac.New(sha256.New, []byte(s))
		}
		return d
	}
	return k
}

func (k *keys) borrow() *desk { return k.pool.Get().(*desk) }

func (k *keys) giveBack(d *desk) {
	clear(d.nodes)            // they hold on to the request's headers
	const tooLarge = 64 << 10 // not kept: one long request should not cost memory for good
	if cap(d.signed) <= tooLarge && cap(d.nodes) <= 64 {
		k.pool.Put(d)
	}
}

// match returns the index of the first secret that signs d.signed as
// d.claimed, -1 for none. It takes as long whichever it is.
func (k *keys) match(d *desk) int {
	found := -1
	for i, m := range d.macs {
		m.Reset()
		m.Write(d.signed)
		if hmac.Equal(m.Sum(d.sum[:0]), d.claimed[:]) && found < 0 {
			found = k.index[i]
		}
	}
	return found
}

func mac(secret string, signed []byte) []byte {
	m := hmac.New(sha256.New, []byte(secret))
	m.Write(signed)
	return m.Sum(nil)
}
