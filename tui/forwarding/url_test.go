package forwarding

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestWrongURL(t *testing.T) {
	for url, want := range map[string]string{
		"https://example.com/hook": "", "http://localhost:8080/": "", "http://127.0.0.1": "", "http://[::1]:80/x?y=z": "",
		"": "want a URL", "example.com": "want a URL", "https:///x": "want a URL", "mailto:a@b": "want a URL", "https://exa mple": "want a URL",
		"ftp://example.com": "want https, or http for this machine", "http://example.com": "want https, as it leaves this machine",
		"https://me:secret@example.com": "no password here",
	} {
		if want == "" {
			assert.Empty(t, wrongURL(url), url)
		} else {
			assert.Contains(t, wrongURL(url), want, url)
		}
	}
}

func TestAProposedURLIsReplaced(t *testing.T) {
	const last = "https://last.example.com/"
	for _, tc := range []struct {
		start string
		typed []string // what the text becomes with each change
		want  string
	}{
		{scheme, []string{scheme + "a", scheme + "ab"}, scheme + "ab"},
		{scheme, []string{scheme + "https://b.example.com"}, "https://b.example.com"},
		{scheme, []string{scheme + "http://localhost"}, "http://localhost"},
		{last, []string{last}, last},
		{last, []string{last + "h"}, "h"},
		{last, []string{"https://last.example.com", last, last + "x"}, last + "x"},
	} {
		e, now := urlEdit{start: tc.start}, ""
		for _, text := range tc.typed {
			now = e.typed(text)
		}
		assert.Equal(t, tc.want, now, tc)
	}
}
