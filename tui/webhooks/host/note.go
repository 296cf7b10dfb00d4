package host

import "github.com/up42/up42-webhooks/tui/text"

// NoteKind says what a note is about.
type NoteKind int

// The kinds of notes.
const (
	Info    NoteKind = iota // something is done
	Hint                    // why a key did nothing
	Failure                 // what went wrong
)

// Notes shows a note on the screen.
type Notes func(kind NoteKind, words string)

// Info says that something is done.
func (n Notes) Info(words string) { n(Info, text.Clean(words, 0)) }

// Hint says why a key did nothing.
func (n Notes) Hint(words string) { n(Hint, text.Clean(words, 0)) }

// Failure says what went wrong.
func (n Notes) Failure(words string) { n(Failure, text.Clean(words, 0)) }
