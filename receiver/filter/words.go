package filter

import "strings"

// Word is a text that a filter looks for.
type Word struct {
	// Key is what is looked at. Of is:failed that is class.
	Key  Key
	Text string
}

// Words returns the texts that the filter looks for, so that they can be marked. Words that are
// excluded, numbers and times are left out. Of a pattern it returns what is between the stars.
func (f *Filter) Words() (all []Word) {
	if f == nil {
		return nil
	}
	for i := range f.terms {
		if t := &f.terms[i]; !t.not {
			for j := range t.values {
				all = append(all, t.values[j].words()...)
			}
		}
	}
	return all
}

func (v *value) words() (all []Word) {
	switch v.key {
	case Seq, Since, Until, Final, Live:
		return nil
	}
	want := strings.TrimPrefix(v.want, exactly)
	if !v.pattern {
		return []Word{{v.key, want}}
	}
	for part := range strings.SplitSeq(want, "*") {
		if part != "" {
			all = append(all, Word{v.key, part})
		}
	}
	return all
}
