package dedup

// WithWindow makes a checker read all records for each n events.
func (x *Checker) WithWindow(n int) *Checker {
	x.window = n
	return x
}
