package simulator

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
)

// maxEnded is how many final subjects a list keeps.
const maxEnded = 500

// subjectList has subjects of one kind, the oldest first.
type subjectList []*subject

func (s *subjectList) add(x *subject) { *s = append(*s, x) }

// trim removes the final subject that changed first if there are too many.
func (s *subjectList) trim() {
	ended, oldest := 0, -1
	for i, x := range *s {
		if !x.final {
			continue
		}
		ended++
		if oldest < 0 || x.updated.Before((*s)[oldest].updated) {
			oldest = i
		}
	}
	if ended > maxEnded {
		*s = slices.Delete(*s, oldest, oldest+1)
	}
}

// find returns the subject with an id, nil if it does not exist.
func (s subjectList) find(id string) *subject {
	for _, x := range s {
		if x.id == id {
			return x
		}
	}
	return nil
}

// sorts are the comparisons that a query can name.
type sorts map[string]func(a, b *subject) int

// parse reads the parameter sort of a query, such as "createdAt,desc". The default is the
// newest first; the default direction is ascending. Subjects that compare equal are sorted
// by id, so that pages fit together.
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

// sorted returns the subjects that pass a filter, in an order.
func (s subjectList) sorted(compare func(a, b *subject) int, pass func(*subject) bool) []*subject {
	var out []*subject
	for _, x := range s {
		if pass(x) {
			out = append(out, x)
		}
	}
	slices.SortFunc(out, compare)
	return out
}
