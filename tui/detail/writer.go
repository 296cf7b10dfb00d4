package detail

import (
	"time"

	"github.com/up42/up42-webhooks/tui/text"
	"github.com/up42/up42-webhooks/tui/theme"
)

const (
	indent = "   "
	// labels is the width of the column of names before values.
	labels = 13
)

// writer collects lines for a width. Text that is given to it must be clean.
type writer struct {
	theme    *theme.Theme
	location *time.Location
	now      time.Time
	width    int
	// below: other lines stand above the first one.
	below bool
	// nameOf names webhooks; nil: no name is known.
	nameOf func(id string) string
	// workspace: the secrets of the workspace's webhooks are tried too.
	workspace bool

	lines    []line
	sections []int // the lines at which sections start
}

func (w *writer) add(l line) { w.lines = append(w.lines, l) }
func (w *writer) gap()       { w.add(nil) }

// section starts a part with a title of its own.
func (w *writer) section(title string) {
	if len(w.lines) > 0 || w.below {
		w.gap()
	}
	w.sections = append(w.sections, len(w.lines))
	w.add(line{{w.theme.Title, " " + title}})
}

// prose adds words, broken at spaces.
func (w *writer) prose(style theme.Style, words string) {
	room := max(20, w.width-2*len(indent))
	for _, s := range breakWords(words, min(room, 96)) {
		w.add(line{{style, indent + s}})
	}
}

// pair adds a value with its name.
func (w *writer) pair(name, value string) { w.styled(name, w.theme.Plain, value) }

func (w *writer) styled(name string, style theme.Style, value string) {
	w.wrapped(line{{w.theme.Dim, indent + text.Fit(name, labels)}, {style, value}}, len(indent)+labels)
}

// wrapped adds a line, broken where it is too long.
func (w *writer) wrapped(l line, hang int) { w.lines = append(w.lines, l.wrap(w.width-1, hang)...) }

// moment writes a time down to the second, with its day.
func (w *writer) moment(t time.Time) string {
	if t.IsZero() {
		return "not known"
	}
	return t.In(w.location).Format("2006-01-02 15:04:05 MST")
}
