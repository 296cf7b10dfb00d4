// Package forward forwards events: it posts them to a URL or runs a program for each. The
// packages below it have other targets.
//
// A [Forwarder] is a reader of the log with a checkpoint that the store keeps, and sends
// events to one [Target]. It repeats what the target did not take. The events of an order
// or a job are sent one after the other in their order; other orders and jobs don't wait
// for them. No event is skipped. An event is sent twice only if it is not known whether
// the target took it: if the answer was lost, or the program ended before it could save
// the checkpoint.
package forward
