package frame

import "strings"

// Over draws lines over the last lines of a page.
func Over(page string, lines []string) string {
	if len(lines) == 0 {
		return page
	}
	below := strings.Split(page, "\n")
	kept := below[:max(0, len(below)-len(lines))]
	return strings.Join(append(kept, lines...), "\n")
}
