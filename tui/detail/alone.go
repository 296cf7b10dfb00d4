package detail

import (
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/text"
)

// alone tells of a row that only UP42's API has told of.
func (w *writer) alone(k receiver.Kind, l *Listing) {
	w.sections = append(w.sections, len(w.lines))
	w.heading(k, l.ID)
	w.fields(k, l)
	w.gap()
	w.prose(w.theme.Mark, "This comes from UP42's list: no delivery about it has come here yet. The first one that does takes over.")
}

// fields are what UP42's API says.
func (w *writer) fields(k receiver.Kind, l *Listing) {
	if l.Status != "" {
		w.styled("Status", w.theme.Class(l.Status.Class(k)), w.listed(k, l))
	}
	w.optional("Sub-status", l.SubStatus)
	w.optional("Name", l.Name)
	if l.Type != l.Name { // a job is named after its process
		w.optional("Type", l.Type)
	}
	if !l.Created.IsZero() {
		w.pair("Created", w.ago(l.Created))
	}
	if !l.Updated.IsZero() {
		w.pair("Updated", w.ago(l.Updated))
	}
	w.pair("Asked", w.ago(l.Asked)+"; R asks again")
}

// listed is a listing's status.
func (w *writer) listed(k receiver.Kind, l *Listing) string {
	return w.theme.Glyphs.Class(l.Status.Class(k)) + " " + text.Clean(string(l.Status), 0)
}

func (l *Listing) name() string {
	if l == nil {
		return ""
	}
	return l.Name
}

func (l *Listing) typ() string {
	if l == nil {
		return ""
	}
	return l.Type
}

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
