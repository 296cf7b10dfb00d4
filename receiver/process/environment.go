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
		return strings.HasPrefix(v, "UP42_") || strings.HasPrefix(v, "PGPASS")
	})
}
