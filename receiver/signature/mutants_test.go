package signature_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/signature"
)

// original is the validator of UP42's own snippets: the signature covers the values of the
// headers that Signature-Input names, one after the other, and is less than 300 seconds old.
// It takes what an attacker can make of a captured request, so it says only which requests
// are UP42's in form.
func original(r signature.Request, key string, now int64) bool {
	all := originalInput.FindAllStringSubmatch(strings.Join(r.Header.Values("Signature-Input"), ","), -1)
	if len(all) == 0 {
		return false
	}
	m := all[len(all)-1]
	at, err := strconv.ParseInt(m[2], 10, 64)
	if err != nil || at > now || now-at >= 300 {
		return false
	}
	mac := hmac.New(sha256.New, []byte(key))
	for _, name := range strings.Fields(m[1]) {
		value := r.Header.Get(strings.Trim(name, `"`))
		if name == `"host"` {
			value = r.Host
		}
		mac.Write([]byte(strings.Trim(value, " \t")))
	}
	_, text, _ := strings.Cut(r.Header.Get("Signature"), "=")
	got, err := base64.StdEncoding.DecodeString(strings.Trim(text, " \t"))
	return err == nil && hmac.Equal(got, mac.Sum(nil))
}

// The original wants created at once; the syntax of the header allows spaces and other parameters.
var originalInput = regexp.MustCompile(`up42-sig=\(([^)]*)\)[^,]*;[ \t]*created=(\d{10,20})`)

// What the original takes, and has a digest of its body and a date covered, is verified. The
// requests are made without this package.
func TestWhatTheOriginalTakesIsTaken(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(4, 2))
	v := signature.New(signature.Policy{Secrets: []string{"another", secret}})
	for n := range 500 {
		r := genuine(random)
		require.True(t, original(r, secret, at.Unix()), "%d: %v", n, r.Header)
		res, err := v.Verify(r, at)
		require.NoError(t, err, "%d: %v", n, r.Header)
		require.True(t, res.Proved(), "%d: %v", n, r.Header)
		require.Equal(t, 1, res.Secret)
	}
}

// genuine is a request as UP42 may sign it: over a digest, over a date or with a timestamp in
// its body, and over any other headers, in any order.
func genuine(random *rand.Rand) signature.Request {
	pick := func(from ...string) string { return from[random.IntN(len(from))] }
	age := time.Duration(random.IntN(299)) * time.Second
	signed := at.Add(-age)
	body := fmt.Appendf(nil, `{"event":"order.status","messageId":"m-%d","timestamp":%q,"body":{"orderId":"o-%d","status":%q}}`,
		random.IntN(1000), signed.UTC().Format(time.RFC3339Nano), random.IntN(10), pick("PLACED", "FULFILLED", "üß漢"))
	values := map[string]string{
		"content-type": "application/json", "content-length": strconv.Itoa(len(body)), "x-request-id": pick("1", "a b", "=="),
		"date": signed.UTC().Format(pick(http.TimeFormat, "Monday, 02-Jan-06 15:04:05 GMT", time.ANSIC)),
		pick("digest", "digest", "content-digest"): "",
	}
	covered := []string{"host"}
	for name := range maps.Clone(values) {
		switch name {
		case "digest":
			values[name] = pick("SHA-256="+sum256(body), "SHA-512="+sum512(body), "sha-256="+sum256(body))
		case "content-digest":
			values[name] = pick("sha-256=:"+sum256(body)+":", "sha-512=:"+sum512(body)+":")
		}
		if strings.HasSuffix(name, "digest") || random.IntN(2) == 0 {
			covered = append(covered, name)
		}
	}
	slices.Sort(covered)
	random.Shuffle(len(covered), func(i, k int) { covered[i], covered[k] = covered[k], covered[i] })
	if random.IntN(2) == 0 {
		covered = slices.DeleteFunc(covered, func(c string) bool { return c == "host" })
	}
	var pairs []string
	for name, value := range values {
		pairs = append(pairs, name, value)
	}
	r := request(fmt.Sprintf(`("%s");created=%d`, strings.Join(covered, `" "`), signed.Unix()), pairs...)
	r.Body = body
	return r
}

// Whatever is changed in signed requests, what is verified has a body that was signed, and the
// original takes it too, but for the minute that clocks may differ. UP42_MUTANTS is how many
// are tried.
func TestNoMutantIsVerifiedWithAnotherMeaning(t *testing.T) {
	t.Parallel()
	mutants := 5_000
	if text := os.Getenv("UP42_MUTANTS"); text != "" {
		var err error
		mutants, err = strconv.Atoi(text)
		require.NoError(t, err, "UP42_MUTANTS")
		require.Positive(t, mutants, "UP42_MUTANTS")
	}
	seed := uint64(time.Now().UnixNano())
	var working sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	tallies := make([]tally, workers)
	for n := range workers {
		working.Go(func() {
			m := newMutator(t, seed+uint64(n))
			for range mutants / workers {
				if !m.try(&tallies[n]) {
					return
				}
			}
		})
	}
	working.Wait()
	var sum tally
	for _, one := range tallies {
		sum.tried, sum.verified, sum.accepted = sum.tried+one.tried, sum.verified+one.verified, sum.accepted+one.accepted
	}
	t.Logf("seed %d: %d mutants, %d of them accepted, %d verified as what they were", seed, sum.tried, sum.accepted, sum.verified)
	assert.NotZero(t, sum.verified, "a test that verifies nothing would show nothing")
}

// tally counts mutants.
type tally struct{ tried, accepted, verified int }

// mutator changes signed requests.
type mutator struct {
	t        *testing.T
	random   *rand.Rand
	verifier *signature.Verifier
	signed   []signature.Request
	bodies   map[string]bool // that were signed
	names    []string        // of headers
}

func newMutator(t *testing.T, seed uint64) *mutator {
	m := &mutator{
		t: t, random: rand.New(rand.NewPCG(seed, 5)), verifier: signature.New(signature.Policy{Secrets: []string{secret}}), bodies: map[string]bool{},
		names: []string{"Date", "Digest", "Content-Digest", "Content-Length", "Content-Type", "X-Request-Id", "Host", "Zz", "Signature", "Signature-Input"},
	}
	for range 200 {
		m.signed = append(m.signed, genuine(m.random))
	}
	for _, v := range receivertest.Vectors(t) {
		// They also have other secrets and times.
		m.signed = append(m.signed, v.Request(t))
	}
	for _, r := range m.signed {
		m.bodies[string(r.Body)] = true
	}
	return m
}

// try makes a mutant and judges it. It returns false after a failure.
func (m *mutator) try(n *tally) bool {
	r := m.one()
	r.Header, r.Body = clone(r.Header), slices.Clone(r.Body)
	for range 1 + m.random.IntN(3) {
		m.mutate(&r)
	}
	n.tried++
	res, err := m.verifier.Verify(r, at)
	if err != nil {
		return true
	}
	n.accepted++
	if !res.Proved() {
		return true
	}
	n.verified++
	return assert.True(m.t, m.bodies[string(r.Body)], "verified, and never signed: %q %q", r.Header, r.Body) &&
		assert.True(m.t, original(r, secret, max(at.Unix(), res.Created)), "verified, and not taken by the original: %q", r.Header)
}

func (m *mutator) one() signature.Request { return m.signed[m.random.IntN(len(m.signed))] }

func (m *mutator) name() string { return m.names[m.random.IntN(len(m.names))] }

func clone(h http.Header) http.Header {
	c := make(http.Header, len(h)+2)
	for name, values := range h {
		c[name] = slices.Clone(values)
	}
	return c
}

// mutate changes something, as an attacker or a broken proxy does.
func (m *mutator) mutate(r *signature.Request) {
	other, name := m.one(), m.name()
	switch m.random.IntN(12) {
	case 0:
		r.Body = m.bytes(r.Body)
	case 1: // the digest goes along
		r.Body = m.bytes(r.Body)
		r.Header["Digest"] = []string{"SHA-256=" + sum256(r.Body)}
	case 2:
		r.Body = other.Body
	case 3:
		if values := r.Header[name]; len(values) > 0 {
			values[0] = string(m.bytes([]byte(values[0])))
		}
	case 4:
		if values := other.Header[name]; len(values) > 0 {
			r.Header[name] = slices.Clone(values)
		}
	case 5:
		delete(r.Header, name)
	case 6:
		r.Header[name] = append(r.Header[name], other.Header[m.name()]...)
	case 7:
		m.move(r.Header)
	case 8:
		m.list(r.Header)
	case 9:
		m.cut(r)
	case 10:
		r.Host = string(m.bytes([]byte(r.Host)))
	default:
		if values := r.Header["Signature-Input"]; len(values) > 0 {
			values[0] = originalCreated.ReplaceAllString(values[0], fmt.Sprintf(";created=%d", at.Unix()-m.random.Int64N(400)+100))
		}
	}
}

var originalCreated = regexp.MustCompile(`;created=\d+`)

// bytes changes a bit, or removes, repeats or adds bytes.
func (m *mutator) bytes(b []byte) []byte {
	if len(b) == 0 {
		return []byte{byte(m.random.Uint32())}
	}
	b = slices.Clone(b)
	i, k := m.random.IntN(len(b)), m.random.IntN(len(b))
	switch m.random.IntN(5) {
	case 0:
		b[i] ^= 1 << m.random.IntN(8)
	case 1:
		b[i], b[k] = b[k], b[i]
	case 2:
		b = slices.Delete(b, i, i+1)
	case 3:
		b = slices.Insert(b, i, byte(m.random.Uint32()))
	default:
		b = slices.Insert(b, i, " \t=,:;\"()"[m.random.IntN(9)])
	}
	return b
}

// move moves bytes from the end of a value to the begin of another one: what is signed stays.
func (m *mutator) move(h http.Header) {
	from, to := h[m.name()], h[m.name()]
	if len(from) == 0 || len(to) == 0 || len(from[0]) == 0 {
		return
	}
	at := m.random.IntN(len(from[0]))
	to[0], from[0] = from[0][at:]+to[0], from[0][:at]
}

// list changes the list of the covered headers.
func (m *mutator) list(h http.Header) {
	input := h["Signature-Input"]
	if len(input) == 0 {
		return
	}
	open, end := strings.IndexByte(input[0], '('), strings.IndexByte(input[0], ')')
	if open < 0 || end < open {
		return
	}
	names := strings.Fields(input[0][open+1 : end])
	added := `"` + strings.ToLower(m.name()) + `"`
	switch i := m.random.IntN(len(names) + 1); m.random.IntN(4) {
	case 0:
		names = slices.Insert(names, i, added)
	case 1:
		if i < len(names) {
			names = slices.Delete(names, i, i+1)
		}
	case 2:
		if i < len(names) {
			names[i] = added
		}
	default:
		m.random.Shuffle(len(names), func(i, k int) { names[i], names[k] = names[k], names[i] })
	}
	input[0] = input[0][:open+1] + strings.Join(names, " ") + input[0][end:]
}

// cut divides the signed text among other headers: two of the attacker's choice, or one of them and
// a digest.
func (m *mutator) cut(r *signature.Request) {
	input := r.Header.Get("Signature-Input")
	list, _, _ := strings.Cut(strings.TrimPrefix(input, "up42-sig=("), ")")
	var all []byte
	for _, name := range strings.Fields(list) {
		all = append(all, r.Header.Get(strings.Trim(name, `"`))...)
	}
	at := m.random.IntN(len(all) + 1)
	r.Header["Zz"], r.Header["Zy"] = []string{string(all[:at])}, []string{string(all[at:])}
	r.Header["Signature-Input"] = []string{`up42-sig=("zz" "zy")` + createdParam}
	if m.random.IntN(2) == 0 {
		r.Header["Signature-Input"] = []string{`up42-sig=("zz" "digest")` + createdParam}
		if i := bytes.Index(all, []byte("SHA-256=")); i >= 0 {
			r.Header["Zz"], r.Header["Digest"] = []string{string(all[:i])}, []string{string(all[i:])}
		}
	}
}
