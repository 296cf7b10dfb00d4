package client

import (
	"errors"
	"net/http"
	"time"
)

// Error is UP42's refusal of a call.
type Error struct {
	// Call says what was being done, in words ("create the webhook").
	Call string
	// Status is the HTTP status.
	Status int
	// Code and Message are UP42's, "" where it gave none. They come from
	// outside: clean them before they meet a terminal.
	Code, Message string
	// RequestID is UP42's name for the request, "" where it gave none.
	RequestID string
	// RetryAfter is how long UP42 asks to wait; 0: it did not say.
	RetryAfter time.Duration
}

func (e *Error) Error() string { return e.Call + ": " + e.Message }

// NotFound says that what a call was about is not there (any more).
func NotFound(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Status == http.StatusNotFound
}
