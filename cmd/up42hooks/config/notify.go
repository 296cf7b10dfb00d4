package config

import (
	"cmp"
	"slices"
	"time"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config/node"
	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/receiver/notify"
)

// The ways to send a notice, in NotifyRule.Do.
const (
	ByBell    = "bell"
	ByDesktop = "desktop"
	ByFile    = "file"
	ByPost    = "post"
	ByEmail   = "email"
)

// ways are all ways to send a notice.
var ways = []string{ByBell, ByDesktop, ByFile, ByPost, ByEmail}

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
	// Email is for ByEmail. It is nil otherwise.
	Email *Email
	// Quiet are the hours without notices. The zero value means no such hours.
	Quiet notify.Hours
	// Every is the least time between two notices. 0 means what package notify does
	// without one: a notice for each event, or a summary.
	Every time.Duration
}

var ruleFields = []string{"name", "when", "do", "file", "line", "url", "body", "email", "quiet", "every"}

// notifyRules reads the rules for notices.
func notifyRules(c *Config, n node.Node) error {
	items, err := n.Items()
	if err != nil {
		return err
	}
	for _, item := range items {
		r, err := notifyRule(item)
		if err != nil {
			return err
		}
		c.Notify = append(c.Notify, r)
	}
	return nil
}

// Label names the rule in errors and in the log, also if its Name is empty: the title of its messages
// is the program's name then.
func (r *NotifyRule) Label() string { return cmp.Or(r.Name, "all events") }

func notifyRule(n node.Node) (r NotifyRule, err error) {
	err = n.Fields(ruleFields, func(name string, value node.Node) error { return r.set(name, value) })
	if err != nil {
		return r, err
	}
	if r.Name == "" {
		r.Name = r.When.String()
	}
	switch {
	case len(r.Do) == 0:
		return r, n.Wrong("notify: want do: %s", cli.Alternatives(ways))
	case slices.Contains(r.Do, ByFile) != (r.File != ""):
		return r, n.Wrong("notify: do: file needs file: NAME, and the other way round")
	case slices.Contains(r.Do, ByPost) != (r.URL != ""):
		return r, n.Wrong("notify: do: post needs url: URL, and the other way round")
	case slices.Contains(r.Do, ByEmail) != (r.Email != nil):
		return r, n.Wrong("notify: do: email needs email: with server, from and to, and the other way round")
	case r.Line != "" && r.File == "", r.Body != "" && r.URL == "":
		return r, n.Wrong("notify: line: is for do: file, body: for do: post")
	}
	return r, nil
}

// set sets the field with this name in the file.
func (r *NotifyRule) set(name string, value node.Node) (err error) {
	switch name {
	case "do":
		r.Do, err = notifyWays(value)
		return err
	case "email":
		r.Email, err = readEmail(value)
		return err
	}
	text, err := value.Text()
	if err != nil {
		return err
	}
	switch name {
	case "name":
		r.Name = text
	case "when":
		if r.When, err = filter.Parse(text); err != nil {
			err = plainFilterError(err)
		}
	case "file":
		r.File = text
	case "line":
		r.Line = text
	case "url":
		r.URL = text
	case "body":
		r.Body = text
	case "quiet":
		r.Quiet, err = notify.ParseHours(text)
	case "every":
		r.Every, err = parseDuration(text)
	}
	if err != nil {
		return value.Wrong("notify: %s: %w", name, err)
	}
	return nil
}

// notifyWays reads the ways to send a notice.
func notifyWays(n node.Node) ([]string, error) {
	chosen, err := n.Texts()
	if err != nil {
		return nil, err
	}
	for i, way := range chosen {
		switch {
		case !slices.Contains(ways, way):
			return nil, n.Wrong("notify: do: %w", cli.Unknown(way, ways)) // not the way: it may be a chat's URL
		case slices.Contains(chosen[:i], way):
			return nil, n.Wrong("notify: do: %s is given twice", way)
		}
	}
	return chosen, nil
}
