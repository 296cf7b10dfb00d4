package frame

import (
	"slices"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui/number"
	"github.com/up42/up42-webhooks/tui/theme"
)

// Verdicts counts deliveries by verdict.
type Verdicts struct {
	// Ready is false while the store is read for the first time.
	Ready  bool
	Counts receiver.Counts
}

// pieces are the counts: in words if there is room, else in shorter words, else
// with glyphs.
func (v *Verdicts) pieces(th *theme.Theme, room int) []Piece {
	if !v.Ready {
		return reading(th)
	}
	var out []Piece
	for brief := range verdictGlyphs + 1 {
		t := tally{theme: th, brief: brief}
		t.verdicts(v.Counts)
		t.others(v)
		if out = t.all; widthOf(t.needed) <= room {
			break
		}
	}
	return out
}

// least returns the most important counts, as short as they can be. While the store is read, it says so.
func (v *Verdicts) least(th *theme.Theme) []Piece {
	if !v.Ready {
		return reading(th)
	}
	t := tally{theme: th, brief: verdictGlyphs}
	t.verdicts(v.Counts)
	const rejectedAndVerified = 2
	return slices.DeleteFunc(t.needed, func(p Piece) bool { return p.Drop > rejectedAndVerified })
}

// reading says why there are no counts yet. It goes before a tab is cut.
func reading(th *theme.Theme) []Piece {
	return []Piece{{Text: "reading the store" + th.Glyphs.Ellipsis, Style: th.Dim, Drop: 1}}
}

// brevity says how short the counts are.
type brevity int

const (
	verdictWords brevity = iota
	shortDuplicates
	// goodGlyph counts verified and trusted events together.
	goodGlyph
	verdictGlyphs
)

// tally collects counts. Counts that are 0 are dropped first, rejections last.
type tally struct {
	theme *theme.Theme
	brief brevity
	all   []Piece
	// needed are the counts that are not 0.
	needed []Piece
}

func (t *tally) add(n int64, words string, style theme.Style, drop int) {
	p := Piece{Text: words, Style: style, Drop: drop}
	if n > 0 {
		t.needed = append(t.needed, p)
	} else {
		p.Style, p.Drop = t.theme.Dim, drop+10
	}
	t.all = append(t.all, p)
}

// verdict counts a verdict, from some brevity on with its glyph.
func (t *tally) verdict(n int64, v receiver.Verdict, glyph brevity, style theme.Style, drop int) {
	if t.brief < glyph {
		t.add(n, number.Format(n)+" "+string(v), style, drop)
	} else {
		t.add(n, t.theme.Glyphs.Verdict(v)+" "+number.Format(n), style, drop)
	}
}

func (t *tally) verdicts(c receiver.Counts) {
	th := t.theme
	if t.brief >= goodGlyph {
		c.Verified, c.Trusted = c.Verified+c.Trusted, 0 // they have the same trust, and the same glyph
	}
	t.verdict(c.Verified, receiver.Verified, goodGlyph, th.Success, 2)
	if c.Trusted > 0 {
		t.verdict(c.Trusted, receiver.Trusted, goodGlyph, th.Success, 5)
	}
	t.verdict(c.Partial, receiver.Partial, verdictGlyphs, th.Mark, 4)
	if c.Unsigned > 0 {
		t.verdict(c.Unsigned, receiver.Unsigned, verdictGlyphs, th.Mark, 3)
	}
	t.verdict(c.Rejected, receiver.Rejected, verdictGlyphs, th.Failure, 1)
}

func (t *tally) others(v *Verdicts) {
	if v.Counts.Unmatched > 0 {
		t.add(v.Counts.Unmatched, number.Format(v.Counts.Unmatched)+" unmatched", t.theme.Mark, 3)
	}
	if n := v.Counts.Conflicts; n > 0 {
		t.add(n, number.Of(n, "conflict", "conflicts"), t.theme.Mark, 3)
	}
	if n := v.Counts.Duplicates; t.brief < shortDuplicates {
		t.add(n, number.Of(n, "duplicate", "duplicates"), t.theme.Dim, 6)
	} else {
		t.add(n, number.Format(n)+" dup", t.theme.Dim, 6)
	}
}
