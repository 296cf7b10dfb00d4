package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/up42/up42-webhooks/receiver/filter/nearest"
)

// readFile reads the configuration file; there need not be one.
func readFile(getenv func(string) string) (map[string]given, error) {
	name, err := File(getenv)
	if err != nil {
		return nil, nil //nolint:nilerr // No home, no file: the settings that need one say so.
	}
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("configuration file: %w", err)
	}
	defer f.Close()
	return decodeFile(f, name)
}

// decodeFile reads the settings off YAML's nodes, not into a struct: so every
// complaint can name its line, and no complaint holds a value.
func decodeFile(r io.Reader, name string) (map[string]given, error) {
	dec := yaml.NewDecoder(r)
	var doc yaml.Node
	if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, fmt.Errorf("%s: %s", name, harmless(err))
	}
	if err := dec.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: one YAML document is wanted, there are more", name)
	}
	root := doc.Content[0]
	if root.Kind == yaml.ScalarNode && root.Tag == "!!null" {
		return nil, nil
	}
	if root.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("%s:%d: want lines of the form `setting: value`", name, root.Line)
	}
	return decodeMapping(root, name)
}

func decodeMapping(root *yaml.Node, name string) (map[string]given, error) {
	out := make(map[string]given, len(root.Content)/2)
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, value := root.Content[i], root.Content[i+1]
		at := fmt.Sprintf("%s:%d", name, key.Line)
		s, ok := lookup(key.Value)
		if !ok {
			return nil, fmt.Errorf("%s: unknown setting %q%s", at, key.Value, proposal(key.Value))
		}
		if first, twice := out[s.name]; twice {
			return nil, fmt.Errorf("%s: %s is set twice, first at %s", at, s.name, first.origin)
		}
		if s.structure != nil {
			out[s.name] = given{origin: at, node: &node{value, name}}
			continue
		}
		values, err := scalars(s, value)
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", at, s.name, err)
		}
		out[s.name] = given{values: values, origin: at}
	}
	return out, nil
}

func scalars(s setting, n *yaml.Node) ([]string, error) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	switch {
	case n.Kind == yaml.ScalarNode && n.Tag == "!!null":
		return nil, errors.New("it has no value")
	case n.Kind == yaml.ScalarNode:
		return s.split(n.Value), nil
	case n.Kind == yaml.SequenceNode && s.many:
		return items(n)
	case s.many:
		return nil, errors.New("want one value or a list")
	default:
		return nil, errors.New("want one value")
	}
}

func items(n *yaml.Node) ([]string, error) {
	out := make([]string, 0, len(n.Content))
	for _, item := range n.Content {
		if item.Kind != yaml.ScalarNode || item.Tag == "!!null" {
			return nil, fmt.Errorf("line %d of the list is no plain value", item.Line)
		}
		out = append(out, item.Value)
	}
	return out, nil
}

func proposal(key string) string { return proposalOf(key, Names()) }

func proposalOf(key string, known []string) string {
	if word := nearest.Word(key, known); word != "" {
		return fmt.Sprintf(": did you mean %q?", word)
	}
	return "; known are " + strings.Join(known, ", ")
}

var quoted = regexp.MustCompile(`'[^']*'|"[^"]*"`)

// harmless is the parser's complaint without what it quotes, which may be a
// secret that was not put in quotation marks.
func harmless(err error) string {
	text := quoted.ReplaceAllString(strings.TrimPrefix(err.Error(), "yaml: "), "(a value)")
	return text + " (put values with special characters in quotation marks)"
}
