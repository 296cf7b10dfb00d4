package salvage

// WithReading has reads of pages fail with the errors of a function.
func (o Options) WithReading(f func() error) Options {
	o.reading = f
	return o
}
