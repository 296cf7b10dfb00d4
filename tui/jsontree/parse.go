// Package jsontree shows JSON as lines that fold. It keeps the text as it came: numbers are
// not rounded, and escapes stay as they are.
package jsontree

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/up42/up42-webhooks/tui/text"
)

// maxLines is how many lines a tree has at most.
const maxLines = 50_000

// Tree is a text as lines. It never changes, so it is safe for concurrent use.
type Tree struct {
	src   []byte
	lines []line
	cut   bool
	// plain are the lines of a text that is no JSON. They are clean.
	plain []string
}

// span is a part of the source.
type span struct{ from, to int32 }

// line is one line of indented JSON.
type line struct {
	key   span // with its quotation marks; empty if the line has none
	value span // a scalar, an empty container, or one bracket
	// parent is the line that opens the container that the line is in, -1 outside of all.
	// The line that closes a container has the same parent as the one that opens it.
	parent int32
	// end is the line that closes the container that this line opens, 0 for other lines.
	end   int32
	comma bool
	depth int32
	// closes says that the line closes what the line opener opens.
	closes bool
	opener int32
	// index is the place among the members of the parent, members how many the line has.
	index, members int32
}

// Parse makes a tree of JSON. It shows another text as it is.
func Parse(raw []byte) *Tree {
	t := &Tree{src: raw}
	if !json.Valid(raw) {
		t.plain = text.CleanLines(strings.TrimRight(string(raw), "\n"), maxLines+1)
		if t.cut = len(t.plain) > maxLines; t.cut {
			t.plain = t.plain[:maxLines]
		}
		t.cut = t.cut || slices.ContainsFunc(t.plain, func(l string) bool { return text.Width(l) > maxCells })
		return t
	}
	p := parser{tree: t}
	p.run()
	return t
}

// Len is the number of lines.
func (t *Tree) Len() int {
	if t.plain != nil {
		return len(t.plain)
	}
	return len(t.lines)
}

// IsJSON reports whether the text is JSON.
func (t *Tree) IsJSON() bool { return t.plain == nil }

// Cut reports whether the tree does not show all: the text has too many lines, or one that is
// too long.
func (t *Tree) Cut() bool { return t.cut }

// Opens reports whether a line opens an object or an array, so that it can be folded.
func (t *Tree) Opens(i int) bool { return i < len(t.lines) && t.lines[i].end > 0 }

// IsContainer reports whether a line opens or closes an object or an array.
func (t *Tree) IsContainer(i int) bool { return t.Opens(i) || i < len(t.lines) && t.lines[i].closes }

// End is the last line of the container that a line opens; for another line it is the line.
func (t *Tree) End(i int) int {
	if t.Opens(i) {
		return int(t.lines[i].end)
	}
	return i
}

// Container is the line that opens what a line is in, or what it closes; -1 outside of all.
func (t *Tree) Container(i int) int {
	if i >= len(t.lines) {
		return -1
	}
	l := &t.lines[i]
	if l.closes {
		return int(l.opener)
	}
	return int(l.parent)
}

// head is the line that has the key of a line: that is another one if the line closes something.
func (t *Tree) head(i int) int {
	if t.lines[i].closes {
		return int(t.lines[i].opener)
	}
	return i
}

// parser reads valid JSON, token by token.
type parser struct {
	tree *Tree
	at   int
	open []int32 // the lines of the containers that are open
	key  span
}

func (p *parser) run() {
	for p.skip(); p.at < len(p.tree.src); p.skip() {
		if len(p.tree.lines) >= maxLines {
			p.abandon()
			return
		}
		switch c := p.tree.src[p.at]; c {
		case ',':
			p.tree.lines[len(p.tree.lines)-1].comma = true
			p.at++
		case '{', '[':
			p.container()
		case '}', ']':
			p.close()
		default:
			p.scalar(c)
		}
	}
}

func (p *parser) skip() {
	for p.at < len(p.tree.src) && bytes.IndexByte([]byte(" \t\r\n"), p.tree.src[p.at]) >= 0 {
		p.at++
	}
}

// abandon ends a tree that is too long: what is open ends with its last line.
func (p *parser) abandon() {
	p.tree.cut = true
	for _, o := range p.open {
		p.tree.lines[o].end = int32(len(p.tree.lines) - 1)
	}
}

// container opens an object or an array. An empty one is a value.
func (p *parser) container() {
	from := p.at
	p.at++
	p.skip()
	if c := p.tree.src[p.at]; c == '}' || c == ']' {
		p.at++
		p.add(span{int32(from), int32(p.at)})
		return
	}
	p.add(span{int32(from), int32(from + 1)})
	p.open = append(p.open, int32(len(p.tree.lines)-1))
}

func (p *parser) close() {
	opener := p.open[len(p.open)-1]
	p.open = p.open[:len(p.open)-1]
	o := &p.tree.lines[opener]
	o.end = int32(len(p.tree.lines))
	l := line{value: span{int32(p.at), int32(p.at + 1)}, parent: o.parent, closes: true, opener: opener, depth: o.depth}
	p.at++
	p.tree.lines = append(p.tree.lines, l)
}

// scalar reads a key, or a value that is no container.
func (p *parser) scalar(first byte) {
	from := p.at
	if first == '"' {
		p.at += stringLen(p.tree.src[from:])
	} else {
		for p.at < len(p.tree.src) && bytes.IndexByte([]byte(" \t\r\n,]}"), p.tree.src[p.at]) < 0 {
			p.at++
		}
	}
	token := span{int32(from), int32(p.at)}
	if p.skip(); p.at < len(p.tree.src) && p.tree.src[p.at] == ':' {
		p.at++
		p.key = token
		return
	}
	p.add(token)
}

func (p *parser) add(value span) {
	if n := int(value.to - value.from); n > maxCells && utf8.RuneCount(p.tree.src[value.from:value.to]) > maxCells {
		p.tree.cut = true
	}
	l := line{key: p.key, value: value, parent: -1, depth: int32(len(p.open))}
	p.key = span{}
	if len(p.open) > 0 {
		l.parent = p.open[len(p.open)-1]
		parent := &p.tree.lines[l.parent]
		l.index = parent.members
		parent.members++
	}
	p.tree.lines = append(p.tree.lines, l)
}

// stringLen is the length of the JSON string that s starts with.
func stringLen[T string | []byte](s T) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(s)
}
