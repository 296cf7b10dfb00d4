// Package natstarget forwards events to a subject of NATS.
//
// An event counts as forwarded when the stream that takes the subject has acknowledged it. If
// there is no such stream, it counts when the server has it and somebody listens; who does
// not listen at that moment never gets it.
package natstarget
