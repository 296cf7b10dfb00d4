package tunnel

import "time"

// WithTimeouts replaces the times in which a program must be connected, at its start and
// after it lost its connections.
func (o Options) WithTimeouts(open, lost time.Duration) Options {
	o.openTimeout, o.lostTimeout = open, lost
	return o
}

// WithWait replaces the wait before a restart.
func (o Options) WithWait(wait func(failures int) time.Duration) Options {
	o.wait = wait
	return o
}

// Wait is the wait before a restart.
func Wait(failures int) time.Duration { return wait(failures) }

// WithNgrokServer replaces ngrok's own server.
func (o Options) WithNgrokServer(address string) Options { o.ngrokServer = address; return o }
