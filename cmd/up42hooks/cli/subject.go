package cli

import "github.com/spf13/pflag"

// Subject is what a flag is about. Help and documents group flags by it.
type Subject string

// The subjects.
const (
	Receiver     Subject = "Receiver and network"
	Verification Subject = "Verification"
	Store        Subject = "Store"
	Selection    Subject = "Selection of events"
	Forwarding   Subject = "Forwarding"
	Team         Subject = "A team's stream"
	Notices      Subject = "Notices"
	Tunnel       Subject = "Tunnel"
	Account      Subject = "UP42's account"
	Screen       Subject = "Screen"
	Log          Subject = "Log and configuration"
)

// Subjects returns all subjects, in the order of help and documents.
func Subjects() []Subject {
	return []Subject{Receiver, Verification, Store, Selection, Forwarding, Team, Notices, Tunnel, Account, Screen, Log}
}

// subjectKey is the key of a flag's annotation.
const subjectKey = "up42hooks/subject"

// SetSubject says what a flag is about.
func SetSubject(f *pflag.Flag, s Subject) {
	f.Annotations = map[string][]string{subjectKey: {string(s)}}
}

// subjectOf returns what a flag is about. It is empty for a flag of one command.
func subjectOf(f *pflag.Flag) Subject {
	if of := f.Annotations[subjectKey]; len(of) > 0 {
		return Subject(of[0])
	}
	return ""
}
