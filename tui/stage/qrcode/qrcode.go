// Package qrcode draws QR codes with half blocks.
package qrcode

import (
	"fmt"
	"strings"

	"rsc.io/qr"
)

// quiet is how many light modules are around a code, as ISO 18004 wants them.
const quiet = 4

// Lines returns the lines of a code for a text: a cell is two modules, one above the other. A dark
// module is a character, a light one is the ground, so the ground must be light and the characters
// dark.
func Lines(text string) ([]string, error) {
	code, err := qr.Encode(text, qr.L)
	if err != nil {
		return nil, fmt.Errorf("make a QR code: %w", err)
	}
	var lines []string
	for y := -quiet; y < code.Size+quiet; y += 2 {
		var b strings.Builder
		for x := -quiet; x < code.Size+quiet; x++ {
			b.WriteString(cell(code.Black(x, y), code.Black(x, y+1)))
		}
		lines = append(lines, b.String())
	}
	return lines, nil
}

func cell(above, below bool) string {
	switch {
	case above && below:
		return "█"
	case above:
		return "▀"
	case below:
		return "▄"
	default:
		return " "
	}
}
