package config

import (
	"cmp"
	"fmt"
	"strings"
)

// Reference returns the table of all settings in Markdown, for ../README.md.
func Reference() string {
	var b strings.Builder
	b.WriteString("| flag | variable | key in the file | default | meaning |\n|---|---|---|---|---|\n")
	for _, s := range settings {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", s.flag(), s.variablesCode(), s.key(), s.reference(), strings.ReplaceAll(s.usage, "|", `\|`))
	}
	return b.String()
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
