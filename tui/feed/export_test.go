package feed

// Kept returns how many deliveries the page keeps.
func (p *Page) Kept() int { return p.contents.read.Len() }
