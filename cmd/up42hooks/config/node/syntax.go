package node

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// NotYAML returns the error for a text that can't be parsed, without the values that the parser quotes:
// they may be secrets.
func NotYAML(name, text string, parser error) error {
	parts := message.FindStringSubmatch(parser.Error())
	line, _ := strconv.Atoi(parts[1])
	all := lineEnd.Split(strings.TrimRight(text, "\r\n"), -1)
	line = min(line, len(all))
	problem, advice := quoted.ReplaceAllStringFunc(parts[2], hidden), "put values with special characters in quotation marks"
	switch {
	case strings.Contains(problem, "cannot start any token"):
		line = max(line, 1) // the parser does not name the first one
		problem, advice = unreadable(all[line-1])
	case strings.Contains(problem, "found a tab character"):
		line = max(line, 1)
		line += max(0, slices.IndexFunc(all[line-1:], withTab.MatchString)) // the parser names the line before
		problem, advice = beginsWithTab, indentWithSpaces
	case line > 0 && ofGrammar.MatchString(problem):
		line = min(line+1, len(all)) // it has a line for the end, too
	}
	if line > 0 {
		name += fmt.Sprintf(":%d", line)
	}
	return fmt.Errorf("%s: %s: %s", name, problem, advice)
}

const (
	beginsWithTab    = "the line begins with a tab"
	indentWithSpaces = "indent with spaces"
)

// unreadable says why the parser can't read on in a line.
func unreadable(line string) (problem, advice string) {
	const special, quote = "a value begins with a special character", "put it in quotation marks"
	switch tab, other := withTab.MatchString(line), withSpecial.MatchString(line); {
	case tab && !other:
		return beginsWithTab, indentWithSpaces
	case other && !strings.Contains(line, "\t"):
		return special, quote
	default:
		return "it has a tab where only spaces may be, or " + special, indentWithSpaces + ", and put such a value in quotation marks"
	}
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
	// ofGrammar matches the errors whose lines the parser counts from 0.
	ofGrammar = regexp.MustCompile(`did not find expected (?:key|node content|',' or|'-' indicator|<document start>)`)
)
