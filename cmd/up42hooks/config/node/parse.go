package node

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"
)

// Parse reads a text with one YAML document. It returns a nil node for a text without a document. Its errors
// begin with the name, such as that of the file, and contain no value of the text.
func Parse(text, name string) (*yaml.Node, error) {
	dec := yaml.NewDecoder(strings.NewReader(text))
	var doc yaml.Node
	if err := dec.Decode(&doc); errors.Is(err, io.EOF) || err == nil && len(doc.Content) == 0 {
		return nil, nil
	} else if err != nil {
		return nil, notYAML(name, text, err)
	}
	if err := dec.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: want one YAML document, but there are more", name)
	}
	root := doc.Content[0]
	if n := misread(root, lineEnd.Split(text, -1)); n != nil {
		return nil, New(n, name).Wrong("%s: %s", special, quote)
	}
	return root, nil
}

// misread finds a value that means something else to YAML than to its author. It returns nil if there is none.
// A word that begins with ! is a type to YAML, and one that begins with & names a value.
func misread(n *yaml.Node, lines []string) *yaml.Node {
	typed := n.Style&yaml.TaggedStyle != 0 || strings.HasPrefix(from(lines, n), "!")
	if typed || n.Anchor != "" && n.Kind == yaml.ScalarNode && n.Value == "" && n.Tag == "!!null" {
		return n
	}
	for _, part := range n.Content {
		if found := misread(part, lines); found != nil {
			return found
		}
	}
	return nil
}

// from returns the line of a node from where the node begins.
func from(lines []string, n *yaml.Node) string {
	if n.Line < 1 || n.Line > len(lines) {
		return ""
	}
	line := []rune(strings.TrimPrefix(lines[n.Line-1], "\uFEFF"))
	return string(line[min(max(n.Column-1, 0), len(line)):])
}

// Unknown returns the error about a name that is not known. Where the space behind a colon is missing, the name
// has a value in it, which may be a secret: it is left out.
func (n Node) Unknown(known []string) error {
	name := firstWord(n.Value)
	rest := n.Value[len(name):]
	switch {
	case rest != "" && slices.Contains(known, name) && rest[0] == ':':
		return n.Wrong("want a space after the colon: `%s: …`", name)
	case rest != "" && slices.Contains(known, name):
		return n.Wrong("want a colon and a space after the name: `%s: …`", name)
	case name == "":
		return n.Wrong("unknown setting%s", Suggestion(name, known))
	default:
		return n.Wrong("unknown setting %q%s", name, Suggestion(name, known))
	}
}

// firstWord returns the beginning of a text that could be the name of a setting.
func firstWord(text string) string {
	end := strings.IndexFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_.", r)
	})
	if end < 0 {
		return text
	}
	return text[:end]
}
