package signature_test

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/signature"
	"github.com/up42/up42-webhooks/receiver/timestamp"
)

// undated returns a request with a signature over the digest of a body, and no date.
func undated(body string) signature.Request {
	r := signature.Request{Body: []byte(body)}
	signed := request(`("digest")`+createdParam, "Digest", "SHA-256="+sum256(r.Body))
	r.Header = signed.Header
	return r
}

func TestAge(t *testing.T) {
	stamped := func(text string) string { return `{"event":"order.status","timestamp":` + text + `,"body":{}}` }
	before := func(d time.Duration) string {
		return stamped(`"` + at.Add(-d).UTC().Format("2006-01-02T15:04:05.000000Z") + `"`)
	}
	const day = 24 * time.Hour
	tests := []struct {
		name, body string
		max        time.Duration
		want       signature.Age
	}{
		{"now", before(0), 0, signature.AgeByTimestamp},
		{"20 hours old", before(20 * time.Hour), 0, signature.AgeByTimestamp},
		{"a day old", before(day), 0, signature.AgeByTimestamp},
		{"more than a day old", before(day + time.Microsecond), 0, signature.TimestampOld},
		{"100 days old", before(100 * day), 0, signature.TimestampOld},
		{"a day ahead", before(-day), 0, signature.AgeByTimestamp},
		{"more than a day ahead", before(-day - time.Microsecond), 0, signature.TimestampAhead},
		{"a minute old, a second allowed", before(time.Minute), time.Second, signature.TimestampOld},
		{"100 days old, a year allowed", before(100 * day), 365 * day, signature.AgeByTimestamp},
		{"all of time allowed", stamped(`"0002-01-01T00:00:00Z"`), math.MaxInt64, signature.AgeByTimestamp},
		{"the oldest", stamped(`"0002-01-01T00:00:00Z"`), 0, signature.TimestampOld},
		{"the latest", stamped(`"9999-12-31T23:59:59Z"`), 0, signature.TimestampAhead},

		{"+0000", stamped(`"2026-09-21T14:13:18+0000"`), 0, signature.AgeByTimestamp},
		{"another zone, in which it would be old", stamped(`"2026-09-20T05:13:18-09"`), 0, signature.TimestampOld},
		{"milliseconds", stamped(`1789999998250`), 0, signature.AgeByTimestamp},
		{"milliseconds in a string", stamped(`"1789999998250"`), 0, signature.AgeByTimestamp},
		{"old seconds", stamped(`1781359998`), 0, signature.TimestampOld},

		{"no timestamp", `{"event":"order.status"}`, 0, signature.TimestampMissing},
		{"null", stamped(`null`), 0, signature.TimestampMissing},
		{"an empty object", `{}`, 0, signature.TimestampMissing},
		{"a timestamp further in", `{"body":{"timestamp":"2026-09-21T14:13:18Z"},"list":["timestamp","2026-09-21T14:13:18Z"]}`, 0, signature.TimestampMissing},
		{"a timestamp in a string", `{"event":"\"timestamp\":\"2026-09-21T14:13:18Z\""}`, 0, signature.TimestampMissing},
		{"empty", stamped(`""`), 0, signature.TimestampUnreadable},
		{"a word", stamped(`"yesterday"`), 0, signature.TimestampUnreadable},
		{"a date alone", stamped(`"2026-09-21"`), 0, signature.TimestampUnreadable},
		{"an HTTP date", stamped(`"Mon, 21 Sep 2026 14:13:18 GMT"`), 0, signature.TimestampUnreadable},
		{"an object", stamped(`{"seconds":1789999998}`), 0, signature.TimestampUnreadable},
		{"true", stamped(`true`), 0, signature.TimestampUnreadable},

		{"no JSON", "hello", 0, signature.TimestampMissing},
		{"no body", "", 0, signature.TimestampMissing},
		{"a list", `["timestamp","2026-09-21T14:13:18Z"]`, 0, signature.TimestampMissing},
		{"cut short", `{"timestamp":"2026-09-21T14:13:18Z"`, 0, signature.TimestampMissing},
		{"cut in a string", `{"timestamp":"2026-09-21T14:13`, 0, signature.TimestampMissing},

		{"white space", " {\n\t\"timestamp\" :\r\n \"2026-09-21T14:13:18Z\" }\n", 0, signature.AgeByTimestamp},
		{"last", `{"a":[1,{"b":"}]\"\\"}],"c":-1.5e3,"d":null,"timestamp":"2026-09-21T14:13:18Z"}`, 0, signature.AgeByTimestamp},
		{"a number last", `{"timestamp":1789999998}`, 0, signature.AgeByTimestamp},
		{"given twice, the last counts", `{"timestamp":"2020-01-01T00:00:00Z","timestamp":"2026-09-21T14:13:18Z"}`, 0, signature.AgeByTimestamp},
		{"given twice, the last is old", `{"timestamp":"2026-09-21T14:13:18Z","timestamp":"2020-01-01T00:00:00Z"}`, 0, signature.TimestampOld},
		{"in another case", `{"Timestamp":"2026-09-21T14:13:18Z"}`, 0, signature.AgeByTimestamp},
		{"with an escape in its name", `{"\u0074imestamp":"2026-09-21T14:13:18Z"}`, 0, signature.AgeByTimestamp},
		{"with an escape in its value", `{"timestamp":"2026-09-21\u005414:13:18Z"}`, 0, signature.AgeByTimestamp},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := undated(tt.body)
			for _, requireDigest := range []bool{false, true} {
				p := signature.Policy{Secrets: []string{secret}, MaxMessageAge: tt.max, RequireDigest: requireDigest}
				res, err := signature.New(p).Verify(r, at)
				require.NoError(t, err, "an age that is not proved is no reason to reject")
				assert.Equal(t, tt.want, res.Age)
				assert.Equal(t, tt.want == signature.AgeByTimestamp, res.Proved())
				assert.True(t, res.BodyCovered)
				if want, ok := timeInJSON(tt.body); ok && tt.want != signature.TimestampUnreadable {
					assert.True(t, want.Equal(res.Timestamp), "%s, want %s", res.Timestamp, want)
				}
			}
		})
	}
}

// timeInJSON returns the time in a body as encoding/json finds it.
func timeInJSON(body string) (time.Time, bool) {
	var b struct{ Timestamp json.RawMessage }
	if json.Unmarshal([]byte(body), &b) != nil {
		return time.Time{}, false
	}
	t, err := timestamp.FromJSON(b.Timestamp)
	return t, err == nil
}

func TestTheAgeIsThatOfACoveredDate(t *testing.T) {
	const old = `{"timestamp":"2020-01-01T00:00:00Z"}`
	const date = "Mon, 21 Sep 2026 14:13:18 GMT"
	digest := "SHA-256=" + sum256([]byte(old))
	v := signature.New(signature.Policy{Secrets: []string{secret}})
	for name, tt := range map[string]struct {
		r      signature.Request
		age    signature.Age
		proved bool
	}{
		"date and digest":           {request(`("date" "digest")`+createdParam, "Date", date, "Digest", digest), signature.AgeByDate, true},
		"the date is not covered":   {request(`("digest")`+createdParam, "Date", date, "Digest", digest), signature.TimestampOld, false},
		"another header has a date": {request(`("x-date" "digest")`+createdParam, "X-Date", date, "Digest", digest), signature.TimestampOld, false},
		"the digest is not covered": {request(`("host")`+createdParam, "Date", date, "Digest", digest), "", false},
		"only the date is covered":  {request(`("date")`+createdParam, "Date", date, "Digest", digest), "", false},
		"the date, but no digest":   {request(`("date")`+createdParam, "Date", date), "", false},
		"the digest in the other form": {
			request(`("content-digest")`+createdParam, "Content-Digest", "sha-256=:"+sum256([]byte(old))+":"), signature.TimestampOld, false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			tt.r.Body = []byte(old)
			res, err := v.Verify(tt.r, at)
			require.NoError(t, err)
			assert.Equal(t, tt.age, res.Age)
			assert.Equal(t, tt.proved, res.Proved())
		})
	}
}

// A captured delivery, sent again after 100 days with the date moved out of the list and a
// fresh created, must not be verified.
func TestACaptureIsNotVerifiedLater(t *testing.T) {
	const stamp = `{"event":"order.status","timestamp":"2026-09-21T14:13:18Z"}`
	r := undated(stamp)
	v := signature.New(signature.Policy{Secrets: []string{secret}})
	res, err := v.Verify(r, at)
	require.NoError(t, err)
	assert.True(t, res.Proved())

	later := at.Add(100 * 24 * time.Hour)
	r.Header.Set("Signature-Input", fmt.Sprintf(`up42-sig=("digest");created=%d`, later.Unix()))
	res, err = v.Verify(r, later)
	require.NoError(t, err)
	assert.False(t, res.Proved())
	assert.Equal(t, signature.TimestampOld, res.Age)
}

// FuzzAge compares the search for the timestamp with encoding/json.
func FuzzAge(f *testing.F) {
	for _, body := range []string{
		`{"timestamp":"2026-09-21T14:13:18Z"}`, `{"a":[{"timestamp":1}],"TIMESTAMP":1789999998}`, `{"\u0074imestamp":null,"timeſtamp":"x"}`, `{"timestamp":1}}`, `[]`, `{"":"\\\""}`,
	} {
		f.Add(body)
	}
	v := signature.New(signature.Policy{Secrets: []string{secret}, MaxMessageAge: math.MaxInt64})
	f.Fuzz(func(t *testing.T, body string) {
		res, err := v.Verify(undated(body), at)
		require.NoError(t, err)
		var b struct{ Timestamp json.RawMessage }
		if json.Unmarshal([]byte(body), &b) != nil {
			return // the receiver refuses it
		}
		want, err := timestamp.FromJSON(b.Timestamp)
		switch {
		case err != nil:
			assert.Equal(t, signature.TimestampUnreadable, res.Age)
		case want.IsZero():
			assert.Equal(t, signature.TimestampMissing, res.Age)
		default:
			assert.Equal(t, signature.AgeByTimestamp, res.Age)
			assert.True(t, want.Equal(res.Timestamp))
		}
	})
}
