package config

import (
	"time"

	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/receiver/notify"
)

// The ways to send a notice, in NotifyRule.Do.
const (
	ByBell    = "bell"
	ByDesktop = "desktop"
	ByFile    = "file"
	ByPost    = "post"
)

// ways are all ways to send a notice.
var ways = []string{ByBell, ByDesktop, ByFile, ByPost}

// NotifyRule says which events cause a notice, and how and when it is sent. Load
// checks that each way has the fields that it needs.
type NotifyRule struct {
	Name string
	// When selects the events. Nil selects all.
	When *filter.Filter
	// Do is one or more of the ways above.
	Do []string
	// File and Line are for ByFile, URL and Body for ByPost. Line and Body may be
	// empty. URL usually contains a secret.
	File, Line string
	URL, Body  string
	// Quiet are the hours without notices. The zero value means no such hours.
	Quiet notify.Hours
	// Every is the least time between two notices. 0 means the default of package
	// notify.
	Every time.Duration
}
