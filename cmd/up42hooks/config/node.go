package config

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"
)

// node is a part of the configuration file.
type node struct {
	*yaml.Node
	file string
}

// at is where the node is, for errors.
func (n node) at() string { return fmt.Sprintf("%s:%d", n.file, n.Line) }

// wrong is an error about the node.
func (n node) wrong(format string, args ...any) error {
	return fmt.Errorf("%s: %w", n.at(), fmt.Errorf(format, args...))
}

func (n node) resolved() node {
	if n.Kind == yaml.AliasNode {
		n.Node = n.Alias
	}
	return n
}

// len is how many entries the node has.
func (n node) len() int {
	n = n.resolved()
	if n.Kind == yaml.MappingNode {
		return len(n.Content) / 2
	}
	return len(n.Content)
}

// text is a plain value.
func (n node) text() (string, error) {
	n = n.resolved()
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		return "", n.wrong("want one value")
	}
	return n.Value, nil
}

// texts is a plain value, or a list of such.
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

// items are the entries of a list.
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

// fields calls what belongs to each field of a mapping; other fields, and those
// that are there twice, are errors.
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
			return key.wrong("unknown setting %q%s", key.Value, proposalOf(key.Value, known))
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
