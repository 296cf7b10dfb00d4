// Package receiver takes UP42's webhook deliveries in: it decodes them, judges
// them, hands them to a durable [Log] and folds them into rows that say where
// each order and each job stands.
//
// The log is the bus. The HTTP [Handler] answers 200 only after [Log.Append]
// has committed; everything else (the screen, `listen`, a forwarder) is a
// reader of the log with a cursor of its own, so a slow reader loses nothing
// and holds nobody up.
//
// This package knows the wire (what UP42 sends) and no storage: receiver/sqlite
// is the Log.
package receiver
