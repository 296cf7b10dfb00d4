package process

import (
	"os"
	"slices"
	"strings"
)

// Environment returns our environment for another program: without our own variables, some of which
// are secret, and without the password for PostgreSQL.
func Environment() []string {
	return slices.DeleteFunc(os.Environ(), func(v string) bool {
		name := strings.ToUpper(v) // for Windows, names of variables are the same in any case
		return strings.HasPrefix(name, "UP42_") || strings.HasPrefix(name, "PGPASS")
	})
}
