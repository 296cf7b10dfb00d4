package limit

// Limit names a limit that has acted.
type Limit string

// The limits.
const (
	// IdleConnection: a connection without a request was closed for a newer one.
	IdleConnection Limit = "idle-connection"
	// SlowConnection: a connection whose request, or whose reading of the answer, took
	// long was closed for a newer one.
	SlowConnection Limit = "slow-connection"
	// PeerShare: a connection of a peer that has more than its share was closed for one
	// of another peer.
	PeerShare Limit = "peer-share"
	// Connections: a new connection was refused, because all others were busy.
	Connections Limit = "connections"
	// SlowBody: the body of an accepted head came too slowly.
	SlowBody Limit = "slow-body"
	// BodyMemory: a large body was refused, because others took the memory for bodies.
	BodyMemory Limit = "body-memory"
	// OpenFiles: the system had no file for a new connection, so that one without a request
	// was closed.
	OpenFiles Limit = "open-files"
	// HeaderLines: a request had too many header lines.
	HeaderLines Limit = "header-lines"
)

// Limits returns all limits.
func Limits() []Limit {
	return []Limit{IdleConnection, SlowConnection, PeerShare, Connections, SlowBody, BodyMemory, OpenFiles, HeaderLines}
}
