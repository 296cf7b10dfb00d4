package webhook

// Receiver reports whether a webhook's URL leads to this receiver. Nil if that
// can't be known.
type Receiver func(url string) bool

// PointsHere reports whether a URL leads to this receiver, and whether that is
// known.
func (r Receiver) PointsHere(url string) (here, known bool) {
	if r == nil {
		return false, false
	}
	return r(url), true
}
