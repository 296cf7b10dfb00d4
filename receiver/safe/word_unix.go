//go:build unix

package safe

import "strings"

// plain are the characters without a meaning, besides digits and letters.
const plain = "/._-+:,@%="

func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
