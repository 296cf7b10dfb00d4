package timestamp_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/receiver/timestamp"
)

const want = "2026-11-03T10:00:00"

func TestForms(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"UP42's own", "2026-11-03T10:00:00.267042Z", want + ".267042Z"},
		{"no fraction", "2026-11-03T10:00:00Z", want + "Z"},
		{"one digit", "2026-11-03T10:00:00.5Z", want + ".5Z"},
		{"nanoseconds", "2026-11-03T10:00:00.123456789Z", want + ".123456789Z"},
		{"a longer fraction is cut", "2026-11-03T10:00:00.1234567899999999Z", want + ".123456789Z"},
		{"a comma", "2026-11-03T10:00:00,25Z", want + ".25Z"},
		{"lower case", "2026-11-03t10:00:00z", want + "Z"},
		{"a space for T", "2026-11-03 10:00:00Z", want + "Z"},
		{"no zone", "2026-11-03T10:00:00.5", want + ".5Z"},
		{"a space and no zone", "2026-11-03 10:00:00", want + "Z"},
		{"no seconds", "2026-11-03T10:00Z", want + "Z"},
		{"no seconds, no zone", "2026-11-03T10:00", want + "Z"},
		{"no seconds, an offset", "2026-11-03T11:00+01:00", want + "Z"},
		{"+00:00", "2026-11-03T10:00:00+00:00", want + "Z"},
		{"-00:00", "2026-11-03T10:00:00-00:00", want + "Z"},
		{"+0000", "2026-11-03T10:00:00+0000", want + "Z"},
		{"+00", "2026-11-03T10:00:00+00", want + "Z"},
		{"east", "2026-11-03T15:30:00.5+05:30", want + ".5Z"},
		{"east without a colon", "2026-11-03T15:30:00+0530", want + "Z"},
		{"west", "2026-11-03T01:00:00-09", want + "Z"},
		{"west on another day", "2026-11-02T22:30:00-1130", want + "Z"},
		{"a leap second", "2026-12-31T23:59:60Z", "2027-01-01T00:00:00Z"},
		{"29 February", "2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"},
		{"29 February 2000", "2000-02-29T00:00:00Z", "2000-02-29T00:00:00Z"},
		{"far ahead", "2099-01-01T00:00:00Z", "2099-01-01T00:00:00Z"},
		{"the last second", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"},
		{"seconds", "1793700000", "2026-11-03T10:00:00Z"},
		{"seconds and a fraction", "1793700000.267042", want + ".267042Z"},
		{"milliseconds", "1793700000267", want + ".267Z"},
		{"milliseconds and a fraction", "1793700000267.5", want + ".2675Z"},
		{"microseconds", "1793700000267042", want + ".267042Z"},
		{"the first second in 9 digits", "100000000", "1973-03-03T09:46:40Z"},
		{"the last second in 10 digits", "9999999999", "2286-11-20T17:46:39Z"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			quoted, err := json.Marshal(tt.text)
			require.NoError(t, err)
			forms := map[string]func() (time.Time, error){
				"text": func() (time.Time, error) { return timestamp.Parse(tt.text) },
				"JSON": func() (time.Time, error) { return timestamp.FromJSON(quoted) },
			}
			if json.Valid([]byte(tt.text)) {
				forms["number"] = func() (time.Time, error) { return timestamp.FromJSON([]byte(tt.text)) }
			}
			for name, read := range forms {
				got, err := read()
				require.NoError(t, err, name)
				assert.Equal(t, tt.want, got.Format(time.RFC3339Nano), name)
				assert.Equal(t, time.UTC, got.Location(), name)
			}
		})
	}
}

func TestJSON(t *testing.T) {
	tests := []struct{ name, raw, want, err string }{
		{"absent", ``, "0001-01-01T00:00:00Z", ""},
		{"null", `null`, "0001-01-01T00:00:00Z", ""},
		{"white space around", " \"2026-11-03T10:00:00Z\"\n", want + "Z", ""},
		{"escapes", `"\u0032026-11-03T10:00:00\u005a"`, want + "Z", ""},
		{"an exponent, as Java writes a double", `1.7937000002670422E9`, want + ".267042Z", ""},
		{"an exponent and no fraction", `17937e5`, want + "Z", ""},

		{"an empty text", `""`, "", "the text is empty"},
		{"true", `true`, "", "true is neither a text nor a number"},
		{"an object", `{"seconds":1793700000}`, "", `{"seconds":1793700000} is neither a text nor a number`},
		{"a list, as Java writes a date", `[2026,11,3,10,0]`, "", "[2026,11,3,10,0] is neither a text nor a number"},
		{"zero", `0`, "", "0 is not a time since 1970 in seconds, milliseconds or microseconds"},
		{"below zero", `-1793700000`, "", "-1793700000 is not a time since 1970 in seconds, milliseconds or microseconds"},
		{"nanoseconds", `1793700000267042000`, "", "1793700000267042000 is not a time since 1970 in seconds, milliseconds or microseconds"},
		{"a large exponent", `1e300`, "", "1e300 is not a time since 1970 in seconds, milliseconds or microseconds"},
		{"an exponent past all numbers", `1e999`, "", "1e999 is not a time since 1970 in seconds, milliseconds or microseconds"},
		{"a quote that is not closed", `"2026-11-03T10:00:00Z`, "", `"2026-11-03T10:00:00Z is not JSON`},
		{"one quote", `"`, "", `" is not JSON`},
		{"not JSON", `"\x"`, "", `"\x" is not JSON`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := timestamp.FromJSON([]byte(tt.raw))
			if tt.err != "" {
				require.EqualError(t, err, tt.err)
				assert.True(t, got.IsZero())
				return
			}
			require.NoError(t, err)
			assert.Equal(t, tt.want, got.Format(time.RFC3339Nano))
		})
	}
}

func TestErrors(t *testing.T) {
	const form = "does not have the form 2026-11-03T10:00:00Z"
	const calendar = "has a month or a day that the calendar does not have"
	const clock = "has a time of day that the clock does not have"
	const zone = "has a zone other than Z or an offset such as +00:00"
	tests := []struct{ text, err string }{
		{"yesterday", form},
		{" ", form},
		{" 2026-11-03T10:00:00Z", form},
		{"2026-11-03T10:00:00Z ", zone},
		{"Tue, 03 Nov 2026 10:00:00 GMT", form},
		{"03.11.2026 10:00", form},
		{"2026/11/03 10:00:00", form},
		{"26-11-03T10:00:00Z", form},
		{"2026-1-3T10:00:00Z", form},
		{"12026-11-03T10:00:00Z", form},
		{"-2026-11-03T10:00:00Z", form},
		{"2026-11-03T", form},
		{"2026-11-03_10:00:00Z", form},
		{"2026-11-03  10:00:00Z", form},
		{"2026-11-03T1:00:00Z", form},
		{"2026-11-03T10", form},
		{"2026-11-03T10:00:0Z", form},
		{"2026-11-03T10:00:00.Z", form},
		{"20261103T100000Z", form},
		{"2026-11-03", "has a date, but no time of day"},
		{"2026-13-03T10:00:00Z", calendar},
		{"2026-00-03T10:00:00Z", calendar},
		{"2026-11-00T10:00:00Z", calendar},
		{"2026-11-31T10:00:00Z", calendar},
		{"2026-02-29T10:00:00Z", calendar},
		{"2100-02-29T10:00:00Z", calendar},
		{"2026-11-03T24:00:00Z", clock},
		{"2026-11-03T10:60:00Z", clock},
		{"2026-11-03T10:00:61Z", clock},
		{"2026-11-03T10:00:00 Z", zone},
		{"2026-11-03T10:00:00CET", zone},
		{"2026-11-03T10:00:00 UTC", zone},
		{"2026-11-03T10:00:00ZZ", zone},
		{"2026-11-03T10:00:00+0", zone},
		{"2026-11-03T10:00:00+000", zone},
		{"2026-11-03T10:00:00+00:00:00", zone},
		{"2026-11-03T10:00:00+24:00", zone},
		{"2026-11-03T10:00:00+00:60", zone},
		{"2026-11-03T10:00:00+00:00[Europe/Berlin]", zone},
		{"0001-01-01T00:00:00Z", "is not between the years 1 and 9999"},
		{"0000-12-31T23:59:59Z", "is not between the years 1 and 9999"},
		{"9999-12-31T23:59:59-00:01", "is not between the years 1 and 9999"},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			got, err := timestamp.Parse(tt.text)
			require.EqualError(t, err, `"`+tt.text+`" `+tt.err)
			assert.True(t, got.IsZero())
		})
	}
}

func TestDigitsThatAreNoTime(t *testing.T) {
	for _, text := range []string{"0", "7", "2026", "20261103", "20261103100000", "0179370000", "12345678901", "1793700000267042000", strings.Repeat("9", 40)} {
		_, err := timestamp.Parse(text)
		require.EqualError(t, err, text+" is not a time since 1970 in seconds, milliseconds or microseconds")
	}
}

func TestErrorOfALongText(t *testing.T) {
	_, err := timestamp.Parse(strings.Repeat("x", 10_000))
	require.EqualError(t, err, `"`+strings.Repeat("x", 60)+`…" does not have the form 2026-11-03T10:00:00Z`)
	_, err = timestamp.Parse(strings.Repeat("é", 10_000) + "\x1b[2J")
	require.EqualError(t, err, `"`+strings.Repeat("é", 30)+`…" does not have the form 2026-11-03T10:00:00Z`)
	_, err = timestamp.Parse("\x1b[2J")
	require.EqualError(t, err, `"\x1b[2J" does not have the form 2026-11-03T10:00:00Z`, "quoted, because it comes from outside")
}

func TestNoAllocation(t *testing.T) {
	raw := []byte(`"2026-11-03T10:00:00.267042Z"`)
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		if _, err := timestamp.FromJSON(raw); err != nil {
			t.Error(err)
		}
	}))
}

// FuzzFromJSON checks that nothing panics, that what time.Parse reads as RFC 3339 is read
// likewise, and that every time can be written again.
func FuzzFromJSON(f *testing.F) {
	for _, s := range []string{
		`"2026-11-03T10:00:00.267042Z"`, `"2026-11-03 10:00+00"`, `1793700000.5`, `1.79E9`, `null`, `"\u0032"`, `"`, `"9999-12-31t23:59:60-2359"`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := timestamp.FromJSON(raw)
		if err != nil {
			assert.True(t, got.IsZero())
			return
		}
		if !got.IsZero() {
			again, err := timestamp.Parse(got.Format(time.RFC3339Nano))
			require.NoError(t, err)
			assert.True(t, got.Equal(again))
		}
		var s string
		if json.Unmarshal(raw, &s) != nil {
			return
		}
		if strict, err := time.Parse(time.RFC3339Nano, s); err == nil {
			assert.True(t, got.Equal(strict), "%s: %s, %s", s, got, strict)
		}
	})
}

func BenchmarkFromJSON(b *testing.B) {
	raw := []byte(`"2026-11-03T10:00:00.267042Z"`)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := timestamp.FromJSON(raw); err != nil {
			b.Fatal(err)
		}
	}
}
