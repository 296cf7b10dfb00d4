//go:build linux

package soak

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// The graph has a panel for each measure, and a line for each process.
const (
	panelWidth, panelHeight = 760, 110
	left, top               = 70, 40
)

var colours = []string{"#0072b2", "#d55e00", "#009e73"}

// graph returns the samples as an SVG picture.
func graph(all []*watched) string {
	var b strings.Builder
	height := top + len(measures)*(panelHeight+34) + 20
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">`, left+panelWidth+20, height)
	b.WriteString(`<rect width="100%" height="100%" fill="#ffffff"/>`)
	for i, w := range all {
		fmt.Fprintf(&b, `<text x="%d" y="20" fill="%s">%s</text>`, left+i*120, colours[i%len(colours)], w.name)
	}
	for i, m := range measures {
		panel(&b, all, i, m, top+i*(panelHeight+34))
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// panel draws one measure. Its lower edge is zero.
func panel(b *strings.Builder, all []*watched, measure int, m measure, y int) {
	highest, end := 1.0, time.Second
	for _, w := range all {
		highest = max(highest, slices.Max(append([]float64{0}, w.values[measure]...)))
		end = max(end, slices.Max(append([]time.Duration{0}, w.at...)))
	}
	fmt.Fprintf(b, `<text x="%d" y="%d">%s</text>`, left, y+12, m.name)
	y += 18
	fmt.Fprintf(b, `<rect x="%d" y="%d" width="%d" height="%d" fill="none" stroke="#bbbbbb"/>`, left, y, panelWidth, panelHeight)
	fmt.Fprintf(b, `<text x="%d" y="%d" text-anchor="end">%s</text><text x="%d" y="%d" text-anchor="end">0</text>`, left-6, y+10, shown(highest, m), left-6, y+panelHeight)
	fmt.Fprintf(b, `<text x="%d" y="%d" text-anchor="end">%s</text>`, left+panelWidth, y+panelHeight+13, end.Round(time.Second))
	for i, w := range all {
		var points []string
		for n, v := range w.values[measure] {
			if v >= 0 {
				points = append(points, fmt.Sprintf("%.1f,%.1f", left+panelWidth*float64(w.at[n])/float64(end), float64(y+panelHeight)-panelHeight*v/highest))
			}
		}
		fmt.Fprintf(b, `<polyline fill="none" stroke="%s" stroke-width="1.5" points="%s"/>`, colours[i%len(colours)], strings.Join(points, " "))
	}
}
