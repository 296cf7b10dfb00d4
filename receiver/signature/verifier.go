package signature

import (
	"math"
	"slices"
	"time"
)

// Verifier judges signatures by a Policy. It is immutable and safe for
// concurrent use: to change the policy, make another.
type Verifier struct {
	policy Policy
	keys   *keys
}

// Result is how a verdict came about. What is known is there even where Verify
// returns an error; of a request that was refused it is what the request says,
// not what is true.
type Result struct {
	// Signed: there is a signature, and it is good. Without an error, false is
	// a request that is unsigned and allowed to be.
	Signed bool
	// Label is the signature's label, "" where there is none.
	Label string
	// Components are the covered components in the order of the signature. They
	// come from outside: clean them before they meet a terminal.
	Components []string
	// Created is the signature's own time in Unix seconds; 0: none.
	Created int64
	// Secret is the index in Policy.Secrets of the first one that matches; -1:
	// none.
	Secret int
	// Digest is the algorithm that was checked against the body, "sha-256" or
	// "sha-512"; "": none that counts.
	Digest string
	// BodyCovered: that digest was covered by the signature, and matched. A
	// good signature vouches for the body only then.
	BodyCovered bool
	// Faulty is the component that the error is about, "" where it is about
	// none in particular. It comes from outside as well.
	Faulty string
}

// New makes a Verifier.
func New(p Policy) *Verifier {
	p = p.withDefaults()
	p.Components = slices.Clone(p.Components)
	v := &Verifier{policy: p, keys: newKeys(p.Secrets)}
	v.policy.Secrets = nil // they live on in keys
	return v
}

// Verify judges a request at a time. Its error is a [Reason]; nil means that
// the signature is good, or that there is none and none is needed. The body is
// vouched for only where [Result.BodyCovered].
func (v *Verifier) Verify(r Request, now time.Time) (Result, error) {
	res := Result{Secret: -1}
	inputs, signatures := len(r.Header["Signature-Input"]), len(r.Header["Signature"])
	if inputs == 0 && signatures == 0 && v.policy.AllowUnsigned {
		return res, checkDigests(&res, r)
	}
	if inputs == 0 || signatures == 0 {
		return res, MissingSignature
	}
	if err := v.checkSignature(&res, r, now); err != nil {
		return res, err
	}
	res.Signed = true
	if err := checkDigests(&res, r); err != nil {
		return res, err
	}
	if v.policy.RequireDigest && !res.BodyCovered {
		return res, DigestRequired
	}
	return res, nil
}

// checkSignature reads both headers, of which there is one each at least, and
// tries the secrets on what they say.
func (v *Verifier) checkSignature(res *Result, r Request, now time.Time) error {
	d := v.keys.borrow()
	defer v.keys.giveBack(d)
	in, err := readHeaders(d, r)
	if in.components != nil {
		res.Label, res.Components, res.Created = Label, in.components, in.created
	}
	if err != nil {
		return err
	}
	if res.Faulty, err = v.checkInput(&in); err != nil {
		return err
	}
	if d.signed, res.Faulty, err = appendCovered(d.signed[:0], r, in.components); err != nil {
		return err
	}
	if err := v.checkAge(res, r, now); err != nil {
		return err
	}
	if len(d.macs) == 0 {
		return NoSecret
	}
	if res.Secret = v.keys.match(d); res.Secret < 0 {
		return SignatureMismatch
	}
	return nil
}

// readHeaders reads Signature and Signature-Input. A signature that is not ours
// is none, whatever its input looks like.
func readHeaders(d *desk, r Request) (input, error) {
	ours, formed := parseSignature(d.claimed[:], r.Header["Signature"])
	if !ours {
		return input{}, MissingSignature
	}
	in, err := parseInput(&d.nodes, r.Header["Signature-Input"])
	if err == nil && !formed {
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

// lastSecond is the end of the year 9999; time.Time overflows some time later.
const lastSecond = 253402300799

func (v *Verifier) checkAge(res *Result, r Request, now time.Time) error {
	if res.Created > lastSecond {
		return Future
	}
	if err := v.checkTime(time.Unix(res.Created, 0), now); err != nil {
		return err
	}
	if !slices.Contains(res.Components, "date") {
		return nil
	}
	value, _ := r.value("date")
	date, _ := parseDate(value)
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

// checkDigests compares every digest header with the body. One that can't be
// read might have said anything, and is refused like one that does not match.
func checkDigests(res *Result, r Request) error {
	b := body{raw: r.Body}
	var covered, other algorithm
	for _, field := range [...]struct {
		component string
		parse     func(string) (claims, bool)
	}{{"digest", parseDigest}, {"content-digest", parseContentDigest}} {
		best := &other
		if slices.Contains(res.Components, field.component) {
			best = &covered
		}
		for _, value := range r.values(field.component) {
			c, ok := field.parse(trim(value))
			if !ok {
				res.Faulty = field.component
				return DigestMismatch
			}
			a, ok := b.matches(c)
			*best = max(*best, a)
			if !ok {
				res.Digest, res.Faulty = a.String(), field.component
				return DigestMismatch
			}
		}
	}
	res.BodyCovered = covered != noAlgorithm
	if res.Digest = covered.String(); !res.BodyCovered {
		res.Digest = other.String()
	}
	return nil
}
