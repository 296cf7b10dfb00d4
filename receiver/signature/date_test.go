package signature_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/up42/up42-webhooks/receiver/signature"
)

// judgeDate verifies a request that covers a date, with a window of one second: the date
// is accepted only if it is exactly now.
func judgeDate(t testing.TB, date string, now time.Time) (what, faulty string) {
	t.Helper()
	r := request(fmt.Sprintf(`("date");created=%d`, now.Unix()), "Date", date)
	v := signature.New(signature.Policy{Secrets: []string{secret}, MaxAge: time.Second, MaxFuture: -1})
	res, err := v.Verify(r, now)
	return word(t, res, err), res.Faulty
}

func TestDates(t *testing.T) {
	first := time.Date(2026, 11, 3, 10, 0, 0, 0, time.UTC)
	tests := []struct {
		name, date string
		at         time.Time
	}{
		{"IMF-fixdate", "Tue, 03 Nov 2026 10:00:00 GMT", first},
		{"one digit, as Java's RFC_1123_DATE_TIME", "Tue, 3 Nov 2026 10:00:00 GMT", first},
		{"UTC", "Tue, 03 Nov 2026 10:00:00 UTC", first},
		{"+0000", "Tue, 03 Nov 2026 10:00:00 +0000", first},
		{"-0000", "Tue, 03 Nov 2026 10:00:00 -0000", first},
		{"one digit and +0000", "Tue, 3 Nov 2026 10:00:00 +0000", first},
		{"RFC 850", "Tuesday, 03-Nov-26 10:00:00 GMT", first},
		{"RFC 850, one digit", "Tuesday, 3-Nov-26 10:00:00 GMT", first},
		{"RFC 850, UTC", "Tuesday, 03-Nov-26 10:00:00 UTC", first},
		{"RFC 850, +0000", "Tuesday, 03-Nov-26 10:00:00 +0000", first},
		{"asctime", "Tue Nov  3 10:00:00 2026", first},
		{"asctime, a zero", "Tue Nov 03 10:00:00 2026", first},
		{"asctime, one digit", "Tue Nov 3 10:00:00 2026", first},
		{"asctime, two digits", "Fri Nov 13 10:00:00 2026", first.AddDate(0, 0, 10)},
		{"another weekday", "Sun, 03 Nov 2026 10:00:00 GMT", first},
		{"another long weekday", "Wednesday, 03-Nov-26 10:00:00 GMT", first},
		{"white space around", "  Tue, 3 Nov 2026 10:00:00 GMT \t", first},
		{"second 60", "Thu, 31 Dec 2026 23:59:60 GMT", time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)},
		{"second 60 in asctime", "Thu Dec 31 23:59:60 2026", time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)},
		{"29 February", "Tue, 29 Feb 2028 10:00:00 GMT", time.Date(2028, 2, 29, 10, 0, 0, 0, time.UTC)},
		{"29 February in two digits", "Tuesday, 29-Feb-28 10:00:00 GMT", time.Date(2028, 2, 29, 10, 0, 0, 0, time.UTC)},
		{"the next century in two digits", "Friday, 01-Jan-00 00:00:00 GMT", time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)},
	}
	for i, day := range []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"} {
		tests = append(tests, []struct {
			name, date string
			at         time.Time
		}{
			{day, day[:3] + ", 2 Nov 2026 10:00:00 GMT", first.AddDate(0, 0, -1)},
			{day + " in RFC 850", fmt.Sprintf("%s, %02d-Nov-26 10:00:00 GMT", day, 2+i), first.AddDate(0, 0, i-1)},
		}...)
	}
	for month := time.January; month <= time.December; month++ {
		at := time.Date(2026, month, 9, 0, 0, 0, 0, time.UTC)
		for _, layout := range []string{"Mon, 2 Jan 2006 15:04:05 GMT", "Monday, 02-Jan-06 15:04:05 GMT", time.ANSIC} {
			tests = append(tests, struct {
				name, date string
				at         time.Time
			}{layout, at.Format(layout), at})
		}
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, _ := judgeDate(t, tt.date, tt.at)
			assert.Equal(t, "partial", got, tt.date)
			got, faulty := judgeDate(t, tt.date, tt.at.Add(time.Second))
			assert.Equal(t, "stale", got, "a second later")
			assert.Equal(t, "date", faulty)
			got, _ = judgeDate(t, tt.date, tt.at.Add(-time.Second))
			assert.Equal(t, "future", got, "a second earlier")
		})
	}
}

// A year of two digits more than 50 years ahead means the latest such year in the past,
// RFC 9110 §5.6.7.
func TestTheCenturyOfADate(t *testing.T) {
	now := time.Date(2026, 11, 3, 10, 0, 0, 0, time.UTC)
	for date, want := range map[string]string{
		"Tuesday, 03-Nov-26 10:00:00 GMT":   "partial",
		"Tuesday, 03-Nov-27 10:00:00 GMT":   "future",
		"Tuesday, 03-Nov-76 10:00:00 GMT":   "future", // 50 years ahead
		"Thursday, 05-Nov-76 10:00:00 GMT":  "stale",  // 1976
		"Thursday, 03-Nov-77 10:00:00 GMT":  "stale",  // 1977
		"Wednesday, 03-Nov-99 10:00:00 GMT": "stale",
		"Friday, 03-Nov-00 10:00:00 GMT":    "stale",
		"Tuesday, 29-Feb-00 10:00:00 GMT":   "stale", // 2000 had that day
		"Monday, 29-Feb-99 10:00:00 GMT":    "component-malformed",
	} {
		got, _ := judgeDate(t, date, now)
		assert.Equal(t, want, got, date)
	}
}

func TestTextsThatAreNoDate(t *testing.T) {
	now := time.Date(2026, 11, 3, 10, 0, 0, 0, time.UTC)
	for _, date := range []string{
		// none
		"yesterday", "0", "1793700000", "GMT", "Tue", "Tue,", "Tuesday, ",
		// other standards
		"2026-11-03T10:00:00Z", "2026-11-03 10:00:00", "Tue, 2026-11-03 10:00:00 GMT", "Tue, 03 Nov 2026 10:00:00.000 GMT",
		// names
		"tue, 03 Nov 2026 10:00:00 GMT", "TUE, 03 NOV 2026 10:00:00 GMT", "Tue, 03 nov 2026 10:00:00 GMT", "Tue, 03 November 2026 10:00:00 GMT",
		"Die, 03 Nov 2026 10:00:00 GMT", "Tue, 03 Mai 2026 10:00:00 GMT", "ue , 03 Nov 2026 10:00:00 GMT", "Tue, 03 ov  2026 10:00:00 GMT",
		"Tues, 03-Nov-26 10:00:00 GMT", "Tuesday 03-Nov-26 10:00:00 GMT", "Monsday, 03-Nov-26 10:00:00 GMT", "tuesday, 03-Nov-26 10:00:00 GMT",
		"tue Nov  3 10:00:00 2026", "Tue nov  3 10:00:00 2026",
		// separators
		"Tue 03 Nov 2026 10:00:00 GMT", "Tue,03 Nov 2026 10:00:00 GMT", "Tue,  03 Nov 2026 10:00:00 GMT", "Tue, 03  Nov 2026 10:00:00 GMT",
		"Tue, 03 Nov 2026  10:00:00 GMT", "Tue, 03 Nov 2026 10:00:00  GMT", "Tue, 03 Nov 2026 10:00:00GMT", "Tue, 03\tNov 2026 10:00:00 GMT",
		"Tue, 03-Nov-2026 10:00:00 GMT", "Tue, 03-Nov-26 10:00:00 GMT", "Tuesday, 03 Nov 26 10:00:00 GMT", "Tuesday, 03-Nov 26 10:00:00 GMT",
		"Tue, 03 Nov 2026 10.00.00 GMT", "Tue Nov  03 10:00:00 2026", "Tue Nov   3 10:00:00 2026", "Tue  Nov 3 10:00:00 2026", "Tue, Nov  3 10:00:00 2026",
		// numbers
		"Tue, 003 Nov 2026 10:00:00 GMT", "Tue,  3 Nov 2026 10:00:00 GMT", "Tue, x3 Nov 2026 10:00:00 GMT", "Tue, +3 Nov 2026 10:00:00 GMT", "Tue, -3 Nov 2026 10:00:00 GMT",
		"Tue, 03 Nov 26 10:00:00 GMT", "Tue, 03 Nov 02026 10:00:00 GMT", "Tuesday, 03-Nov-2026 10:00:00 GMT", "Tue Nov  3 10:00:00 26", "Tue Nov  3 10:00:00 20266",
		"Tue, 03 Nov 2026 1:00:00 GMT", "Tue, 03 Nov 2026 10:00 GMT", "Tue, 03 Nov 2026 10:00:0 GMT", "Tue, 03 Nov 2026 10:00:000 GMT",
		// the calendar and the clock
		"Tue, 00 Nov 2026 10:00:00 GMT", "Tue, 0 Nov 2026 10:00:00 GMT", "Tue, 31 Nov 2026 10:00:00 GMT", "Tue, 41 Nov 2026 10:00:00 GMT", "Sat, 29 Feb 2026 10:00:00 GMT",
		"Mon, 29 Feb 2100 10:00:00 GMT", "Tue, 03 Nov 2026 24:00:00 GMT", "Tue, 03 Nov 2026 10:60:00 GMT", "Tue, 03 Nov 2026 10:00:61 GMT", "Tue Feb 30 10:00:00 2026",
		"Tuesday, 31-Nov-26 10:00:00 GMT",
		// zones
		"Tue, 03 Nov 2026 10:00:00", "Tue, 03 Nov 2026 10:00:00 ", "Tue, 03 Nov 2026 10:00:00 Z", "Tue, 03 Nov 2026 10:00:00 UT", "Tue, 03 Nov 2026 10:00:00 gmt",
		"Tue, 03 Nov 2026 10:00:00 CET", "Tue, 03 Nov 2026 10:00:00 EST", "Tue, 03 Nov 2026 10:00:00 +0100", "Tue, 03 Nov 2026 10:00:00 +00:00", "Tue, 03 Nov 2026 10:00:00 GMT+00",
		"Tue, 03 Nov 2026 10:00:00 +00000", "Tue Nov  3 10:00:00 2026 GMT", "Tue Nov  3 10:00:00 GMT 2026", "Tuesday, 03-Nov-26 10:00:00",
		// no day of the week
		"03 Nov 2026 10:00:00 GMT", "3 Nov 2026 10:00:00 GMT", "03-Nov-26 10:00:00 GMT", "Nov  3 10:00:00 2026",
		// something around it
		"Tue, 03 Nov 2026 10:00:00 GMT x", "xTue, 03 Nov 2026 10:00:00 GMT", "Tue, 03 Nov 2026 10:00:00 GMT;", `"Tue, 03 Nov 2026 10:00:00 GMT"`,
		"Tue, 03 Nov 2026 10:00:00 GMTTue, 03 Nov 2026 10:00:00 GMT", "Tue, 03 Nov 2026 10:00:00 GMT, Tue, 03 Nov 2026 10:00:00 GMT",
		"Tue, 3 Nov 2026 10:00:00 GMT x", "Tuesday, 03-Nov-26 10:00:00 GMT x", "Tue Nov  3 10:00:00 2026 x", "Tue, 03 Nov 2026 10:00:00 GMT (UTC)",
	} {
		t.Run(date, func(t *testing.T) {
			got, faulty := judgeDate(t, date, now)
			assert.Equal(t, "component-malformed", got)
			assert.Equal(t, "date", faulty)
		})
	}
}

func TestADateGivenTwice(t *testing.T) {
	const date = "Tue, 3 Nov 2026 10:00:00 GMT"
	now := time.Date(2026, 11, 3, 10, 0, 0, 0, time.UTC)
	r := request(fmt.Sprintf(`("date");created=%d`, now.Unix()), "Date", date, "Date", date)
	res, err := signature.New(signature.Policy{Secrets: []string{secret}}).Verify(r, now)
	assert.Equal(t, "component-repeated", word(t, res, err))
}

// No part of a date at its begin or its end is a date itself. Otherwise bytes could move
// between the date and the value before or after it.
func TestNoDateIsPartOfAnother(t *testing.T) {
	now := time.Date(2026, 11, 3, 10, 0, 0, 0, time.UTC)
	rapid.Check(t, func(rt *rapid.T) {
		at := time.Unix(rapid.Int64Range(now.Unix()-1<<29, now.Unix()+1<<29).Draw(rt, "seconds"), 0).UTC()
		layout := rapid.SampledFrom([]string{"Mon, 02 Jan 2006", "Mon, 2 Jan 2006", "Monday, 02-Jan-06", "Mon Jan _2"}).Draw(rt, "layout")
		switch zone := rapid.SampledFrom([]string{" GMT", " UTC", " +0000", " -0000"}).Draw(rt, "zone"); layout {
		case "Mon Jan _2":
			layout += " 15:04:05 2006"
		default:
			layout += " 15:04:05" + zone
		}
		date := at.Format(layout)
		got, _ := judgeDate(t, date, at)
		if got != "partial" {
			rt.Fatalf("%q is %s", date, got)
		}
		for i := 1; i < len(date); i++ {
			for _, part := range []string{date[:i], date[i:]} {
				if strings.Trim(part, " ") != part {
					continue // it would be trimmed
				}
				if got, _ := judgeDate(t, part, at); got != "component-malformed" {
					rt.Fatalf("%q of %q is %s", part, date, got)
				}
			}
		}
	})
}
