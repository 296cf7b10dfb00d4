package simulator

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"sync"

	"github.com/google/uuid"
)

// chance is a source of randomness that follows from a seed and from what it is
// for, so that one use does not disturb another.
func chance(seed uint64, purpose string) *rand.ChaCha8 {
	return rand.NewChaCha8(sha256.Sum256(fmt.Appendf(nil, "%d/%s", seed, purpose)))
}

// ids makes identifiers. It is safe for concurrent use.
type ids struct {
	mu     sync.Mutex
	source *rand.ChaCha8
}

func newIDs(seed uint64, purpose string) *ids { return &ids{source: chance(seed, purpose)} }

// next makes a UUID.
func (i *ids) next() string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return uuid.Must(uuid.NewRandomFromReader(i.source)).String() // the source never fails
}

// token makes 32 random bytes, in hexadecimal.
func (i *ids) token() string {
	var raw [32]byte
	i.mu.Lock()
	defer i.mu.Unlock()
	_, _ = i.source.Read(raw[:]) // never fails
	return hex.EncodeToString(raw[:])
}
