package signature

import (
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/base64"
	"strings"
)

// algorithm is a digest algorithm that counts: the others are broken, or are no
// digests at all, and vouch for nothing.
type algorithm uint8

const (
	noAlgorithm algorithm = iota
	algorithmSHA256
	algorithmSHA512
)

// String is the name in RFC 9530's registry.
func (a algorithm) String() string {
	switch a {
	case algorithmSHA256:
		return "sha-256"
	case algorithmSHA512:
		return "sha-512"
	default:
		return ""
	}
}

func (a algorithm) size() int {
	if a == algorithmSHA512 {
		return sha512.Size
	}
	return sha256.Size
}

func algorithmOf(name string) algorithm {
	switch {
	case strings.EqualFold(name, "sha-256"):
		return algorithmSHA256
	case strings.EqualFold(name, "sha-512"):
		return algorithmSHA512
	default:
		return noAlgorithm
	}
}

// claim is one digest that counts.
type claim struct {
	algorithm algorithm
	sum       [sha512.Size]byte
}

// claims are the digests of one header that count. More than a few in one
// header are nobody's honest work.
type claims struct {
	of [4]claim
	n  int
}

// add takes a digest in base64.
func (c *claims) add(a algorithm, value string) bool {
	if c.n == len(c.of) {
		return false
	}
	next := &c.of[c.n]
	next.algorithm = a
	c.n++
	return decodeExactly(next.sum[:a.size()], value)
}

// parseDigest reads RFC 3230's Digest header: a list of algorithm=value. ok is
// false where it is not of that form, or a digest that counts has not the form
// of its algorithm.
func parseDigest(value string) (c claims, ok bool) {
	for rest, more := value, true; more; {
		var element string
		element, rest, more = strings.Cut(rest, ",")
		element = trim(element)
		if element == "" {
			continue // RFC 9110 §5.6.1.2 lets lists have holes
		}
		name, sum, found := strings.Cut(element, "=")
		if !found || !isName(name) || !isVisible(sum) {
			return c, false
		}
		if a := algorithmOf(name); a != noAlgorithm && !c.add(a, sum) {
			return c, false
		}
		ok = true
	}
	return c, ok
}

// parseContentDigest reads RFC 9530's Content-Digest header: a dictionary of
// byte sequences.
func parseContentDigest(value string) (c claims, ok bool) {
	var buf [4]node
	nodes, ok := appendDictionary(buf[:0], value)
	if !ok || len(nodes) == 0 {
		return c, false
	}
	for _, n := range nodes {
		if n.role == roleParam {
			continue
		}
		if n.role != roleItem || n.kind != kindBytes {
			return c, false
		}
		if a := algorithmOf(n.key); a != noAlgorithm && !c.add(a, n.text) {
			return c, false
		}
	}
	return c, true
}

func isName(s string) bool {
	for i := range len(s) {
		if !isNameChar(s[i]) {
			return false
		}
	}
	return s != ""
}

func isVisible(s string) bool { return s != "" && isPlain(s) && !strings.Contains(s, " ") }

// strictBase64 refuses stray bits at the end: one value, one spelling.
var strictBase64 = base64.StdEncoding.Strict()

// decodeExactly fills dst from padded base64 that is neither shorter nor longer.
func decodeExactly(dst []byte, value string) bool {
	const longest = (sha512.Size + 2) / 3 * 4
	var in, out [longest]byte
	if len(value) > longest || len(value) != base64.StdEncoding.EncodedLen(len(dst)) {
		return false
	}
	n, err := strictBase64.Decode(out[:], in[:copy(in[:], value)])
	copy(dst, out[:n])
	return err == nil && n == len(dst)
}

// body computes the digests of a body, each once at the most.
type body struct {
	raw    []byte
	sum256 [sha256.Size]byte
	sum512 [sha512.Size]byte
	done   [algorithmSHA512 + 1]bool
}

func (b *body) sum(a algorithm) []byte {
	known := b.done[a]
	b.done[a] = true
	if a == algorithmSHA512 {
		if !known {
			b.sum512 = sha512.Sum512(b.raw)
		}
		return b.sum512[:]
	}
	if !known {
		b.sum256 = sha256.Sum256(b.raw)
	}
	return b.sum256[:]
}

// matches says whether all digests that count are the body's, and names the
// strongest.
func (b *body) matches(c claims) (strongest algorithm, ok bool) {
	ok = true
	for _, claim := range c.of[:c.n] {
		a := claim.algorithm
		if subtle.ConstantTimeCompare(b.sum(a), claim.sum[:a.size()]) == 0 {
			ok = false
		}
		strongest = max(strongest, a)
	}
	return strongest, ok
}
