package signature

import "strings"

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }

func isAlpha(c byte) bool { return isLower(c | 0x20) }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isBase64(c byte) bool { return isAlpha(c) || isDigit(c) || c == '+' || c == '/' }

// isNameChar is tchar in RFC 9110 §5.6.2: the characters of header names.
func isNameChar(c byte) bool {
	return isAlpha(c) || isDigit(c) || strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0
}

// isTokenChar says whether c may follow the first character of a token, RFC 8941
// §3.3.4.
func isTokenChar(c byte) bool { return isNameChar(c) || c == ':' || c == '/' }

// isKeyChar says whether c may follow the first character of a key, RFC 8941 §3.1.2.
func isKeyChar(c byte) bool {
	return isLower(c) || isDigit(c) || c == '_' || c == '-' || c == '.' || c == '*'
}

// isComponentName says whether a component is the name of a header in lower case.
// Derived components, such as @method in RFC 9421, are not.
func isComponentName(s string) bool {
	for i := range len(s) {
		if !isNameChar(s[i]) || isAlpha(s[i]) && !isLower(s[i]) {
			return false
		}
	}
	return s != ""
}

// isPlain says whether s has only visible ASCII and spaces.
func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}
