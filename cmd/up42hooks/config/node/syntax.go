package node

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// notYAML returns the error for a text that can't be parsed, without the values that the parser quotes:
// they may be secrets.
func notYAML(name, text string, parser error) error {
	parts := message.FindStringSubmatch(parser.Error())
	line, _ := strconv.Atoi(parts[1])
	all := lineEnd.Split(strings.TrimRight(text, "\r\n"), -1)
	line = min(line, len(all))
	problem, advice := quoted.ReplaceAllStringFunc(parts[2], hidden), quoteSpecial
	switch {
	case ofReader.MatchString(problem): // the parser names no line
		line, problem, advice = badCharacter(text)
	case strings.HasPrefix(problem, "unknown anchor"): // a value that begins with an asterisk; no line either
		line, problem, advice = lineOfAlias(all, quoted.FindString(parts[2])), special, quote
	case strings.Contains(problem, "cannot start any token"):
		line = max(line, 1) // the parser does not name the first one
		problem, advice = unreadable(all[line-1])
	case strings.Contains(problem, "found a tab character"):
		line = max(line, 1)
		line += max(0, slices.IndexFunc(all[line-1:], withTab.MatchString)) // the parser names the line before
		problem, advice = beginsWithTab, indentWithSpaces
	case ofEscape.MatchString(problem):
		line, advice = max(line, 1), `within " a \ begins an escape: use ' instead, or write \\`
	case line > 0 && ofGrammar.MatchString(problem):
		line = min(line+1, len(all)) // it has a line for the end, too
	}
	if line > 0 {
		name += fmt.Sprintf(":%d", line)
	}
	return fmt.Errorf("%s: %s: %s", name, problem, advice)
}

const (
	special          = "a value begins with a special character"
	quote            = "put it in quotation marks"
	quoteSpecial     = "put values with special characters in quotation marks"
	beginsWithTab    = "the line begins with a tab"
	indentWithSpaces = "indent with spaces"
)

// unreadable says why the parser can't read on in a line.
func unreadable(line string) (problem, advice string) {
	switch tab, other := withTab.MatchString(line), withSpecial.MatchString(line); {
	case tab && !other:
		return beginsWithTab, indentWithSpaces
	case other && !strings.Contains(line, "\t"):
		return special, quote
	default:
		return "it has a tab where only spaces may be, or " + special, indentWithSpaces + ", and put such a value in quotation marks"
	}
}

// badCharacter says where a text has the first character that YAML does not allow.
func badCharacter(text string) (line int, problem, advice string) {
	for i, r := range text {
		_, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			problem, advice = "it has a character that is not UTF-8", "save it as UTF-8"
		case unicode.IsControl(r) && !strings.ContainsRune("\t\n\r\u0085", r), r&0xFFFE == 0xFFFE:
			problem, advice = fmt.Sprintf("it has a control character (%U)", r), "remove the control character"
		default:
			continue
		}
		return len(lineEnd.FindAllString(text[:i], -1)) + 1, problem, advice
	}
	return 0, "it has a character that YAML does not allow", "save it as UTF-8"
}

// lineOfAlias returns the number of the first line that refers to an anchor, or 0 if no line does. The name of
// the anchor is in quotation marks.
func lineOfAlias(lines []string, name string) int {
	alias := regexp.MustCompile(`^[^#]*(?:^|[\s,:\[{-])\*` + regexp.QuoteMeta(strings.Trim(name, "'")))
	return slices.IndexFunc(lines, alias.MatchString) + 1
}

// hidden replaces what an error quotes, unless it is a sign that the parser expects.
func hidden(quote string) string {
	if len(quote) == len("':'") {
		return quote
	}
	return "(a value)"
}

var (
	message     = regexp.MustCompile(`(?s)^(?:yaml: )?(?:line (\d+): )?(.*)$`)
	quoted      = regexp.MustCompile(`'[^']*'|"[^"]*"`)
	lineEnd     = regexp.MustCompile("\r\n|[\r\n\u0085\u2028\u2029]")
	withTab     = regexp.MustCompile("^\uFEFF? *\t")
	withSpecial = regexp.MustCompile("(?:^|[\\s,:\\[{-])[@`%|>]")
	// ofReader matches the errors about the characters of the text, ofEscape those about a \ in a text.
	ofReader = regexp.MustCompile(`UTF-8|UTF-16|^invalid Unicode|^control characters|surrogate area`)
	ofEscape = regexp.MustCompile(`^found unknown escape|escape code$|^did not find expected hexdecimal`)
	// ofGrammar matches the errors whose lines the parser counts from 0.
	ofGrammar = regexp.MustCompile(`did not find expected (?:key|node content|',' or|'-' indicator|<document start>)`)
)
