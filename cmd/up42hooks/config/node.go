package config

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"
)

// node is a part of the configuration file. Its errors begin with its line.
type node struct {
	*yaml.Node
	file string
}

// wrong returns an error about the node.
func (n node) wrong(format string, args ...any) error {
	return fmt.Errorf("%s:%d: %w", n.file, n.Line, fmt.Errorf(format, args...))
}

// resolved follows a YAML alias.
func (n node) resolved() node {
	if n.Kind == yaml.AliasNode {
		n.Node = n.Alias
	}
	return n
}

// len is the number of entries of a list or a mapping.
func (n node) len() int {
	n = n.resolved()
	if n.Kind == yaml.MappingNode {
		return len(n.Content) / 2
	}
	return len(n.Content)
}

// text returns the value of a scalar.
func (n node) text() (string, error) {
	n = n.resolved()
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		return "", n.wrong("want one value")
	}
	return n.Value, nil
}

// texts returns the values of a list of scalars. A single scalar counts as a list.
func (n node) texts() ([]string, error) {
	n = n.resolved()
	if n.Kind != yaml.SequenceNode {
		one, err := n.text()
		return []string{one}, err
	}
	var out []string
	for _, item := range n.Content {
		text, err := node{item, n.file}.text()
		if err != nil {
			return nil, err
		}
		out = append(out, text)
	}
	return out, nil
}

// items returns the entries of a list.
func (n node) items() ([]node, error) {
	n = n.resolved()
	if n.Kind != yaml.SequenceNode {
		return nil, n.wrong("want a list, each entry with a dash in front")
	}
	out := make([]node, len(n.Content))
	for i, item := range n.Content {
		out[i] = node{item, n.file}
	}
	return out, nil
}

// fields calls take for each field of a mapping. An unknown or repeated field is
// an error.
func (n node) fields(known []string, take func(name string, value node) error) error {
	n = n.resolved()
	if n.Kind != yaml.MappingNode {
		return n.wrong("want lines of the form `name: value`")
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := node{n.Content[i], n.file}, node{n.Content[i+1], n.file}
		switch {
		case !slices.Contains(known, key.Value):
			return key.wrong("unknown setting %q%s", key.Value, suggestion(key.Value, known))
		case seen[key.Value]:
			return key.wrong("%s is set twice", key.Value)
		}
		seen[key.Value] = true
		if err := take(key.Value, value); err != nil {
			return err
		}
	}
	return nil
}
