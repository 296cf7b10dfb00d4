package filter

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/receiver"
)

// value is one value of a word.
type value struct {
	key  Key    // what it is compared with; for a value of is: this is final, live or class
	text string // as in the expression
	want string // text in the form in which it is compared

	pattern bool // want has a *
	yes     bool // of final and live
	class   receiver.Class
	trust   receiver.Trust

	low, high int64 // of seq, both inclusive

	at  time.Time     // of since and until; zero: ago before now
	ago time.Duration // used if at is zero
	// midnight says that since and until mean the start of a day: today's, or that long ago.
	midnight bool
}

// errValue is the error of a value that is not one of the key's known values.
var errValue = errors.New("no such value")

// The functions below read the text of a value, as far as newValue did not. Known are
// the values of the key. Their errors tell the user what to write instead; for errValue
// the caller does.

func newValue(k Key, text string) value {
	return value{key: k, text: text, want: strings.ToLower(text)}
}

func readText(*value, []string) error { return nil }

func readExact(v *value, _ []string) error {
	v.want = v.text
	return nil
}

func readPattern(v *value, _ []string) error {
	v.pattern = strings.Contains(v.want, "*")
	return nil
}

func readStatus(v *value, _ []string) error {
	v.want = receiver.Status(v.text).Canonical()
	v.pattern = strings.Contains(v.want, "*")
	return nil
}

// readReason takes a known reason, or a pattern that matches one.
func readReason(v *value, known []string) error {
	v.pattern = strings.Contains(v.want, "*")
	if !v.isOneOf(known) {
		return errValue
	}
	if !v.pattern {
		v.text = v.want
	}
	return nil
}

func readChoice(v *value, known []string) error {
	if !slices.Contains(known, v.want) {
		return errValue
	}
	v.text = v.want
	return nil
}

func readBool(v *value, known []string) error {
	v.yes = v.want == "true"
	return readChoice(v, known)
}

func readVerdict(v *value, known []string) error {
	v.trust = receiver.Verdict(v.want).Trust()
	return readChoice(v, known)
}

func readClass(v *value, known []string) error {
	switch v.want {
	case "canceled": // UP42 has statuses with both spellings
		v.want = "cancelled"
	case "in-progress", "in_progress", "in progress":
		v.want = "progress"
	case "in-trouble", "in_trouble", "in trouble":
		v.want = "trouble"
	case "needs-you", "needs_you", "needs you":
		v.want = "waiting"
	}
	v.class, _ = receiver.ClassOf(v.want)
	return readChoice(v, known)
}

// readIs also sets the key that the value belongs to.
func readIs(v *value, known []string) error {
	if err := readClass(v, known); err != nil {
		return err
	}
	switch v.want {
	case "final":
		v.key, v.yes = Final, true
	case "live", "test":
		v.key, v.yes = Live, v.want == "live"
	default:
		v.key = Class
	}
	return nil
}

// readSeq reads a number or a range of numbers.
func readSeq(v *value, _ []string) (err error) {
	number := func(s string) int64 {
		n, e := strconv.ParseInt(s, 10, 64)
		if e != nil || n < 0 || n == math.MaxInt64 {
			err = errors.New("want a number like 100, >100, >=100, <100, <=100 or 100..200")
		}
		return n
	}
	v.low, v.high = 0, math.MaxInt64
	from, to, isRange := strings.Cut(v.text, "..")
	switch {
	case isRange:
		v.low, v.high = number(from), number(to)
	case strings.HasPrefix(v.text, ">="):
		v.low = number(v.text[2:])
	case strings.HasPrefix(v.text, "<="):
		v.high = number(v.text[2:])
	case strings.HasPrefix(v.text, ">"):
		v.low = number(v.text[1:]) + 1
	case strings.HasPrefix(v.text, "<"):
		v.high = number(v.text[1:]) - 1
	default:
		v.low = number(v.text)
		v.high = v.low
	}
	return err
}

// momentLayouts are how a time can be written. Without a zone it is in UTC.
var momentLayouts = []string{
	time.RFC3339, time.DateOnly, "2006-01-02T15:04:05", "2006-01-02T15:04", time.DateTime, "2006-01-02 15:04",
}

// readMoment reads a duration before now, a day by its name, or a time.
func readMoment(v *value, _ []string) error {
	if d, ok := parseAgo(strings.TrimSuffix(v.text, " ago")); ok {
		v.ago = d
		return nil
	}
	switch strings.ToLower(v.text) {
	case "now":
		return nil
	case "today":
		v.midnight = true
		return nil
	case "yesterday":
		v.midnight, v.ago = true, 24*time.Hour
		return nil
	}
	for _, layout := range momentLayouts {
		if t, err := time.Parse(layout, strings.ToUpper(v.text)); err == nil && !t.IsZero() {
			v.at = t
			return nil
		}
	}
	return errors.New("want how long ago, like 10m, 24h or 2d, or today, yesterday, or a time like 2026-01-31T12:00:00Z or 2026-01-31")
}

// ParseTime reads a value of the keys since and until: a duration before now, such as
// 10m or 2d, or a time.
func ParseTime(s string, now time.Time) (time.Time, error) {
	v := value{text: s}
	if err := readMoment(&v, nil); err != nil {
		return time.Time{}, err
	}
	return v.moment(now), nil
}

// moment returns the time that a value of since or until means now.
func (v *value) moment(now time.Time) time.Time {
	switch {
	case v.midnight: // of a day in UTC, all of which have 24 hours
		return now.UTC().Truncate(24 * time.Hour).Add(-v.ago)
	case v.at.IsZero():
		return now.Add(-v.ago)
	default:
		return v.at
	}
}

// equals compares with a text in the form of want.
func (v *value) equals(s string) bool {
	if v.pattern {
		return matchesPattern(v.want, s)
	}
	return s == v.want
}

// isOneOf reports whether the value equals a known one, or is a pattern of one.
func (v *value) isOneOf(known []string) bool { return slices.ContainsFunc(known, v.equals) }

// parseAgo reads a duration like time.ParseDuration does, with days and weeks, without
// signs.
func parseAgo(s string) (sum time.Duration, ok bool) {
	const day = 24 * time.Hour
	if s == "" || strings.ContainsAny(s, "+-") {
		return 0, false
	}
	for _, u := range []struct {
		name string
		unit time.Duration
	}{{"w", 7 * day}, {"d", day}} {
		number, rest, found := strings.Cut(s, u.name)
		if !found {
			continue
		}
		n, err := strconv.ParseUint(number, 10, 16)
		if err != nil || time.Duration(n) > (math.MaxInt64-sum)/u.unit {
			return 0, false
		}
		sum, s = sum+time.Duration(n)*u.unit, rest
	}
	if s == "" {
		return sum, true
	}
	d, err := time.ParseDuration(s)
	if err != nil || d > math.MaxInt64-sum {
		return 0, false
	}
	return sum + d, true
}
