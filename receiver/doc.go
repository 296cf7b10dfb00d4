// Package receiver accepts UP42's webhook deliveries: it decodes them, checks their
// signatures, stores them in a durable [Log] and folds them into rows with the
// current status of each order and each job.
//
// The log is the only connection between the parts. The HTTP [Handler] answers 200
// after [Log.Append] has committed, not before. Everything else (the screen,
// `listen`, a forwarder) reads the log with a cursor of its own. So a slow reader
// loses nothing and delays nobody.
//
// README.md in this folder describes UP42's protocol and what the receiver promises.
// This package has no storage: receiver/sqlite implements Log.
package receiver
