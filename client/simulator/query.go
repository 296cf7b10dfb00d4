package simulator

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// count reads a number from 0 on. A number above most is read as most.
func count(q url.Values, name string, otherwise, most int) (n int, ok bool) {
	text := q.Get(name)
	if text == "" {
		return otherwise, true
	}
	n, err := strconv.Atoi(text)
	return min(n, most), err == nil && n >= 0
}

// list returns all values of a name. A query may repeat the name, or have commas between
// values.
func list(q url.Values, name string) []string {
	var out []string
	for _, value := range q[name] {
		for part := range strings.SplitSeq(value, ",") {
			if part != "" {
				out = append(out, part)
			}
		}
	}
	return out
}

// anyOr reports whether a value is among those wanted. An empty list wants all.
func anyOr(wanted []string, value string) bool {
	return len(wanted) == 0 || slices.Contains(wanted, value)
}
