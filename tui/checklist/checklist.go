// Package checklist says step by step how a delivery was judged, in the order of the checks.
// The words for what failed are those of package receiver.
package checklist

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/signature"
	"github.com/up42/up42-webhooks/tui/elapsed"
	"github.com/up42/up42-webhooks/tui/number"
)

// State is how a step ended.
type State int

// The states.
const (
	// Skipped: the step was not reached, or there was nothing to check.
	Skipped State = iota
	Passed
	Failed
	// Weak: the delivery goes on, but what the step should prove is not proved.
	Weak
)

// String is the state in a word.
func (s State) String() string {
	return [...]string{Skipped: "not checked", Passed: "passed", Failed: "failed", Weak: "not proved"}[s]
}

// Step is one check.
type Step struct {
	Name  string
	State State
	// Fact is what was found, in words. It may quote the request: clean it before you print it.
	Fact string
}

// Known is what the reader of a checklist knows besides the delivery.
type Known struct {
	// Secret names the secret that made the signature, in words. It is empty if none did.
	Secret string
	// Flaw is what is wrong with the body, in words. Empty: nothing more than the reason.
	Flaw string
	// Zone is that of the times.
	Zone *time.Location
}

// The steps, in their order.
const (
	request = iota
	headers
	parsed
	components
	created
	secret
	signed
	digest
	age
	body
	steps
)

var names = [steps]string{"Request", "Headers", "Parsed", "Components", "Created", "Secret", "Signature", "Digest", "Age", "Body"}

// failsAt says at which step a delivery is rejected for a reason.
func failsAt(e *receiver.Event) int {
	judged := e.Proof.Label != "" // the signature was looked at before
	switch e.Reason {
	case receiver.BodyTooLarge, receiver.BodyMalformed:
		if judged || len(e.Raw) > 0 {
			return body
		}
		return request
	case receiver.MethodNotAllowed, receiver.WrongCredentials:
		return request
	case signature.MissingSignature:
		return headers
	case signature.MalformedSignatureInput, signature.MalformedSignature, signature.MissingCreated:
		return parsed
	case signature.Stale, signature.Future:
		return created
	case signature.NoSecret:
		return secret
	case signature.SignatureMismatch:
		return signed
	case signature.DigestMismatch, signature.DigestRequired:
		return digest
	default: // those about the list of headers, and about their values
		return components
	}
}

// Of returns the steps of the judgement on a delivery.
func Of(e *receiver.Event, k Known) []Step {
	j := judgement{e: e, known: k, end: steps}
	if e.Verdict == receiver.Rejected {
		j.end = failsAt(e)
	}
	out := make([]Step, steps)
	for i := range out {
		out[i].Name = names[i]
		if i > j.end {
			continue
		}
		out[i].State, out[i].Fact = j.step(i)
		if i == j.end {
			out[i].State, out[i].Fact = Failed, j.failure(out[i].Fact)
		}
	}
	return out
}

// judgement is about one delivery.
type judgement struct {
	e     *receiver.Event
	known Known
	end   int // the step that failed, or steps
}

// step says how a step ended, if it did not fail.
func (j *judgement) step(i int) (State, string) {
	e := j.e
	p := &e.Proof
	none := p.Label == "" && i > headers && i <= signed || i == age && p.Age == ""
	switch {
	case i == request:
		return Passed, j.request()
	case i == headers:
		return j.headers()
	case none:
		return Skipped, ""
	case i == parsed:
		return Passed, p.Label + " has a list of headers and a time"
	case i == components:
		return Passed, j.components()
	case i == created:
		return Passed, j.created()
	case i == secret, i == signed:
		return j.signed(i)
	case i == digest:
		return j.digest()
	case i == age:
		return j.age()
	default:
		return j.body()
	}
}

// failure adds to a fact why the step failed.
func (j *judgement) failure(fact string) string {
	words := receiver.Explain(j.e.Reason).Short
	if j.end == body && j.known.Flaw != "" {
		return j.known.Flaw
	}
	if fact == "" || j.end == body {
		return words
	}
	return words + ": " + fact
}

func (j *judgement) request() string {
	p := &j.e.Proof
	s := strings.TrimSpace(p.Method + " " + p.Path)
	if p.Remote != "" {
		s = strings.TrimSpace(s + " from " + p.Remote)
	}
	return s
}

// headers says which of the headers of a signature are there.
func (j *judgement) headers() (State, string) {
	e := j.e
	if e.Proof.Label != "" || j.end > headers && j.end < steps {
		return Passed, "Signature and Signature-Input are there"
	}
	has := func(name string) bool {
		return slices.ContainsFunc(e.Headers, func(h receiver.Header) bool { return h.Name == name })
	}
	var missing []string
	for _, name := range []string{"Signature", "Signature-Input"} {
		if !has(name) {
			missing = append(missing, name)
		}
	}
	fact := strings.Join(missing, " and ") + " missing"
	if len(missing) == 0 {
		fact = "none has the label " + signature.Label
	}
	if len(e.Headers) == 0 {
		fact = ""
	}
	switch e.Verdict {
	case receiver.Trusted:
		return Weak, "no signature: the password says who sent it"
	case receiver.Unsigned:
		return Weak, "no signature: deliveries without one are allowed"
	case receiver.Rejected:
		return Weak, fact
	default:
		return Weak, "not known"
	}
}

// components lists the covered headers. If the delivery was rejected for one of them, it comes
// first.
func (j *judgement) components() string {
	list := strings.Join(j.e.Proof.Components, ", ")
	if list == "" {
		list = "nothing"
	}
	if j.end != components {
		return list
	}
	if faulty := j.faulty(); faulty != "" {
		return faulty + " (of " + list + ")"
	}
	return list
}

// faulty is the covered header that the delivery was rejected for. It is "" if the delivery was
// rejected for something else.
func (j *judgement) faulty() string {
	header, host := http.Header{}, ""
	for _, h := range j.e.Headers {
		if h.Name == "Host" {
			host = h.Value
		} else {
			header[h.Name] = append(header[h.Name], h.Value)
		}
	}
	// No secret is needed to find out what is wrong with a covered header.
	res, _ := signature.New(signature.Policy{}).VerifyHead(signature.Request{Header: header, Host: host}, j.e.ReceivedAt)
	return res.Faulty
}

// lastSecond is the end of the year 9999.
const lastSecond = 253402300799

// created is the time of the signature, and its age when it arrived, which is what --max-age
// limits.
func (j *judgement) created() string {
	unix := j.e.Proof.Created
	if unix == 0 || unix > lastSecond {
		return ""
	}
	at := time.Unix(unix, 0)
	switch age := j.e.ReceivedAt.Sub(at); {
	case age < -time.Second:
		return elapsed.Moment(at, j.known.Zone) + ", " + elapsed.Long(-age) + " after it arrived"
	case age < time.Second:
		return elapsed.Moment(at, j.known.Zone) + ", as it arrived"
	default:
		return elapsed.Moment(at, j.known.Zone) + ", " + elapsed.Long(age) + " before it arrived"
	}
}

func (j *judgement) signed(i int) (State, string) {
	switch {
	case j.e.Reason == signature.NoSecret || j.e.Reason == signature.SignatureMismatch && i == signed:
		return Skipped, ""
	case j.e.Reason == signature.SignatureMismatch:
		return Passed, "all that are known were tried"
	case j.known.Secret == "" && j.e.Verdict == receiver.Trusted:
		return Weak, "not proved: the password says who sent it"
	case i == secret && j.known.Secret != "":
		return Passed, j.known.Secret
	case i == secret:
		return Passed, "which one is not known"
	default:
		return Passed, "made with this secret over these headers"
	}
}

func (j *judgement) digest() (State, string) {
	p := &j.e.Proof
	mismatch := j.e.Reason == signature.DigestMismatch
	switch {
	case mismatch && p.Digest == "":
		return Skipped, "it can't be read"
	case mismatch:
		return Skipped, p.Digest
	case p.Digest == "" && (p.Label == "" || j.end == body): // the body did not come, or not all of it
		return Skipped, "none was checked"
	case p.Digest == "":
		return Weak, "none was checked"
	case p.BodyCovered:
		return Passed, p.Digest + ", matches the body and is covered by the signature"
	case p.Label == "":
		return Passed, p.Digest + ", matches the body"
	default:
		return Weak, p.Digest + ", matches the body but is not covered by the signature"
	}
}

func (j *judgement) age() (State, string) {
	if j.e.Proof.Age.Proved() {
		return Passed, j.e.AgeWords()
	}
	return Weak, j.e.AgeWords()
}

func (j *judgement) body() (State, string) {
	e := j.e
	if e.Name == "" {
		return Skipped, number.Bytes(len(e.Raw))
	}
	return Passed, number.Bytes(len(e.Raw)) + " of JSON about " + e.Name
}
