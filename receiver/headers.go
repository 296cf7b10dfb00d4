package receiver

import (
	"net/http"
	"slices"
	"strings"
)

// headersOf copies the request's headers, sorted by name, so that the same request
// always looks the same. It leaves out headers that can hold a password.
func headersOf(r *http.Request) []Header {
	out := make([]Header, 1, len(r.Header)+1)
	out[0] = Header{"Host", r.Host}
	for name, values := range r.Header {
		if name == "Authorization" || name == "Proxy-Authorization" || name == "Cookie" {
			continue
		}
		for _, v := range values {
			out = append(out, Header{name, v})
		}
	}
	slices.SortStableFunc(out, func(a, b Header) int { return strings.Compare(a.Name, b.Name) })
	return out
}
