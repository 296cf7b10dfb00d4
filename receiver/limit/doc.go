// Package limit bounds what strangers can make a server use: its connections, each
// peer's share of them, and the memory for bodies.
//
// A [Listener] serves a number of connections at a time. At its limit, a new connection
// takes the place of one that does nothing. A [Budget] is memory that large bodies share.
// [Proxies] say which proxies are believed when they name their client.
//
// The package knows HTTP only as far as it needs to. A server tells a [Conn] what it does
// ([Conn.Enter]); what the listener sends to those it can't serve is an option.
package limit
