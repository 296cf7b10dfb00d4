package tunnel

import "time"

// WithPatience waits no longer than that for a URL.
func (o Options) WithPatience(d time.Duration) Options { o.patience = d; return o }

// WithPause starts a program again after that.
func (o Options) WithPause(pause func(failures int) time.Duration) Options {
	o.pause = pause
	return o
}

// Pause is what is waited between two starts.
func Pause(failures int) time.Duration { return pause(failures) }
