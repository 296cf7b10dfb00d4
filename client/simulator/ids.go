package simulator

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"sync"

	"github.com/google/uuid"
)

// chance returns a source of random numbers that depends on a seed and a purpose only, so
// that one purpose does not change the numbers of another.
func chance(seed uint64, purpose string) *rand.ChaCha8 {
	return rand.NewChaCha8(sha256.Sum256(fmt.Appendf(nil, "%d/%s", seed, purpose)))
}

// ids makes random identifiers. It is safe for concurrent use.
type ids struct {
	mu     sync.Mutex
	source *rand.ChaCha8
}

func newIDs(seed uint64, purpose string) *ids { return &ids{source: chance(seed, purpose)} }

// next returns a UUID.
func (i *ids) next() string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return uuid.Must(uuid.NewRandomFromReader(i.source)).String() // ChaCha8 never fails
}

// token returns 32 random bytes in hexadecimal.
func (i *ids) token() string {
	var raw [32]byte
	i.mu.Lock()
	defer i.mu.Unlock()
	_, _ = i.source.Read(raw[:]) // it never fails
	return hex.EncodeToString(raw[:])
}

// named returns a UUID that depends on a name only.
func named(name string) string { return uuid.NewSHA1(uuid.NameSpaceURL, []byte(name)).String() }
