package admin

import (
	"fmt"
	"io"
	"strconv"
)

// Family writes the help and the type of a metric. Write them once, before the metric's
// series: the library would write them before each series.
func Family(w io.Writer, name, kind, help string) {
	fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
}

// series returns the name of a metric with one label.
func series(name, label, value string) string {
	return name + "{" + label + "=" + strconv.Quote(value) + "}"
}
