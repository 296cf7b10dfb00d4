package remote

import "time"

// MostSessions is the most sessions that a server has.
const MostSessions = 128

// The limits of the server. README.md of cmd/up42hooks lists them.
const (
	// maxSessions is how many look at a time: they take processor time that deliveries need.
	maxSessions = MostSessions
	// maxSessionsOfKey leaves room for other keys.
	maxSessionsOfKey = 16
	// DefaultAudience is how many look with --audience, unless --audience-limit says otherwise:
	// a lecture room.
	DefaultAudience = 50
	// maxNew is how many connections may be without a session at a time, maxNewOfAddress how many of
	// them from one address. A handshake takes some milliseconds of a core; who opens more than
	// that at a time does not mean to look. What comes beyond is closed at once.
	maxNew, maxNewOfAddress = 64, 16
	// newTime is how long a connection may be without a session: the handshake, a passphrase for
	// the key, a touch of its token.
	newTime = time.Minute
	// maxTries is how many keys a client may offer on a connection, as OpenSSH's server has it.
	maxTries = 6
	// idleTime is how long a screen stays open without a key: a day of work in front of a wall
	// with it. Who forgets it gives the place back.
	idleTime = 12 * time.Hour
	// aliveEvery is how often a client is asked whether it is there, and aliveTime how long it may
	// take for the answer: a laptop that sleeps does not keep its place.
	aliveEvery, aliveTime = 30 * time.Second, 60 * time.Second
	// stallTime is how long a client may read nothing of what it was sent. Then it is hung up on:
	// what it has not read is at most a frame, and the buffers of SSH and TCP.
	stallTime = 30 * time.Second
	// endTime is how long it may do so when its session ends.
	endTime = 2 * time.Second
	// maxVariables is how many variables a client may send, maxVariable how long one may be: those
	// of a locale are short.
	maxVariables, maxVariable = 20, 128
	// maxCommand is how long a command may be, in bytes: a long filter.
	maxCommand = 8 << 10
	// maxInput is how much standard input a command may read: the largest body that a receiver
	// takes by default, in base64, with its headers.
	maxInput = 2 << 20
	// maxColumns and maxLines are the largest terminal that is drawn on: eight times the usual size each
	// way. A client may say any number.
	maxColumns, maxLines = 640, 200
	// leastPace is the least time between two looks of a session at the log, and pacePerSession what
	// each session adds to it. Many sessions look 25 times a second in all: a look at a busy log takes
	// some milliseconds of a core, which deliveries need, too.
	leastPace, pacePerSession = 100 * time.Millisecond, 40 * time.Millisecond
	// rowsInMemory is how many rows of each kind a session keeps in memory. It reads those before when
	// somebody looks at them.
	rowsInMemory = 500
	// refusalsLogged is how many lines about clients that were not let in the log gets in a minute.
	refusalsLogged = 20
)
