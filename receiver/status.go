package receiver

import "strings"

// Status is a status as UP42 sent it. Two statuses are the same if their canonical
// forms are; see Is.
type Status string

// Canonical returns the status in upper case with underscores for spaces: UP42 sends
// both `FAILED PERMANENTLY` and `FAILED_PERMANENTLY`.
func (s Status) Canonical() string {
	return strings.ToUpper(strings.ReplaceAll(string(s), " ", "_"))
}

// Is says whether two statuses are the same in their canonical form.
func (s Status) Is(other Status) bool {
	return s == other || s.Canonical() == other.Canonical()
}

// Class groups statuses by what they mean for the owner of an order or job.
type Class uint8

// The classes. The store keeps their numbers: never change one, add new ones at the
// end.
const (
	InProgress Class = iota
	Succeeded
	Failed
	Cancelled
	Ended // final according to the event, but with an unknown status
)

var classNames = [...]struct{ name, word string }{
	InProgress: {"in progress", "progress"},
	Succeeded:  {"succeeded", "succeeded"},
	Failed:     {"failed", "failed"},
	Cancelled:  {"cancelled", "cancelled"},
	Ended:      {"ended", "ended"},
}

// Classes returns all classes, in the order in which texts list them.
func Classes() []Class { return []Class{Succeeded, Failed, Cancelled, InProgress, Ended} }

// ClassOf returns the class that has this Word; ok is false if no class has it.
func ClassOf(word string) (c Class, ok bool) {
	for i := range classNames {
		if classNames[i].word == word {
			return Class(i), true
		}
	}
	return InProgress, false
}

// String returns the class as it is shown, such as "in progress".
func (c Class) String() string { return c.names().name }

// Word returns the class in one word, as filters name it, such as "progress".
func (c Class) Word() string { return c.names().word }

func (c Class) names() struct{ name, word string } {
	if int(c) < len(classNames) {
		return classNames[c]
	}
	return classNames[InProgress]
}

// orEnded is the class of a status whose event says whether it is final, which
// matters if the status alone looks in progress.
func (c Class) orEnded(final bool) Class {
	if c == InProgress && final {
		return Ended
	}
	return c
}
