package config

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
)

// Reference returns tables of all settings in Markdown, one for each subject, for ../README.md.
func Reference() string {
	var b strings.Builder
	for i, subject := range cli.Subjects() {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "#### %s\n\n| flag | variable | key in the file | default | meaning |\n|---|---|---|---|---|\n", subject)
		writeSettings(&b, subject)
	}
	return b.String()
}

// DescribeVariables returns the variables of all settings, with what each means.
func DescribeVariables() (rows [][2]string) {
	for _, s := range settings {
		for i, name := range s.variables() {
			usage := s.usage
			if i > 0 {
				usage = "another name of " + s.variables()[0]
				if strings.HasSuffix(name, "_FILE") {
					usage = "file with the value of " + s.variables()[0]
				}
			}
			rows = append(rows, [2]string{name, markdownLink.ReplaceAllString(usage, "$1 in the documents")})
		}
	}
	return rows
}

var markdownLink = regexp.MustCompile(`\[(.+?)\]\(.+?\)`)

func writeSettings(b *strings.Builder, subject cli.Subject) {
	for _, s := range settings {
		if s.subject != subject {
			continue
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s |\n", s.flag(), s.variablesCode(), s.key(), s.reference(), strings.ReplaceAll(s.usage, "|", `\|`))
	}
}

// flag returns the flag as the reference shows it.
func (s setting) flag() string {
	if s.noFlag {
		return ""
	}
	return code(strings.TrimSpace("--" + s.name + " " + s.placeholder()))
}

// variablesCode returns the variables as the reference shows them.
func (s setting) variablesCode() string {
	names := s.variables()
	for i, name := range names {
		names[i] = code(name)
	}
	return strings.Join(names, ", ")
}

// key returns the key in the file as the reference shows it.
func (s setting) key() string {
	if s.noKey {
		return ""
	}
	return code(s.name)
}

// reference returns the default as the reference shows it.
func (s setting) reference() string {
	if text := cmp.Or(s.fallbackHelp, s.fallback); text != "" {
		return code(text)
	}
	return s.unset
}

// code formats a word in Markdown.
func code(word string) string {
	if word == "" {
		return ""
	}
	return "`" + strings.ReplaceAll(word, "|", `\|`) + "`"
}
