package config

import (
	"slices"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/receiver/notify"
)

// The ways to tell of an event, in NotifyRule.Do.
const (
	ByBell    = "bell"
	ByDesktop = "desktop"
	ByFile    = "file"
	ByPost    = "post"
)

// NotifyRule says what to tell, how and when. Its ways are not looked at more
// closely than that each has what it needs.
type NotifyRule struct {
	Name string
	// When is what to tell of; nil: every event.
	When *filter.Filter
	// Do is how: one or more of ByBell, ByDesktop, ByFile and ByPost.
	Do []string
	// File and Line are for ByFile, URL and Body for ByPost; Line and Body may be
	// "". URL is a secret as a rule.
	File, Line string
	URL, Body  string
	// Quiet is when not to tell, Every the least time between two messages; zero
	// values: never, and package notify's default.
	Quiet notify.Hours
	Every time.Duration
}

var ruleFields = []string{"name", "when", "do", "file", "line", "url", "body", "quiet", "every"}

// notifyRules reads the rules.
func notifyRules(c *Config, n node) error {
	items, err := n.items()
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

func notifyRule(n node) (r NotifyRule, err error) {
	err = n.fields(ruleFields, func(name string, value node) error { return r.set(name, value) })
	if err != nil {
		return r, err
	}
	if r.Name == "" {
		r.Name = r.When.String()
	}
	switch {
	case len(r.Do) == 0:
		return r, n.wrong("notify: say how with do: bell, desktop, file or post")
	case slices.Contains(r.Do, ByFile) != (r.File != ""):
		return r, n.wrong("notify: do: file needs file: NAME, and the other way round")
	case slices.Contains(r.Do, ByPost) != (r.URL != ""):
		return r, n.wrong("notify: do: post needs url: URL, and the other way round")
	case r.Line != "" && r.File == "", r.Body != "" && r.URL == "":
		return r, n.wrong("notify: line: is for do: file, body: for do: post")
	}
	return r, nil
}

func (r *NotifyRule) set(name string, value node) (err error) {
	if name == "do" {
		r.Do, err = value.texts()
		return value.knownWays(r.Do, err)
	}
	text, err := value.text()
	if err != nil {
		return err
	}
	switch name {
	case "name":
		r.Name = text
	case "when":
		r.When, err = filter.Parse(text)
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
		var d duration
		d, err = positive(text)
		r.Every = time.Duration(d)
	}
	if err != nil {
		return value.wrong("notify: %s: %w", name, err)
	}
	return nil
}

func (n node) knownWays(ways []string, err error) error {
	if err != nil {
		return err
	}
	known := []string{ByBell, ByDesktop, ByFile, ByPost}
	for i, way := range ways {
		switch {
		case !slices.Contains(known, way):
			return n.wrong("notify: do: unknown way %q%s", way, proposalOf(way, known))
		case slices.Contains(ways[:i], way):
			return n.wrong("notify: do: %s is there twice", strings.TrimSpace(way))
		}
	}
	return nil
}
