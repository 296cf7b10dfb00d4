package overview

import (
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/number"
	"github.com/up42/up42-webhooks/tui/status"
	"github.com/up42/up42-webhooks/tui/text"
)

// failureDays is how many days before today a failure is listed: after a weekend one still sees
// what failed before it.
const failureDays = 3

// todoList is a panel with rows, and what to do about them.
type todoList struct {
	page  *Page
	name  string
	words string
	rows  []subject
	all   []counted
	// good is said if there are no rows.
	good string
	// undelivered is how many events targets did not take.
	undelivered int
	// most is the most lines that it wants.
	most int
}

// wanted is how many rows a panel reads: more than any screen shows.
const wanted = 40

// needs is the panel with what the user has to do: what waits for an answer, and what failed.
func (p *Page) needs() panel {
	l := &todoList{page: p, name: "needs", words: "To do", good: "Nothing waits for you, and nothing has failed lately.", most: p.mostRows()}
	l.rows = p.ranked(status.NeedYou, wanted)
	for _, k := range kinds {
		l.all = append(l.all, counted{p.tally(k).Count(receiver.NeedsYou), k, receiver.NeedsYou, ofClass(k, receiver.NeedsYou)})
	}
	from := p.o.Orders.Midnight(failureDays)
	for _, f := range p.ranked(status.Failures, wanted) {
		if !f.row.Changed().Before(from) {
			l.rows = append(l.rows, f)
		}
	}
	for _, k := range kinds {
		l.all = append(l.all, counted{p.tally(k).Since(receiver.Failed, failureDays), k, receiver.Failed, ofClass(k, receiver.Failed).since(from, false)})
	}
	l.undelivered, _ = p.o.Undelivered()
	return l
}

// trouble is the panel with what is in trouble. Nil: nothing is.
func (p *Page) trouble() panel {
	l := &todoList{page: p, name: "trouble", words: "In trouble", rows: p.ranked(status.InTrouble, wanted), most: p.mostRows()}
	if len(l.rows) == 0 {
		return nil
	}
	for _, k := range kinds {
		l.all = append(l.all, counted{p.tally(k).Count(receiver.InTrouble), k, receiver.InTrouble, ofClass(k, receiver.InTrouble)})
	}
	return l
}

// mostRows is how many lines a panel with rows wants at most. On a page with one column others
// come below it, and are to be seen.
func (p *Page) mostRows() int {
	if columnCount(p.w) == 1 {
		return 8
	}
	return 2 * wanted
}

func (l *todoList) title(s *sheet) (left, right line) {
	return heading(s.theme, l.words), countedTitle(s, l.name, l.all...)
}

func (l *todoList) heights(w int) (least, want int) {
	items := []item{}
	s := sheet{theme: l.page.o.Theme, items: &items}
	l.draw(&s, w, l.most)
	return min(3, len(s.lines)), len(s.lines)
}

// draw lists the rows. What to do is said once for those that follow each other. The first row is
// there with little room, too.
func (l *todoList) draw(s *sheet, w, h int) {
	if l.undelivered == 0 && len(l.rows) == 0 {
		s.say(s.theme.Success, s.theme.Glyphs.Verified+" "+l.good)
		return
	}
	l.drawUndelivered(s, w, h)
	for i, of := range l.rows {
		todo, last := l.todo(i, w), min(1, len(l.rows)-i-1)
		if room := h - len(s.lines) - last; room < 1+len(todo) {
			if room < 1 || i > 0 && last > 0 {
				l.sayMore(s, h)
				return
			}
			todo = nil
		}
		s.add(l.page.rowLine(s, l.name, of, w)...)
		s.advise(todo)
	}
}

// todo is what to do about a row, in lines, if that is not said below a later one.
func (l *todoList) todo(i, w int) []string {
	of := l.rows[i]
	todo := of.row.Todo(of.kind)
	if next := i + 1; todo == "" || next < len(l.rows) && l.rows[next].row.Todo(l.rows[next].kind) == todo {
		return nil
	}
	return advice(todo, w)
}

// advice is what to do in lines, for a panel of w cells.
func advice(words string, w int) []string { return text.Wrap(words, max(10, w-6), 0) }

// advise adds the lines of an advice.
func (s *sheet) advise(lines []string) {
	before := "   " + s.theme.Glyphs.Arrow + " "
	for _, words := range lines {
		s.add(span{style: s.theme.Dim, text: before}, span{style: s.theme.Plain, text: words})
		before = "     "
	}
}

// drawUndelivered says how many events targets did not take. What to do is said if a row has room below
// it, and how many more there are.
func (l *todoList) drawUndelivered(s *sheet, w, h int) {
	if l.undelivered == 0 {
		return
	}
	words := number.Of(int64(l.undelivered), "event is undelivered", "events are undelivered")
	s.add(s.open("undelivered", Goal{List: Undelivered, Name: "undelivered"}, span{style: s.theme.Mark, text: s.theme.Glyphs.Failed + " " + words})...)
	todo := "Start up42hooks with --forward-to, or forget them: up42hooks store forget."
	if len(l.page.o.Targets()) > 0 {
		todo = "Correct the target, then send them again: " + keys.First(l.page.o.Keys.Forward) + " there, or up42hooks forward --undelivered."
	}
	below := 0
	if n := len(l.rows); n > 0 {
		below = 1 + len(l.todo(0, w)) + min(1, n-1)
	}
	if lines := advice(todo, w); len(s.lines)+len(lines)+below <= h {
		s.advise(lines)
	}
}

// sayMore says how many rows there is no room for.
func (l *todoList) sayMore(s *sheet, h int) {
	shown, all := 0, 0
	for i := range *s.items {
		if it := &(*s.items)[i]; it.panel == s.panel && it.goal.Row.ID != "" {
			shown++
		}
	}
	for _, c := range l.all {
		all += c.n
	}
	if len(s.lines) < h {
		s.say(s.theme.Dim, "  "+number.Format(int64(all-shown))+" more: see the numbers above")
	}
}
