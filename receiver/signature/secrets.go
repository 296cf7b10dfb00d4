package signature

import (
	"crypto/hmac"
	"crypto/sha256"
	"hash"
	"sync"
)

const macSize = sha256.Size

// secrets are the accepted secrets as HMAC states, together with the memory that a
// verification needs. Both are reused through a pool, because to make an HMAC state
// takes two blocks of SHA-256 and several allocations: this makes BenchmarkVerify almost
// twice as fast with one secret, and more than twice with three.
type secrets struct {
	index []int // of each secret in Policy.Secrets, without empty ones
	pool  sync.Pool
}

// scratch is the memory of one verification.
type scratch struct {
	macs    []hash.Hash
	nodes   []node
	base    []byte // the string to sign
	sum     [macSize]byte
	claimed [macSize]byte // the signature that the request has
}

func newSecrets(values []string) *secrets {
	s := &secrets{}
	var usable []string
	for i, v := range values {
		if v != "" {
			s.index, usable = append(s.index, i), append(usable, v)
		}
	}
	s.pool.New = func() any {
		m := &scratch{
			macs:  make([]hash.Hash, len(usable)),
			nodes: make([]node, 0, 16),
			base:  make([]byte, 0, 256),
		}
		for i, v := range usable {
			m.macs[i] = hmac.New(sha256.New, []byte(v))
		}
		return m
	}
	return s
}

func (s *secrets) borrow() *scratch { return s.pool.Get().(*scratch) }

func (s *secrets) giveBack(m *scratch) {
	clear(m.nodes)            // they refer to the request's headers
	const tooLarge = 64 << 10 // don't keep the memory of one very long request
	if cap(m.base) <= tooLarge && cap(m.nodes) <= 64 {
		s.pool.Put(m)
	}
}

// match returns the index in Policy.Secrets of the first secret that signs m.base as
// m.claimed, -1 if none does. It tries all secrets, so that the time it takes does not
// tell which one matches.
func (s *secrets) match(m *scratch) int {
	found := -1
	for i, h := range m.macs {
		h.Reset()
		h.Write(m.base)
		if hmac.Equal(h.Sum(m.sum[:0]), m.claimed[:]) && found < 0 {
			found = s.index[i]
		}
	}
	return found
}

func mac(secret string, base []byte) []byte {
	m := hmac.New(sha256.New, []byte(secret))
	m.Write(base)
	return m.Sum(nil)
}
