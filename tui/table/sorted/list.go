// Package sorted has a sorted list that may be long, and that changes all the time.
package sorted

import (
	"slices"
	"sort"
)

// List is a sorted list of rows. The order is total: only a row and itself compare as equal.
//
// It is made of pieces, so that a change moves few other rows: to move 100,000 of them takes
// 15 ms while garbage is collected, as the collector wants to know each pointer that moves.
// BenchmarkScreenFrames measures this.
type List[R any] struct {
	compare func(a, b R) int
	pieces  [][]R // none is empty
	n       int
}

// mostInPiece is how many rows a piece has at most.
const mostInPiece = 512

// New makes a list of rows that are sorted already.
func New[R any](compare func(a, b R) int, rows []R) *List[R] {
	l := &List[R]{compare: compare}
	l.set(rows)
	return l
}

// set replaces all rows by sorted ones. Each piece has memory of its own, so that none keeps rows that
// another one has lost.
func (l *List[R]) set(rows []R) {
	l.n, l.pieces = len(rows), l.pieces[:0]
	for piece := range slices.Chunk(rows, mostInPiece/2) {
		l.pieces = append(l.pieces, slices.Clone(piece))
	}
}

// Len returns how many rows there are.
func (l *List[R]) Len() int { return l.n }

// At returns the row at an index.
func (l *List[R]) At(i int) R {
	for _, p := range l.pieces {
		if i < len(p) {
			return p[i]
		}
		i -= len(p)
	}
	panic("sorted: there is no such row")
}

// First returns the first n rows, or all if there are fewer, in a new slice.
func (l *List[R]) First(n int) []R {
	out := make([]R, 0, min(n, l.n))
	for _, p := range l.pieces {
		if out = append(out, p[:min(len(p), n-len(out))]...); len(out) == n {
			break
		}
	}
	return out
}

// All returns the rows in a new slice.
func (l *List[R]) All() []R { return slices.Concat(l.pieces...) }

// place returns the piece of a row, and its index there, or those that it would have.
func (l *List[R]) place(r R) (piece, at int, found bool) {
	piece = sort.Search(len(l.pieces), func(i int) bool {
		p := l.pieces[i]
		return l.compare(p[len(p)-1], r) >= 0
	})
	if piece == len(l.pieces) {
		if piece == 0 {
			return 0, 0, false
		}
		piece--
		return piece, len(l.pieces[piece]), false
	}
	at, found = slices.BinarySearchFunc(l.pieces[piece], r, l.compare)
	return piece, at, found
}

// Find returns the index of a row, or the index at which it would be.
func (l *List[R]) Find(r R) (at int, found bool) {
	piece, at, found := l.place(r)
	for _, p := range l.pieces[:piece] {
		at += len(p)
	}
	return at, found
}

// Replace removes rows and inserts others. The rows in out must be as they are in
// the list. It sorts in, but does not keep it.
func (l *List[R]) Replace(out, in []R) {
	l.Delete(out)
	l.insert(in)
}

// Delete removes rows.
func (l *List[R]) Delete(out []R) {
	for _, r := range out {
		piece, at, found := l.place(r)
		if !found {
			continue
		}
		l.n--
		if l.pieces[piece] = slices.Delete(l.pieces[piece], at, at+1); len(l.pieces[piece]) == 0 {
			l.pieces = slices.Delete(l.pieces, piece, piece+1)
		}
	}
}

// insert inserts rows.
func (l *List[R]) insert(in []R) {
	slices.SortFunc(in, l.compare)
	if len(in) > l.n/2 {
		l.merge(in)
		return
	}
	for _, r := range in {
		piece, at, _ := l.place(r)
		p := slices.Insert(l.pieces[piece], at, r)
		l.pieces[piece] = p
		l.n++
		if len(p) > mostInPiece {
			half := len(p) / 2
			l.pieces = slices.Insert(l.pieces, piece+1, slices.Clone(p[half:]))
			clear(p[half:])
			l.pieces[piece] = p[:half]
		}
	}
}

// merge inserts many rows, which are sorted.
func (l *List[R]) merge(in []R) {
	old, rows := l.All(), make([]R, 0, l.n+len(in))
	for _, r := range in {
		n := sort.Search(len(old), func(i int) bool { return l.compare(old[i], r) >= 0 })
		rows = append(append(rows, old[:n]...), r)
		old = old[n:]
	}
	l.set(append(rows, old...))
}

// Cut removes all but the first n rows, and returns the removed ones in their order.
func (l *List[R]) Cut(n int) (out []R) {
	for l.n > n {
		last := len(l.pieces) - 1
		p := l.pieces[last]
		keep := max(0, len(p)-(l.n-n))
		out = append(slices.Clone(p[keep:]), out...)
		l.n -= len(p) - keep
		clear(p[keep:])
		if l.pieces[last] = p[:keep]; keep == 0 {
			l.pieces = slices.Delete(l.pieces, last, last+1)
		}
	}
	return out
}
