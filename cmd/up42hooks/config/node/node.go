// Package node reads structures of the configuration file: each error begins with its line.
package node

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"
)

// Node is a part of the configuration file. Its errors begin with its line.
type Node struct {
	*yaml.Node
	file string
}

// New makes a Node of a file, whose name its errors have.
func New(n *yaml.Node, file string) Node { return Node{n, file} }

// Wrong returns an error about the node.
func (n Node) Wrong(format string, args ...any) error {
	return fmt.Errorf("%s:%d: %w", n.file, n.Line, fmt.Errorf(format, args...))
}

// Resolved follows a YAML alias.
func (n Node) Resolved() Node {
	if n.Kind == yaml.AliasNode {
		n.Node = n.Alias
	}
	return n
}

// Same reports whether two nodes mean the same, wherever they stand. The order of the entries of a
// mapping does not matter.
func (n Node) Same(other Node) bool {
	n, other = n.Resolved(), other.Resolved()
	if n.Kind != other.Kind || n.Tag != other.Tag || n.Value != other.Value || len(n.Content) != len(other.Content) {
		return false
	}
	same := func(a, b *yaml.Node) bool { return Node{a, n.file}.Same(Node{b, other.file}) }
	if n.Kind != yaml.MappingNode {
		return slices.EqualFunc(n.Content, other.Content, same)
	}
	for entry := range slices.Chunk(n.Content, 2) {
		found := false
		for o := range slices.Chunk(other.Content, 2) {
			found = found || same(entry[0], o[0]) && same(entry[1], o[1])
		}
		if !found {
			return false
		}
	}
	return true
}

// Len is the number of entries of a list or a mapping.
func (n Node) Len() int {
	n = n.Resolved()
	if n.Kind == yaml.MappingNode {
		return len(n.Content) / 2
	}
	return len(n.Content)
}

// Text returns the value of a scalar.
func (n Node) Text() (string, error) {
	n = n.Resolved()
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		return "", n.Wrong("want one value")
	}
	return n.Value, nil
}

// Texts returns the values of a list of scalars. A single scalar counts as a list.
func (n Node) Texts() ([]string, error) {
	n = n.Resolved()
	if n.Kind != yaml.SequenceNode {
		one, err := n.Text()
		return []string{one}, err
	}
	var out []string
	for _, item := range n.Content {
		text, err := Node{item, n.file}.Text()
		if err != nil {
			return nil, err
		}
		out = append(out, text)
	}
	return out, nil
}

// Items returns the entries of a list.
func (n Node) Items() ([]Node, error) {
	n = n.Resolved()
	if n.Kind != yaml.SequenceNode {
		return nil, n.Wrong("want a list, each entry with a dash in front")
	}
	out := make([]Node, len(n.Content))
	for i, item := range n.Content {
		out[i] = Node{item, n.file}
	}
	return out, nil
}

// Fields calls take for each field of a mapping. An unknown or repeated field is
// an error.
func (n Node) Fields(known []string, take func(name string, value Node) error) error {
	n = n.Resolved()
	if n.Kind != yaml.MappingNode {
		return n.Wrong("want lines of the form `name: value`")
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := Node{n.Content[i], n.file}, Node{n.Content[i+1], n.file}
		switch {
		case !slices.Contains(known, key.Value):
			return key.Unknown(known)
		case seen[key.Value]:
			return key.Wrong("%s is set twice", key.Value)
		}
		seen[key.Value] = true
		if err := take(key.Value, value); err != nil {
			return err
		}
	}
	return nil
}

// Entries calls take for each entry of a mapping whose names are the user's own. A repeated name is
// an error.
func (n Node) Entries(take func(name, value Node) error) error {
	n = n.Resolved()
	if n.Kind != yaml.MappingNode {
		return n.Wrong("want lines of the form `name: value`")
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, value := Node{n.Content[i], n.file}, Node{n.Content[i+1], n.file}
		if seen[name.Value] {
			return name.Wrong("%s is set twice", name.Value)
		}
		seen[name.Value] = true
		if err := take(name, value); err != nil {
			return err
		}
	}
	return nil
}

// IsScalar reports whether the node is one value.
func (n Node) IsScalar() bool { return n.Resolved().Kind == yaml.ScalarNode }
