package codec

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/signature"
)

func drawTime(t *rapid.T, label string) time.Time {
	sec := rapid.Int64Range(-62135596800, 253402300799).Draw(t, label+" seconds") // years 1 to 9999
	nsec := rapid.SampledFrom([]int64{0, 1, 999, 1000, 267_042_000, 999_999_000, 999_999_999}).Draw(t, label+" ns")
	return time.Unix(sec, nsec).UTC()
}

func drawUpdates(t *rapid.T) []receiver.StatusUpdate {
	statuses := rapid.SliceOfN(rapid.String(), 1, 4).Draw(t, "statuses")
	return rapid.SliceOf(rapid.Custom(func(t *rapid.T) receiver.StatusUpdate {
		return receiver.StatusUpdate{
			Status:    receiver.Status(rapid.SampledFrom(statuses).Draw(t, "status")),
			SubStatus: receiver.Status(rapid.SampledFrom(append(statuses, "")).Draw(t, "sub")),
			Final:     rapid.Bool().Draw(t, "final"),
			Trust:     receiver.Trust(rapid.IntRange(0, int(receiver.FullTrust)).Draw(t, "trust")),
			At:        drawTime(t, "at"),
			Seq:       rapid.Int64Min(0).Draw(t, "seq"),
		}
	})).Draw(t, "updates")
}

func TestUpdatesAreDecodedAsEncoded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		updates := drawUpdates(t)
		got, err := DecodeUpdates(AppendUpdates(nil, updates))
		require.NoError(t, err)
		if len(updates) == 0 {
			assert.Empty(t, got)
			return
		}
		assert.Equal(t, updates, got)
	})
}

func TestUpdatesTakeFewBytes(t *testing.T) {
	at := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	var updates []receiver.StatusUpdate
	for i := range receiver.MaxUpdates {
		s := receiver.Status("BEING_PLACED")
		if i%2 == 0 {
			s = "BEING_FULFILLED"
		}
		updates = append(updates, receiver.StatusUpdate{Status: s, Trust: receiver.FullTrust, At: at.Add(time.Duration(i) * 1_000_123 * time.Microsecond), Seq: 1_000_000 + int64(i)*977})
	}
	assert.Less(t, len(AppendUpdates(nil, updates)), 12*len(updates))
}

func TestStateIsDecodedAsEncoded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		str := func(label string) string { return rapid.String().Draw(t, label) }
		want := receiver.Row{
			Name: str("name"), Type: str("type"), Host: str("host"), Status: receiver.Status(str("status")),
			SubStatus: receiver.Status(str("sub")), Final: rapid.Bool().Draw(t, "final"),
			Trust:     receiver.Trust(rapid.IntRange(0, int(receiver.FullTrust)).Draw(t, "trust")),
			FirstSeen: drawTime(t, "first"), LastChange: drawTime(t, "last"),
			Events: rapid.Int64Min(0).Draw(t, "events"), ShortJourney: receiver.ShortJourney(str("trail")),
		}
		for range rapid.IntRange(0, 3).Draw(t, "tasks") {
			want.Tasks = append(want.Tasks, receiver.Task{
				ID: str("task"), Name: str("task name"), Status: receiver.Status(str("task status")), Final: rapid.Bool().Draw(t, "task final"),
				Trust:     receiver.Trust(rapid.IntRange(0, int(receiver.FullTrust)).Draw(t, "task trust")),
				FirstSeen: drawTime(t, "task first"), At: drawTime(t, "task at"), Seq: rapid.Int64Min(0).Draw(t, "task seq"),
			})
		}
		var got receiver.Row
		require.NoError(t, DecodeState(AppendState(nil, &want), &got))
		assert.Equal(t, want, got)
	})
}

func TestEnvelopeIsDecodedAsEncoded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		str := func(label string) string { return rapid.String().Draw(t, label) }
		want := receiver.Event{
			Reason: receiver.Reason(str("reason")), Secret: receiver.SecretRef(str("secret")), Webhook: str("webhook"), Ahead: rapid.Bool().Draw(t, "ahead"),
			Proof: receiver.Proof{
				Label: str("label"), Created: rapid.Int64().Draw(t, "created"), Digest: str("digest"), BodyCovered: rapid.Bool().Draw(t, "covered"),
				Age: signature.Age(str("age")), MaxMessageAge: time.Duration(rapid.Int64().Draw(t, "max message age")),
				Method: str("method"), Path: str("path"), Remote: str("remote"),
			},
		}
		for range rapid.IntRange(0, 3).Draw(t, "n") {
			want.Proof.Components = append(want.Proof.Components, str("component"))
			want.Headers = append(want.Headers, receiver.Header{Name: str("name"), Value: str("value")})
		}
		var got receiver.Event
		require.NoError(t, DecodeEnvelope(AppendEnvelope(nil, &want), &got))
		assert.Equal(t, want, got)
	})
}

// FuzzDecode decodes any bytes: it must not panic, and not use much more memory than the
// bytes.
func FuzzDecode(f *testing.F) {
	at := time.Unix(1, 1).UTC()
	f.Add(string(AppendUpdates(nil, []receiver.StatusUpdate{{Status: "A", At: at, Seq: 1}, {Status: "A", At: at, Seq: 2}})))
	f.Add(string(AppendState(nil, &receiver.Row{Status: "A"})))
	f.Add(string(AppendState(nil, &receiver.Row{Status: "A", SubStatus: "B", Tasks: []receiver.Task{{ID: "t", Status: "A", FirstSeen: at, At: at}}})))
	f.Add(string(AppendEnvelope(nil, &receiver.Event{Headers: []receiver.Header{{Name: "A", Value: "B"}}})))
	f.Add("\x01\xff\xff\xff\xff\x0f")
	f.Fuzz(func(t *testing.T, s string) {
		if updates, err := DecodeUpdates([]byte(s)); err == nil {
			again, err := DecodeUpdates(AppendUpdates(nil, updates))
			require.NoError(t, err)
			assert.Equal(t, updates, again)
		}
		_ = DecodeState([]byte(s), &receiver.Row{})
		_ = DecodeEnvelope([]byte(s), &receiver.Event{})
	})
}

func TestInvalidUpdates(t *testing.T) {
	good := string(AppendUpdates(nil, []receiver.StatusUpdate{{Status: "PLACED", At: time.Unix(5, 0).UTC(), Seq: 1}}))
	for name, s := range map[string]string{
		"nothing": "", "other version": "\x09" + good[1:], "cut short": good[:len(good)-1],
		"too many": "\x01\x7f", "unknown status": "\x01\x01\x02\x00\x00\x00\x05", "endless number": "\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := DecodeUpdates([]byte(s))
			assert.ErrorIs(t, err, ErrInvalid)
		})
	}
}
