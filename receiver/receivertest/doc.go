// Package receivertest helps to test what uses package receiver: a log in memory,
// builders of events and rows, signed requests, and the vectors of signatures.
//
// Only tests import it.
package receivertest
