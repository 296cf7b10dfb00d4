// Package note has the kinds of notes: short lines in the footer that say what a
// key did, or why it did nothing.
package note

// Kind says what a note is about.
type Kind int

// The kinds of notes.
const (
	Info    Kind = iota // something is done
	Hint                // why a key did nothing
	Failure             // what went wrong
	Begun               // something is under way, and another note will follow
)

// Say shows a note. Its words may come from outside, but must hold no secret. The
// functions of a nil Say do nothing. Only Update may call it.
type Say func(kind Kind, words string)

// Info says that something is done.
func (s Say) Info(words string) { s.say(Info, words) }

// Hint says why a key did nothing.
func (s Say) Hint(words string) { s.say(Hint, words) }

// Begun says that something is under way.
func (s Say) Begun(words string) { s.say(Begun, words) }

// Failure says what went wrong.
func (s Say) Failure(words string) { s.say(Failure, words) }

func (s Say) say(kind Kind, words string) {
	if s != nil {
		s(kind, words)
	}
}
