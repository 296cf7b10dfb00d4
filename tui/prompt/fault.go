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

	refused bool // enter was pressed, and the text was not taken
}

// at reports whether the character at an offset is wrong.
func (f *Fault) at(offset int) bool {
	return f != nil && f.From <= offset && offset < max(f.To, f.From+1)
}

// missingAt reports whether something is missing at an offset.
func (f *Fault) missingAt(offset int) bool {
	return f != nil && f.From == f.To && f.From == offset
}

// whole says what is wrong, and what the user probably meant.
func (f *Fault) whole() string {
	if f.Instead == "" {
		return f.Words
	}
	return f.Words + "; " + f.meant()
}

// explain is whole. With too little room it says only what the user probably meant.
func (f *Fault) explain(room int) string {
	if all := f.whole(); f.Instead == "" || text.Width(all) <= room {
		return all
	}
	return f.meant()
}

func (f *Fault) meant() string { return `did you mean "` + f.Instead + `"?` }
