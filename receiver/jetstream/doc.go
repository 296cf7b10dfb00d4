// Package jetstream connects receivers and their readers into a team: it keeps the team's log
// in a stream of NATS JetStream.
//
// A receiver commits an event to its own store first, as ever. A [Team] is a reader of that
// store with a checkpoint, and publishes each event on a subject of its own:
//
//	up42.<workspace or _>.<kind>.<id>.<message key>
//
// The body is the data of the message, byte for byte; what the receiver knows besides (headers,
// verdict, arrival, origin) is in the headers of the message. The stream keeps one message per
// subject and refuses a second one. So a message that is published twice, by two receivers or
// after a lost answer, is in the stream once, however much time is between. The checkpoint moves
// after the answer of the stream.
//
// Every member also follows the stream into its own store, and saves its place in the same
// transaction as the events. So each event is applied once, and everything that reads the store
// works without a connection.
//
// The servers belong to somebody else: a Team makes the stream if it is missing, and changes no
// stream. Whatever is wrong with the servers, receiving goes on, and the events wait in the store.
package jetstream
