// Package notify tells people of deliveries: rules say of which, how, and when
// not.
//
// What comes in a burst becomes one message: a rule gathers for a moment, keeps
// its distance between two messages, and holds its tongue in its quiet hours.
// However much comes in, what waits to be told takes little memory, and who
// writes the log never waits.
package notify
