package prompt

import "github.com/up42/up42-webhooks/tui/text"

// Fault points at what is wrong with a text.
type Fault struct {
	// From and To are offsets in bytes. They are equal if something is missing.
	From, To int
	Words    string // clean
	// Instead is what the user probably meant. It may be empty.
	Instead string
	// Mild: the text may only be unfinished, or the word may be right although it
	// is not known here.
	Mild bool
}

// at reports whether the character at an offset is wrong.
func (f *Fault) at(offset int) bool {
	return f != nil && f.From <= offset && offset < max(f.To, f.From+1)
}

// missingAt reports whether something is missing at an offset.
func (f *Fault) missingAt(offset int) bool {
	return f != nil && f.From == f.To && f.From == offset
}

// explain says what is wrong. With too little room for all of it, it says only
// what the user probably meant.
func (f *Fault) explain(room int) string {
	if f.Instead == "" {
		return f.Words
	}
	meant := `did you mean "` + f.Instead + `"?`
	if all := f.Words + "; " + meant; text.Width(all) <= room {
		return all
	}
	return meant
}
