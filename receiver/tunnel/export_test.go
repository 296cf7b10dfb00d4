package tunnel

import "time"

// WithURLTimeout replaces the time in which a program must have a URL.
func (o Options) WithURLTimeout(d time.Duration) Options { o.urlTimeout = d; return o }

// WithWait replaces the wait before a restart.
func (o Options) WithWait(wait func(failures int) time.Duration) Options {
	o.wait = wait
	return o
}

// Wait is the wait before a restart.
func Wait(failures int) time.Duration { return wait(failures) }
