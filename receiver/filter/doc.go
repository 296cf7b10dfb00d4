// Package filter is the one language in which the screen, the commands and the
// configuration say which deliveries and rows they mean.
//
// An expression is words, all of which must hold:
//
//	status:FAILED kind:order -verdict:unsigned since:10m kiruna
//
// In it
//   - a word behind "-" must not hold;
//   - key:value asks one thing of a delivery, key:a,b one of several;
//   - "two words" are one, and what stands in quotes is never a key; inside them
//     \" is a quote and \\ a backslash;
//   - final is short for is:final;
//   - any other word is text: it must be somewhere in what the screen shows,
//     whatever its case.
//
// The keys:
//
//	status   as UP42 says it; case does not count, a space and _ are alike (wire.md §2), * is anything
//	class    succeeded, failed, cancelled, progress or ended
//	is       a class, final, live or test
//	final    true or false
//	live     true or false; false is a test event
//	kind     order or job
//	event    the event's name; * is anything
//	verdict  verified, trusted, partial, unsigned or rejected
//	reason   why a delivery was rejected; * is anything
//	id       how the order's or job's id begins
//	webhook  how the webhook's id begins, or a part of its name
//	secret   which secret matched, its index or name
//	name     a part of the order's or job's name
//	type     a part of its type
//	host     a part of its data host
//	seq      100, >100, >=100, <100, <=100 or 100..200
//	since    10m, 2d, 1h30m ago or later; or a time, 2026-01-31T12:00:00Z or 2026-01-31 (UTC)
//	until    that long ago or earlier
package filter
