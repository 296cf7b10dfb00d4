package filter

import (
	"strings"
	"unicode/utf8"
)

// containsFold reports whether s contains needle, in upper or lower case. Needle is in
// lower case and not empty. It does not allocate if s is ASCII.
func containsFold(s, needle string) bool {
	if !isASCII(s) {
		return strings.Contains(strings.ToLower(s), needle)
	}
	for first := needle[0]; len(s) >= len(needle); s = s[1:] {
		if lower(s[0]) == first && hasLower(s, needle) {
			return true
		}
	}
	return false
}

// prefixFold reports whether s begins with prefix, in upper or lower case. Prefix is in
// lower case.
func prefixFold(s, prefix string) bool {
	if !isASCII(s) {
		return strings.HasPrefix(strings.ToLower(s), prefix)
	}
	return len(s) >= len(prefix) && hasLower(s, prefix)
}

// hasLower compares the first bytes of s with prefix. S is not shorter than prefix.
func hasLower(s, prefix string) bool {
	for i := range len(prefix) {
		if lower(s[i]) != prefix[i] {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// matchesPattern reports whether s matches pattern, in which * stands for any text, the
// empty one too.
func matchesPattern(pattern, s string) bool {
	star, from := -1, 0 // the last star, and where the text that it stands for ends
	p, i := 0, 0
	for i < len(s) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, from = p, i
			p++
		case p < len(pattern) && pattern[p] == s[i]:
			p++
			i++
		case star >= 0:
			from++
			p, i = star+1, from
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
