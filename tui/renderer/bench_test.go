package renderer

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkAnotherPage makes the bytes for two frames of 200×60 in turn that differ in each line, as
// pages do.
func BenchmarkAnotherPage(b *testing.B) {
	var pages [2][]string
	for i := range pages {
		for line := range 60 {
			var cells strings.Builder
			for column := range 10 {
				fmt.Fprintf(&cells, "\x1b[38;5;%dm│ %6d %6d ✓\x1b[0m", 100+column, 10*line+i, column)
			}
			pages[i] = append(pages[i], cells.String())
		}
	}
	var s screen
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		s.change(pages[i%2], false)
	}
}
