package signature

import (
	"crypto/sha256"
	"math"
	"slices"
	"time"
)

// Verifier checks signatures against a Policy. It is immutable and safe for concurrent
// use. To change the policy, make another Verifier.
type Verifier struct {
	policy  Policy // without its secrets
	secrets *secrets
}

// Result says how a verdict came about. If Verify returns an error, the fields say what
// the request claims, as far as it was read.
type Result struct {
	// Signed says that there is a signature and it is good. If it is false and there is
	// no error, the request is unsigned and the policy allows that.
	Signed bool
	// Label is the signature's label, "" if there is no signature.
	Label string
	// Components are the covered components in the order of the signature. They come
	// from outside: clean them before you print them.
	Components []string
	// Created is the signature's own time in Unix seconds, 0 if it has none.
	Created int64
	// Secret is the index in Policy.Secrets of the first secret that matches, -1 if none
	// does.
	Secret int
	// Digest is the algorithm that was compared with the body, "sha-256" or "sha-512".
	// It is "" if there was no such digest.
	Digest string
	// BodyCovered says that this digest matched and is covered by the signature. Only
	// then does a good signature prove the body.
	BodyCovered bool
	// BodySHA256 is the SHA-256 of the body if BodyHashed: if a digest header needed it.
	BodySHA256 [sha256.Size]byte
	BodyHashed bool
	// Age says whether the age of a covered body is proved, or why not.
	Age Age
	// Timestamp is the time in the body if it was needed to prove the age and could be
	// read.
	Timestamp time.Time
	// Faulty is the component that the error is about, "" if it is not about one
	// component. It comes from outside, too.
	Faulty string
}

// Proved says that the signature is good and proves the body and its age. A request that
// is accepted without that is forged or repeated easily: see [Result.BodyCovered] and
// [Result.Age].
func (res *Result) Proved() bool { return res.Signed && res.BodyCovered && res.Age.Proved() }

// New makes a Verifier.
func New(p Policy) *Verifier {
	p = p.withDefaults()
	p.Components = slices.Clone(p.Components)
	s := newSecrets(p.Secrets)
	p.Secrets = nil
	return &Verifier{policy: p, secrets: s}
}

// MaxMessageAge returns the policy's limit, with its default.
func (v *Verifier) MaxMessageAge() time.Duration { return v.policy.MaxMessageAge }

// Verify checks a request at a time. Its error is a [Reason]; nil means that the
// signature is good, or that the request is unsigned and the policy allows that. The
// signature proves body and age only if [Result.Proved] is true.
//
// It is VerifyHead and then VerifyBody.
func (v *Verifier) Verify(r Request, now time.Time) (Result, error) {
	res, err := v.VerifyHead(r, now)
	if err == nil {
		err = v.VerifyBody(&res, r, now)
	}
	return res, err
}

// VerifyHead checks everything but the body, which may still be on its way: it does not
// use r.Body. The signature covers headers only, so a request that fails here is not
// worth reading further. An accepted request needs VerifyBody as well.
func (v *Verifier) VerifyHead(r Request, now time.Time) (Result, error) {
	res := Result{Secret: -1}
	inputs, signatures := len(r.Header["Signature-Input"]), len(r.Header["Signature"])
	if inputs == 0 && signatures == 0 && v.policy.AllowUnsigned {
		return res, nil
	}
	if inputs == 0 || signatures == 0 {
		return res, MissingSignature
	}
	if err := v.checkSignature(&res, r, now); err != nil {
		return res, err
	}
	res.Signed = true
	return res, nil
}

// VerifyBody completes a result of VerifyHead, which had no error, with the body of the
// same request.
func (v *Verifier) VerifyBody(res *Result, r Request, now time.Time) error {
	if err := res.checkDigests(r); err != nil {
		return err
	}
	if res.Signed && v.policy.RequireDigest && !res.BodyCovered {
		return DigestRequired
	}
	if res.BodyCovered {
		v.proveAge(res, r.Body, now)
	}
	return nil
}

func (res *Result) checkDigests(r Request) error {
	b := body{raw: r.Body}
	c, err := checkDigests(r, &b, res.Components)
	res.BodySHA256, res.BodyHashed = b.sum256, b.done[algorithmSHA256]
	res.Digest, res.BodyCovered, res.Faulty = c.algorithm.String(), c.covered, c.faulty
	return err
}

// checkSignature reads both headers, each of which has at least one value, and tries the
// secrets.
func (v *Verifier) checkSignature(res *Result, r Request, now time.Time) error {
	m := v.secrets.borrow()
	defer v.secrets.giveBack(m)
	in, err := readHeaders(m, r)
	if in.components != nil {
		res.Label, res.Components, res.Created = Label, in.components, in.created
	}
	if err != nil {
		return err
	}
	if res.Faulty, err = v.checkInput(&in); err != nil {
		return err
	}
	var date time.Time
	if m.base, date, res.Faulty, err = appendBase(m.base[:0], r, in.components, now); err != nil {
		return err
	}
	if err := v.checkAge(res, date, now); err != nil {
		return err
	}
	if len(m.macs) == 0 {
		return NoSecret
	}
	if res.Secret = v.secrets.match(m); res.Secret < 0 {
		return SignatureMismatch
	}
	return nil
}

// readHeaders reads Signature and Signature-Input. If Signature has another label, the
// signature is missing, whatever Signature-Input says.
func readHeaders(m *scratch, r Request) (input, error) {
	found, wellFormed := parseSignature(m.claimed[:], r.Header["Signature"])
	if !found {
		return input{}, MissingSignature
	}
	in, err := parseInput(&m.nodes, r.Header["Signature-Input"])
	if err == nil && !wellFormed {
		err = MalformedSignature
	}
	return in, err
}

func (v *Verifier) checkInput(in *input) (faulty string, err error) {
	if !in.hasCreated {
		return "", MissingCreated
	}
	if faulty, err := in.check(); err != nil {
		return faulty, err
	}
	if want := v.policy.Components; len(want) > 0 && !slices.Equal(in.components, want) {
		return "", UnexpectedComponents
	}
	return "", nil
}

// lastSecond is the end of the year 9999. Much later times overflow time.Time.
const lastSecond = 253402300799

// checkAge checks the signature's own time, and the covered date if there is one.
func (v *Verifier) checkAge(res *Result, date, now time.Time) error {
	if res.Created > lastSecond {
		return Future
	}
	if err := v.checkTime(time.Unix(res.Created, 0), now); err != nil {
		return err
	}
	if !slices.Contains(res.Components, "date") {
		return nil
	}
	if err := v.checkTime(date, now); err != nil {
		res.Faulty = "date"
		return err
	}
	return nil
}

func (v *Verifier) checkTime(t, now time.Time) error {
	switch age := now.Sub(t); {
	case age >= v.policy.MaxAge:
		return Stale
	case age < 0 && (age == math.MinInt64 || -age > v.policy.MaxFuture):
		return Future
	default:
		return nil
	}
}
