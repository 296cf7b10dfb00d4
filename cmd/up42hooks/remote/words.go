package remote

import (
	"errors"
	"strings"
)

var errOpenQuote = errors.New("a quote is not closed")

// splitWords separates the words of a command as a shell does. Text between ' or " is one word, \
// takes the next character as it is; nothing else has a meaning.
func splitWords(line string) (words []string, err error) {
	var word strings.Builder
	var quote rune
	within, escaped := false, false
	for _, r := range line {
		switch {
		case escaped:
			word.WriteRune(r)
			escaped = false
		case r == '\\' && quote != '\'':
			within, escaped = true, true
		case r == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(r)
		case r == '\'' || r == '"':
			within, quote = true, r
		case strings.ContainsRune(" \t\r\n", r):
			if within {
				words = append(words, word.String())
			}
			word.Reset()
			within = false
		default:
			within = true
			word.WriteRune(r)
		}
	}
	if quote != 0 || escaped {
		return nil, errOpenQuote
	}
	if within {
		words = append(words, word.String())
	}
	return words, nil
}
