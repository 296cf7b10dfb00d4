package filter

import "strings"

// Place is what is being typed at a place of an expression: a word, a key, or a value.
type Place struct {
	// Key is the key of the value that is typed. [Text]: a word is typed, which may become a
	// key.
	Key Key
	// Typed is what there is of it before the place, without quotes.
	Typed string
	// From and To are the part of the expression that [Place.Take] replaces, in bytes.
	From, To int
	// Listed are the other values of the same word, as they were typed.
	Listed []string
	// Others is the expression without the word.
	Others string
}

// PlaceAt returns what is typed at an offset of an expression, in bytes. ok is false where
// nothing can be proposed: in a text in quotes.
func PlaceAt(expr string, at int) (p Place, ok bool) {
	s := scanner{src: expr}
	for {
		tok, more := s.next()
		switch {
		case !more || at < tok.pos:
			return Place{From: at, To: at, Others: expr}, true
		case at <= tok.end:
			return tok.place(expr, at)
		}
	}
}

// place returns what is typed at an offset within a word.
func (t *token) place(expr string, at int) (p Place, ok bool) {
	p.Others = strings.TrimSpace(expr[:t.pos] + expr[t.end:])
	if t.key == "" {
		w := t.parts[0]
		p.From, p.To = w.pos, w.end
		p.Typed = expr[w.pos:max(at, w.pos)]
		return p, !w.quoted
	}
	if at <= t.keySpan.end {
		p.From, p.To = t.keySpan.pos, t.keySpan.end+1
		p.Typed = expr[p.From:max(at, p.From)]
		return p, true
	}
	p.Key = Key(strings.ToLower(t.key))
	for _, v := range t.parts {
		if at < v.pos || at > v.end {
			p.Listed = append(p.Listed, v.text)
			continue
		}
		p.From, p.To = v.pos, v.end
		p.Typed = strings.TrimPrefix(expr[v.pos:at], `"`)
	}
	return p, p.Key.info() != nil
}

// Take returns the expression with a proposal in place of what is typed, and the offset behind
// it: a key with its colon, or a value of the key. A value gets quotes if it needs them.
func (p *Place) Take(expr, proposal string) (_ string, at int) {
	if p.Key == Text {
		return p.put(expr, proposal+":")
	}
	return p.put(expr, quoteValue(proposal))
}

// TakeWhole returns the expression with a key and its value in place of a word that is typed.
func (p *Place) TakeWhole(expr string, k Key, value string) (_ string, at int) {
	return p.put(expr, string(k)+":"+quoteValue(value))
}

func (p *Place) put(expr, proposal string) (_ string, at int) {
	return expr[:p.From] + proposal + expr[p.To:], p.From + len(proposal)
}
