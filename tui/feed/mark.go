package feed

import (
	"strconv"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/marks"
)

// Marks returns the marked deliveries.
func (p *Page) Marks() *marks.Marks { return p.marks }

func markID(key int64) string { return strconv.FormatInt(key, 10) }

func (p *Page) marked(e *Entry) bool { return p.marks.Len() > 0 && p.marks.Has(markID(e.Key())) }

// MarkAt returns the delivery at an index, to be marked. ok is false if it is not read yet.
func (p *Page) MarkAt(i int) (m marks.Row, ok bool) {
	e := p.contents.Row(p.window.KeyAt(i))
	return marks.Row{
		ID: markID(e.Key()), Key: receiver.Key{Kind: e.Kind, ID: e.ID(), Test: !e.live}, Seq: e.Seq, Rejected: e.Rejected(),
	}, e.absent == ""
}
