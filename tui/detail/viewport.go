package detail

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"github.com/up42/up42-webhooks/tui/textblock"
)

// part is a run of lines, and the indexes of those at which sections start.
type part struct {
	lines    []textblock.Line
	sections []int
}

// viewport shows the lines that fit on the screen, and scrolls.
type viewport struct {
	keys       keyMap
	w, h       int
	head, tail part
	top        int // the index of the first line on the screen

	drawn string
	stale bool // drawn is out of date
}

func (v *viewport) size() int { return len(v.head.lines) + len(v.tail.lines) }

func (v *viewport) setHead(b textblock.Block) {
	v.head = part{b.Lines, b.Sections}
	v.stale = true
}

func (v *viewport) setTail(b textblock.Block) {
	v.tail = part{b.Lines, b.Sections}
	v.stale = true
}

func (v *viewport) scrollTo(top int) {
	v.top = max(0, min(top, v.size()-v.h))
	v.stale = true
}

func (v *viewport) sections() []int {
	out := append([]int(nil), v.head.sections...)
	for _, s := range v.tail.sections {
		out = append(out, len(v.head.lines)+s)
	}
	return out
}

// nextSection scrolls to the next section, and from the end to the top.
func (v *viewport) nextSection() {
	before := v.top
	for _, s := range v.sections() {
		if s > v.top {
			v.scrollTo(s)
			break
		}
	}
	if v.top == before {
		v.scrollTo(0)
	}
}

// previousSection scrolls to the previous section, and from the top to the end.
func (v *viewport) previousSection() {
	to := v.size()
	for _, s := range v.sections() {
		if s < v.top {
			to = s
		}
	}
	v.scrollTo(to)
}

// press scrolls. It returns false for keys that do not scroll.
func (v *viewport) press(msg tea.KeyMsg) bool {
	k, page := &v.keys, max(1, v.h-1)
	switch {
	case key.Matches(msg, k.up):
		v.scrollTo(v.top - 1)
	case key.Matches(msg, k.down):
		v.scrollTo(v.top + 1)
	case key.Matches(msg, k.pageUp):
		v.scrollTo(v.top - page)
	case key.Matches(msg, k.pageDown):
		v.scrollTo(v.top + page)
	case key.Matches(msg, k.halfUp):
		v.scrollTo(v.top - page/2)
	case key.Matches(msg, k.halfDown):
		v.scrollTo(v.top + page/2)
	case key.Matches(msg, k.home):
		v.scrollTo(0)
	case key.Matches(msg, k.end):
		v.scrollTo(v.size())
	case key.Matches(msg, k.next):
		v.nextSection()
	case key.Matches(msg, k.previous):
		v.previousSection()
	default:
		return false
	}
	return true
}

// where says which lines are on the screen, or returns "" if all are.
func (v *viewport) where() string {
	if v.size() <= v.h {
		return ""
	}
	return fmt.Sprintf("lines %d-%d of %d", v.top+1, min(v.top+v.h, v.size()), v.size())
}

// view returns the lines on the screen. It draws them only if they have changed.
func (v *viewport) view() string {
	if v.stale {
		v.drawn, v.stale = v.draw(), false
	}
	return v.drawn
}

func (v *viewport) draw() string {
	var b strings.Builder
	for i := range v.h {
		if i > 0 {
			b.WriteByte('\n')
		}
		var l textblock.Line
		switch at := v.top + i; {
		case at < len(v.head.lines):
			l = v.head.lines[at]
		case at < v.size():
			l = v.tail.lines[at-len(v.head.lines)]
		}
		l.Append(&b, v.w)
	}
	return b.String()
}
