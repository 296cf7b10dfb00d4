package signature

import (
	"crypto/sha256"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/base64"
	"slices"
	"strings"
)

// algorithm is a digest algorithm that can prove a body. Other algorithms are broken,
// or not digests at all, and are ignored.
type algorithm uint8

const (
	noAlgorithm algorithm = iota
	algorithmSHA256
	algorithmSHA512
)

// String returns the name in the registry of RFC 9530.
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

// claim is a digest that a header claims, of an algorithm that can prove a body.
type claim struct {
	algorithm algorithm
	sum       [sha512.Size]byte
}

// claims are the claims of one header. A header with more than four is refused.
type claims struct {
	of [4]claim
	n  int
}

// add adds a digest in base64.
func (c *claims) add(a algorithm, value string) bool {
	if c.n == len(c.of) {
		return false
	}
	next := &c.of[c.n]
	next.algorithm = a
	c.n++
	return decodeExactly(next.sum[:a.size()], value)
}

// parseDigest reads the Digest header of RFC 3230: a list of algorithm=value. ok is
// false if the header does not have this form, or if a claim does not have the length of
// its algorithm.
func parseDigest(value string) (c claims, ok bool) {
	for rest, more := value, true; more; {
		var element string
		element, rest, more = strings.Cut(rest, ",")
		element = trim(element)
		if element == "" {
			continue // RFC 9110 §5.6.1.2 allows empty elements
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

// parseContentDigest reads the Content-Digest header of RFC 9530: a dictionary of byte
// sequences. ok is as in parseDigest.
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

// strictBase64 refuses unused bits at the end that are not zero, so that each value has
// exactly one spelling.
var strictBase64 = base64.StdEncoding.Strict()

// decodeExactly fills dst from padded base64. It returns false if the length differs.
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

// body computes the digests of a body, each at most once.
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

// matches says whether all claims are true of the body, and returns the strongest
// algorithm among them.
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

// digestCheck is what comparing the digest headers with the body has shown.
type digestCheck struct {
	// algorithm is the strongest one that was compared: if a covered header has one,
	// among the covered headers.
	algorithm algorithm
	covered   bool   // the algorithm is that of a covered header
	faulty    string // with an error, the header that it is about
}

// checkDigests compares every digest header with the body. A header that can't be read
// is refused like one that does not match: it may have claimed anything.
func checkDigests(r Request, b *body, components []string) (digestCheck, error) {
	var covered, other algorithm
	for _, header := range [...]struct {
		component string
		parse     func(string) (claims, bool)
	}{{"digest", parseDigest}, {"content-digest", parseContentDigest}} {
		best := &other
		if slices.Contains(components, header.component) {
			best = &covered
		}
		for _, value := range r.values(header.component) {
			c, ok := header.parse(trim(value))
			if !ok {
				return digestCheck{faulty: header.component}, DigestMismatch
			}
			a, ok := b.matches(c)
			if !ok {
				return digestCheck{algorithm: a, faulty: header.component}, DigestMismatch
			}
			*best = max(*best, a)
		}
	}
	if covered != noAlgorithm {
		return digestCheck{algorithm: covered, covered: true}, nil
	}
	return digestCheck{algorithm: other}, nil
}

// CheckDigest compares the digest headers of a request with its body, for a receiver
// that trusts the request for another reason than its signature. The algorithm is ""
// if there is no digest that can prove the body. The error is DigestMismatch.
func CheckDigest(r Request) (algorithm string, err error) {
	c, err := checkDigests(r, &body{raw: r.Body}, nil)
	return c.algorithm.String(), err
}
