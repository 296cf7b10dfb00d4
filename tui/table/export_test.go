package table

// Quick sets the number of rows that are arranged without a command, so that tests
// of commands need only a few rows.
func (m *Model[K, R]) Quick(rows int) { m.quick = rows }
