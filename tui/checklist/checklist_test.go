package checklist_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
	"github.com/up42/up42-webhooks/receiver/signature"
	"github.com/up42/up42-webhooks/tui/checklist"
)

func written(e *receiver.Event, secret string) string {
	var b strings.Builder
	for _, s := range checklist.Of(e, checklist.Known{Secret: secret, Zone: time.UTC}) {
		b.WriteString(s.Name + " " + s.State.String() + ": " + s.Fact + "\n")
	}
	return b.String()
}

func delivery(v receiver.Verdict, r receiver.Reason) *receiver.Event {
	e := receivertest.Order("a", "PLACED", receivertest.As(v))
	e.Reason = r
	e.Proof = receiver.Proof{
		Method: "POST", Path: "/hook", Remote: "198.51.100.7:4711", Label: "up42-sig", Components: []string{"date", "digest"},
		Created: e.ReceivedAt.Unix() - 100, Digest: "sha-256", BodyCovered: true, Age: signature.AgeByDate,
	}
	return e
}

func TestAVerifiedDelivery(t *testing.T) {
	e := delivery(receiver.Verified, "")
	got := written(e, "number 1 of those configured")
	assert.Equal(t, 10, strings.Count(got, "passed"), got)
	for _, s := range []string{
		"Request passed: POST /hook from 198.51.100.7:4711", "Headers passed: Signature and Signature-Input are there", "Components passed: date, digest",
		"Secret passed: number 1 of those configured", "1m 40s before it arrived", "Digest passed: sha-256, matches the body and is covered by the signature",
		"Age passed: proved by the signed date", "bytes of JSON about order.status",
	} {
		assert.Contains(t, got, s)
	}
}

// Each reason fails one step, in the receiver's words. The steps before it passed, and those
// after it were not reached.
func TestEachReasonFailsOneStep(t *testing.T) {
	for _, reason := range receiver.Reasons() {
		e := delivery(receiver.Rejected, reason)
		failed := -1
		for i, s := range checklist.Of(e, checklist.Known{Zone: time.UTC}) {
			switch {
			case s.State == checklist.Failed:
				require.Equal(t, -1, failed, reason)
				failed = i
				assert.Contains(t, s.Fact, receiver.Explain(reason).Short)
			case failed >= 0:
				assert.Equal(t, checklist.Skipped, s.State, "%s: %s", reason, s.Name)
			}
		}
		assert.GreaterOrEqual(t, failed, 0, reason)
	}
}

func TestWhatIsNotProved(t *testing.T) {
	partial := delivery(receiver.Partial, "")
	partial.Proof.BodyCovered, partial.Proof.Age = false, ""
	assert.Contains(t, written(partial, "x"), "Digest not proved: sha-256, matches the body but is not covered")
	old := delivery(receiver.Partial, "")
	old.Proof.Age, old.Proof.MaxMessageAge, old.Timestamp = signature.TimestampOld, time.Hour, old.ReceivedAt.Add(-48*time.Hour)
	assert.Contains(t, written(old, "x"), "Age not proved: no date is signed and the body's timestamp is 2 days old")
	unsigned := delivery(receiver.Unsigned, "")
	unsigned.Proof = receiver.Proof{}
	got := written(unsigned, "")
	assert.Contains(t, got, "Headers not proved: no signature: deliveries without one are allowed")
	assert.Contains(t, got, "Signature not checked: ")
	trusted := delivery(receiver.Trusted, "")
	assert.Contains(t, written(trusted, ""), "Signature not proved: not proved: the password says who sent it")
	trusted.Proof = receiver.Proof{}
	assert.Contains(t, written(trusted, ""), "the password says who sent it")
}

// The signature is checked before the body comes, its digest when all of the body is there.
func TestABodyThatWasCutOff(t *testing.T) {
	e := delivery(receiver.Rejected, receiver.BodyMalformed)
	e.Proof.Digest, e.Proof.BodyCovered, e.Proof.Age = "", false, ""
	got := written(e, "")
	for _, want := range []string{"Secret passed: which one is not known", "Signature passed: ", "Digest not checked: none was checked", "Age not checked: ", "Body failed: malformed body"} {
		assert.Contains(t, got, want)
	}
}

func TestWhatIsMissingIsNamed(t *testing.T) {
	for want, headers := range map[string][]receiver.Header{
		"no signature: Signature missing":                     {{Name: "Signature-Input", Value: "x"}},
		"no signature: Signature and Signature-Input missing": {{Name: "Host", Value: "x"}},
		"no signature: none has the label up42-sig":           {{Name: "Signature", Value: "a=b"}, {Name: "Signature-Input", Value: "a=()"}},
		"Headers failed: no signature\n":                      nil,
	} {
		e := delivery(receiver.Rejected, signature.MissingSignature)
		e.Proof, e.Headers = receiver.Proof{}, headers
		assert.Contains(t, written(e, ""), want)
	}
	e := delivery(receiver.Rejected, signature.ComponentMissing)
	e.Headers = []receiver.Header{
		{Name: "Host", Value: "h"},
		{Name: "Signature", Value: "up42-sig=" + strings.Repeat("A", 43) + "="},
		{Name: "Signature-Input", Value: `up42-sig=("date" "digest");created=1789999901`},
		{Name: "Date", Value: "x"},
	}
	assert.Contains(t, written(e, ""), "Components failed: a signed header is missing: digest (of date, digest)")
}
