package safe

import "strings"

// plain are the characters without a meaning for both cmd and PowerShell, besides digits and letters.
const plain = `\/._-+:`

// quoted puts a word in the quotation marks that both shells know. A program reads backslashes before a
// quotation mark in pairs, and one more as the sign that the mark is a part of the word.
func quoted(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	backslashes := 0
	for _, r := range s {
		switch r {
		case '\\':
			backslashes++
		case '"':
			b.WriteString(strings.Repeat(`\`, backslashes+1))
			backslashes = 0
		default:
			backslashes = 0
		}
		b.WriteRune(r)
	}
	b.WriteString(strings.Repeat(`\`, backslashes) + `"`)
	return b.String()
}
