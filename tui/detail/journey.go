package detail

import (
	"strings"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/elapsed"
	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/textblock"
)

// maxStatus is the largest width of a status in a list.
const maxStatus = 40

// journey lists the changes of status: when, to which, and how long it lasted, also as bars on
// one scale. If newer is not nil, the last line is the newer status from UP42's API.
func (d *description) journey(r *receiver.Row, newer *Listing) {
	steps := d.stepsOf(r, newer)
	d.Section("Journey" + d.took(steps))
	if len(steps) == 0 {
		d.Note(d.Theme.Dim, "only events about its tasks have come")
		return
	}
	d.steps(steps)
}

// stepsOf makes the steps of a journey.
func (d *description) stepsOf(r *receiver.Row, newer *Listing) (steps []step) {
	updates := r.Journey()
	sub := receiver.Status("")
	for i := range updates {
		u := &updates[i]
		s := newStep(r.Kind, u, sub)
		if s.style = d.Theme.Class(s.class); u.Trust < r.Trust {
			s.style = d.Theme.Mark
			s.note = textblock.Span{
				Style: d.Theme.Mark, Text: d.Theme.Glyphs.Verdict(receiver.Verdict(u.Trust.String())) + " " + u.Trust.String() + ": changed nothing",
			}
		} else {
			sub, s.changed = u.SubStatus, true
			s.until = d.until(r, updates[i+1:], newer)
			s.lasts = d.lasted(&s)
		}
		steps = append(steps, s)
	}
	if newer != nil {
		u := &receiver.StatusUpdate{Status: newer.Status, SubStatus: newer.SubStatus, At: newer.Since()}
		s := newStep(r.Kind, u, sub)
		s.before, s.style, s.changed, s.fromAPI = strings.Repeat(d.Theme.Glyphs.APILink, 2)+" ", d.Theme.Class(s.class), true, true
		if !s.class.Final() {
			s.until = d.now
		}
		s.lasts, s.note = d.lasted(&s), textblock.Span{Style: d.Theme.Mark, Text: "by UP42's API, no event yet"}
		steps = append(steps, s)
	}
	return steps
}

// newStep makes a step of an update. before is the sub-status of the step before.
func newStep(k receiver.Kind, u *receiver.StatusUpdate, before receiver.Status) step {
	shown := k.Shown(u.Status, u.SubStatus, u.Final)
	s := step{StatusUpdate: u, class: u.Class(k), words: text.Clean(string(shown), maxStatus), before: textblock.Indent}
	if !u.SubStatus.Is(before) && !u.SubStatus.Is(shown) {
		s.words += " (" + text.Clean(string(u.SubStatus), maxStatus) + ")"
	}
	return s
}

// until returns when a status ended: with the next update that counts, which may be the newer
// status from UP42's API, or not yet. A final status has no end.
func (d *description) until(r *receiver.Row, later []receiver.StatusUpdate, newer *Listing) time.Time {
	for i := range later {
		if later[i].Trust == r.Trust {
			return later[i].At
		}
	}
	switch {
	case newer != nil:
		return newer.Since()
	case r.Final:
		return time.Time{}
	default:
		return d.now
	}
}

// lasted says how long a status lasted.
func (d *description) lasted(s *step) string {
	switch {
	case s.until.IsZero():
		return "final"
	case s.until.Equal(d.now):
		return elapsed.Long(s.until.Sub(s.At)) + " so far"
	default:
		return elapsed.Long(s.until.Sub(s.At))
	}
}

// took says how long the journey took from its first step on.
func (d *description) took(steps []step) string {
	sc := scaleOf(steps)
	switch {
	case sc.total <= 0:
		return ""
	case sc.from.Add(sc.total).Equal(d.now):
		return ": " + elapsed.Long(sc.total) + " so far"
	default:
		return ": " + elapsed.Long(sc.total)
	}
}

// steps draws the steps in columns: time, status, duration, bar, note.
func (d *description) steps(all []step) {
	const gap = "  "
	status, lasts, note := 0, 0, 0 // the widths of the columns
	for i := range all {
		s := &all[i]
		status, lasts = max(status, text.Width(s.words)), max(lasts, text.Width(s.lasts))
		if s.fromAPI {
			note = len(gap) + text.Width(s.note.Text)
		}
	}
	layout := d.timeLayout(all)
	sc := scaleOf(all)
	sc.fit(d.Width - 1 - len(textblock.Indent) - len(layout) - 2 - status - lasts - note - 3*len(gap))
	for i := range all {
		s := &all[i]
		l := textblock.Line{
			{Style: d.Theme.Dim, Text: s.before + s.At.In(d.now.Location()).Format(layout) + gap},
			{Style: s.style, Text: d.Theme.Glyphs.Class(s.class) + " " + text.Fit(s.words, status) + gap},
		}
		switch bar := sc.bar(s, d.Theme); {
		case s.changed && sc.room > 0:
			l = append(l, textblock.Span{Style: d.Theme.Dim, Text: text.Fit(s.lasts, lasts) + gap}, textblock.Span{Style: s.style, Text: bar})
		case s.changed:
			l = append(l, textblock.Span{Style: d.Theme.Dim, Text: s.lasts})
		}
		if s.changed && s.note.Text != "" {
			l = append(l, textblock.Span{Text: gap})
		}
		l = append(l, s.note)
		d.Wrapped(l, len(textblock.Indent)+4)
	}
}

// timeLayout is how the times of steps are written: with the day, unless all are of today.
func (d *description) timeLayout(all []step) string {
	year, month, day := d.now.Date()
	for i := range all {
		if y, m, on := all[i].At.In(d.now.Location()).Date(); y != year || m != month || on != day {
			return time.DateTime
		}
	}
	return time.TimeOnly
}
