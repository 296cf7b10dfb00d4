package table

// Quick sets how many rows are arranged without a command, so that tests of
// commands get by with few.
func (m *Model[K, R]) Quick(rows int) { m.quick = rows }
