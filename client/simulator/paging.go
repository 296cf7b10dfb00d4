package simulator

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// sorts are comparisons of subjects, by the name that a query gives them.
type sorts map[string]func(a, b *subject) int

// parse reads a query's sort, like "createdAt,desc". Without one the newest come
// first; without a direction it is ascending. Ties are broken by id, so that
// pages fit together.
func (s sorts) parse(q url.Values, newest string) (compare func(a, b *subject) int, ok bool) {
	field, direction, _ := strings.Cut(cmp.Or(q.Get("sort"), newest+",desc"), ",")
	by := s[field]
	direction = strings.ToLower(cmp.Or(direction, "asc"))
	if by == nil || direction != "asc" && direction != "desc" {
		return nil, false
	}
	return func(a, b *subject) int {
		c := by(a, b)
		if direction == "desc" {
			c = -c
		}
		return cmp.Or(c, cmp.Compare(a.id, b.id))
	}, true
}

// sorted are the subjects that pass a filter, in an order.
func (s shelf) sorted(compare func(a, b *subject) int, pass func(*subject) bool) []*subject {
	var out []*subject
	for _, x := range s {
		if pass(x) {
			out = append(out, x)
		}
	}
	slices.SortFunc(out, compare)
	return out
}

// count reads a number of a query that is not negative; more than most is most.
func count(q url.Values, name string, otherwise, most int) (n int, ok bool) {
	text := q.Get(name)
	if text == "" {
		return otherwise, true
	}
	n, err := strconv.Atoi(text)
	return min(n, most), err == nil && n >= 0
}

// list are all values of a name, given one by one or with commas.
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

// anyOr says whether a value is wanted; where nothing is, all are.
func anyOr(wanted []string, value string) bool {
	return len(wanted) == 0 || slices.Contains(wanted, value)
}

// ownOrAny: a list is that of the account's workspace, named or not.
func (s *Simulator) ownOrAny(q url.Values) bool {
	workspace := q.Get("workspaceId")
	return workspace == "" || workspace == s.workspace
}
