package table

import (
	"slices"
	"strings"
)

// Names returns the names of columns by which [Choose] knows them: their titles in lower case.
func Names[R any](all []Column[R]) []string {
	names := make([]string, len(all))
	for i := range all {
		names[i] = strings.ToLower(all[i].Title)
	}
	return names
}

// Choose returns the columns with these names, in their order. It leaves out names that no column
// has. Without names, and if no column has one of them, it returns all columns.
func Choose[R any](all []Column[R], names []string) []Column[R] {
	known := Names(all)
	var out []Column[R]
	for _, name := range names {
		if i := slices.Index(known, name); i >= 0 {
			out = append(out, all[i])
		}
	}
	if len(out) == 0 {
		return all
	}
	return out
}
