package paths

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// postgresFiles are the parameters of a URL of PostgreSQL that name a file.
var postgresFiles = []string{"passfile", "servicefile", "sslrootcert", "sslcert", "sslkey"}

// ResolvePostgres resolves the files that a URL of PostgreSQL names, as Resolve does. Any other text stays as it is.
func ResolvePostgres(text, folder, home string) (string, error) {
	before, query, found := strings.Cut(text, "?")
	if !found || !strings.HasPrefix(text, "postgres://") && !strings.HasPrefix(text, "postgresql://") {
		return text, nil
	}
	params := strings.Split(query, "&")
	for i, param := range params {
		name, value, _ := strings.Cut(param, "=")
		file, err := url.QueryUnescape(value)
		if err != nil || !slices.Contains(postgresFiles, name) || name == "sslrootcert" && file == "system" {
			continue // whoever reads the URL says what is wrong with it
		}
		path, err := Resolve(file, folder, home)
		if err != nil {
			return "", fmt.Errorf("%s: %w", name, err)
		}
		if path != file {
			params[i] = name + "=" + url.QueryEscape(path)
		}
	}
	return before + "?" + strings.Join(params, "&"), nil
}
