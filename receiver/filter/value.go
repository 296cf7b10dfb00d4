package filter

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter/nearest"
)

// value is one thing that a key is asked for.
type value struct {
	// key is what is asked: that of a value of is: is final, live or class.
	key  Key
	text string // as it is written
	want string // text as it is compared
	yes  bool
	like bool // want has a *

	class  receiver.Class
	trust  receiver.Trust
	lo, hi int64 // both inclusive

	at  time.Time // zero: ago before now
	ago time.Duration
}

// errValue says that a value is none of its key's.
var errValue = errors.New("no such value")

// valueOf reads a value. Its error is for the one who wrote it; errValue: none
// of those that [Key.Values] has.
func valueOf(k Key, text string) (value, error) {
	v := value{key: k, text: text, want: strings.ToLower(text)}
	switch k {
	case Status:
		v.want = receiver.Status(text).Canonical()
		v.like = strings.Contains(v.want, "*")
		return v, nil
	case Event:
		v.like = strings.Contains(v.want, "*")
		return v, nil
	case Class, Is, Final, Live, Kind, Verdict, Reason:
		return v, v.choose()
	case Seq:
		return v, v.readSeq()
	case Since, Until:
		return v, v.readMoment()
	case Secret:
		v.want = text
		return v, nil
	default:
		return v, nil
	}
}

// choose takes a value of those that its key has.
func (v *value) choose() error {
	switch v.want {
	case "canceled":
		v.want = "cancelled" // both occur in UP42's statuses
	case "in-progress", "in_progress", "in progress":
		v.want = "progress"
	}
	known := v.key.Values()
	if v.key == Reason && strings.Contains(v.want, "*") {
		v.like = true
		if !slices.ContainsFunc(known, func(word string) bool { return matches(v.want, word) }) {
			return errValue
		}
		return nil
	}
	if !slices.Contains(known, v.want) {
		return errValue
	}
	v.text = v.want
	switch v.key {
	case Final, Live:
		v.yes = v.want == "true"
	case Verdict:
		v.trust = receiver.Verdict(v.want).Trust()
	case Class:
		v.class, _ = receiver.ClassOf(v.want)
	case Is:
		v.is()
	}
	return nil
}

// is finds out which key a value of is: belongs to.
func (v *value) is() {
	switch v.want {
	case "final":
		v.key, v.yes = Final, true
	case "live", "test":
		v.key, v.yes = Live, v.want == "live"
	default:
		v.key = Class
		v.class, _ = receiver.ClassOf(v.want)
	}
}

// readSeq reads a number or a range of them.
func (v *value) readSeq() (err error) {
	v.lo, v.hi = 0, math.MaxInt64
	from, to, isRange := strings.Cut(v.text, "..")
	number := func(s string) int64 {
		n, e := strconv.ParseInt(s, 10, 64)
		if e != nil || n < 0 || n == math.MaxInt64 {
			err = errors.New("want a number like 100, >100, >=100, <100, <=100 or 100..200")
		}
		return n
	}
	switch {
	case isRange:
		v.lo, v.hi = number(from), number(to)
	case strings.HasPrefix(v.text, ">="):
		v.lo = number(v.text[2:])
	case strings.HasPrefix(v.text, "<="):
		v.hi = number(v.text[2:])
	case strings.HasPrefix(v.text, ">"):
		v.lo = number(v.text[1:]) + 1
	case strings.HasPrefix(v.text, "<"):
		v.hi = number(v.text[1:]) - 1
	default:
		v.lo = number(v.text)
		v.hi = v.lo
	}
	return err
}

// readMoment reads how long ago, or a time.
func (v *value) readMoment() error {
	if d, ok := parseAgo(v.text); ok {
		v.ago = d
		return nil
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, strings.ToUpper(v.text)); err == nil && !t.IsZero() {
			v.at = t
			return nil
		}
	}
	return errors.New("want how long ago, like 10m, 24h or 2d, or a time like 2026-01-31T12:00:00Z or 2026-01-31")
}

// ParseTime reads what the keys since and until take: how long before now, such as
// 10m or 2d, or a time.
func ParseTime(s string, now time.Time) (time.Time, error) {
	v := value{text: s}
	if err := v.readMoment(); err != nil {
		return time.Time{}, err
	}
	return v.moment(now), nil
}

// moment is the time that is meant, which moves where it is so long ago.
func (v *value) moment(now time.Time) time.Time {
	if v.at.IsZero() {
		return now.Add(-v.ago)
	}
	return v.at
}

// parseAgo is time.ParseDuration with days and weeks, and without signs.
func parseAgo(s string) (sum time.Duration, ok bool) {
	const day = 24 * time.Hour
	units := []struct {
		name string
		unit time.Duration
	}{{"w", 7 * day}, {"d", day}, {"", 1}}
	if s == "" || strings.ContainsAny(s, "+-") {
		return 0, false
	}
	for _, u := range units {
		number, rest, found := strings.Cut(s, u.name)
		switch {
		case u.name == "" && s != "":
			d, err := time.ParseDuration(s)
			if err != nil || d > math.MaxInt64-sum {
				return 0, false
			}
			sum += d
		case u.name != "" && found:
			n, err := strconv.ParseUint(number, 10, 16)
			if err != nil || time.Duration(n) > (math.MaxInt64-sum)/u.unit {
				return 0, false
			}
			sum, s = sum+time.Duration(n)*u.unit, rest
		}
	}
	return sum, true
}

// fault makes an Error of what is wrong with a value, but for its place.
func fault(k Key, text string, err error) *Error {
	if !errors.Is(err, errValue) {
		return &Error{Msg: string(k) + ": " + err.Error()}
	}
	known := k.Values()
	e := &Error{Suggestion: nearest.Word(text, known)}
	if k == Reason { // they are many
		e.Msg = "no such reason"
		return e
	}
	last := len(known) - 1
	e.Msg = fmt.Sprintf("%s: want %s or %s", k, strings.Join(known[:last], ", "), known[last])
	return e
}
