package text

import (
	"regexp"
	"strings"

	"github.com/up42/up42-webhooks/receiver/safe"
)

// ownCommand matches a command of this program in a sentence. The name alone is one only at the end,
// after a colon: "a newer up42hooks" is the program. No sentence tells to run the command demo, and the
// webhook of a demo is called "up42hooks demo".
var ownCommand = regexp.MustCompile(": up42hooks$|(?:^|[ (`])up42hooks (?:completion|config|doctor|events|forward|health|help|jobs|listen|login|logout|mcp|orders|play|record|send|simulate|store|verify|version|watch|webhooks|--help)\\b")

// AsCalled returns a text in which the commands of this program, such as "up42hooks events", begin
// with the name under which it was called. What is in double quotes stays: it may be of others.
func AsCalled(program, s string) string {
	if program == "" || program == "up42hooks" || !strings.Contains(s, "up42hooks") {
		return s
	}
	program = safe.Word(program)
	parts := strings.Split(s, `"`)
	for i := 0; i < len(parts); i += 2 {
		parts[i] = ownCommand.ReplaceAllStringFunc(parts[i], func(m string) string { return strings.Replace(m, "up42hooks", program, 1) })
	}
	return strings.Join(parts, `"`)
}
