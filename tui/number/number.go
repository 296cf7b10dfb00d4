// Package number writes numbers for people.
package number

import "strconv"

// Format returns a number with commas between its thousands.
func Format(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Of returns a number and the word for what is counted.
func Of(n int64, one, many string) string { return Format(n) + " " + Plural(n, one, many) }

// Plural returns the word for n things.
func Plural(n int64, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// Bytes returns a number of bytes in words, without commas.
func Bytes(n int) string { return strconv.Itoa(n) + " " + Plural(int64(n), "byte", "bytes") }
