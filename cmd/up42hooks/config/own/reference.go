package own

import (
	"fmt"
	"strings"

	"github.com/up42/up42-webhooks/tui/keys"
)

// Reference returns a table of all actions in Markdown, for ../../README.md.
func Reference() string {
	var b strings.Builder
	b.WriteString("| action | usual keys | does |\n|---|---|---|\n")
	for _, a := range Actions() {
		shown := make([]string, len(a.Keys()))
		for i, k := range a.Keys() {
			shown[i] = "`" + keys.Shown([]string{k}) + "`"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", a.Name, strings.ReplaceAll(strings.Join(shown, " "), "|", `\|`), a.Does)
	}
	return b.String()
}
