package conn

import (
	"net/url"
	"strconv"
	"time"
)

// Mode says how a file is opened. No mode creates the file.
type Mode string

// The modes.
const (
	ReadOnly  Mode = "ro"
	ReadWrite Mode = "rw"
)

// Source returns the driver's name for a file. The path may have any characters.
// busy bounds how long a statement waits for the lock of another process.
func Source(file string, mode Mode, busy time.Duration) string {
	q := url.Values{
		"mode":          {string(mode)},
		"_busy_timeout": {strconv.FormatInt(max(1, busy.Milliseconds()), 10)},
		"_error_rc":     {"1"},
		"_dqs":          {"0"},
	}
	return "file:" + (&url.URL{Path: file}).EscapedPath() + "?" + q.Encode()
}
