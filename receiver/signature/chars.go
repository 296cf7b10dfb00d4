package signature

import "strings"

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }

func isAlpha(c byte) bool { return isLower(c | 0x20) }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isBase64(c byte) bool { return isAlpha(c) || isDigit(c) || c == '+' || c == '/' }

// isNameChar is the tchar of RFC 9110 §5.6.2, of which header names are made.
func isNameChar(c byte) bool {
	return isAlpha(c) || isDigit(c) || strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0
}

// isTokenChar belongs to a token of RFC 8941 §3.3.4, behind its first letter.
func isTokenChar(c byte) bool { return isNameChar(c) || c == ':' || c == '/' }

// isKeyChar belongs to a key of RFC 8941 §3.1.2, behind its first letter.
func isKeyChar(c byte) bool {
	return isLower(c) || isDigit(c) || c == '_' || c == '-' || c == '.' || c == '*'
}

// isComponentName says whether a covered component names a header: in lower
// case, and not derived as RFC 9421's @method is.
func isComponentName(s string) bool {
	for i := range len(s) {
		if !isNameChar(s[i]) || isAlpha(s[i]) && !isLower(s[i]) {
			return false
		}
	}
	return s != ""
}

// isPlain says whether a covered value is of visible ASCII and space only.
func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}
