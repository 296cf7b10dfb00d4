package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"go.yaml.in/yaml/v3"

	"github.com/up42/up42-webhooks/client/secretcheck"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config/node"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config/paths"
	"github.com/up42/up42-webhooks/receiver/access"
	"github.com/up42/up42-webhooks/receiver/errno"
	"github.com/up42/up42-webhooks/receiver/outfile"
)

// readFile reads the configuration file. A missing file has no values, unless an origin
// names it. read says that there was one.
func readFile(name, origin string) (values map[string]rawValue, read bool, err error) {
	if name == "" {
		return nil, false, nil
	}
	content, err := outfile.Read(name, outfile.MaxSettings)
	switch {
	case err == nil && secretcheck.IsUTF16(content):
		return nil, true, fmt.Errorf("configuration file: %s is UTF-16: save it as UTF-8", name)
	case err == nil:
		values, err = decodeFile(content, name)
		return values, true, err
	case origin != byDefault:
		return nil, false, fmt.Errorf("configuration file (from %s): %w", origin, err)
	case leadsNowhere(name, err):
		return nil, false, fmt.Errorf("configuration file: %s is a symbolic link to a file that is not there: make that, or remove the link", name)
	case errors.Is(err, fs.ErrNotExist), errno.Is(err, syscall.ENOTDIR):
		return nil, false, nil
	default:
		return nil, false, fmt.Errorf("configuration file: %w, with --config or UP42_CONFIG", err)
	}
}

// leadsNowhere says that a file could not be read because it is a link to nothing.
func leadsNowhere(name string, err error) bool {
	info, found := os.Lstat(name)
	return errors.Is(err, fs.ErrNotExist) && found == nil && info.Mode()&fs.ModeSymlink != 0
}

// isHidden reports whether a configuration file could not be read because the user may not look into
// their home. That of a service is often hidden, and has no file that anybody could have meant.
func isHidden(name string, getenv func(string) string, err error) bool {
	home := paths.Home(getenv)
	return errors.Is(err, fs.ErrPermission) && name == filepath.Join(home, ".config", program, "config.yaml") &&
		errors.Is(access.Check(home, access.Enter), fs.ErrPermission)
}

// FileHoldsSecret reports whether a configuration file has something that nobody else may
// read, even if a flag or a variable replaces it. If the file can't be understood, it may.
func FileHoldsSecret(name string) bool {
	file, _, err := readFile(name, byDefault)
	if err != nil {
		return true
	}
	return slices.ContainsFunc(settings, func(s setting) bool {
		v, ok := file[s.name]
		return ok && s.holdsSecret(v)
	})
}

// decodeNode reads the value of a structure, as it would be in the file.
func decodeNode(text, origin string) (*node.Node, error) {
	root, err := node.Parse(text, origin)
	if err != nil {
		return nil, err
	}
	if root == nil {
		return nil, fmt.Errorf("%s: it has no value", origin)
	}
	n := node.New(root, origin)
	return &n, nil
}

// decodeFile reads YAML nodes instead of decoding into a struct, so that each error
// has a line and no error contains a value.
func decodeFile(content []byte, name string) (map[string]rawValue, error) {
	root, err := node.Parse(string(content), name)
	if err != nil || root == nil || root.Kind == yaml.ScalarNode && root.Tag == "!!null" {
		return nil, err
	}
	if root.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("%s:%d: want lines of the form `setting: value`", name, root.Line)
	}
	return decodeMapping(root, name)
}

func decodeMapping(root *yaml.Node, name string) (map[string]rawValue, error) {
	out := make(map[string]rawValue, len(root.Content)/2)
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, value := root.Content[i], root.Content[i+1]
		at := fmt.Sprintf("%s:%d", name, key.Line)
		s, ok := lookup(key.Value)
		if !ok || s.noKey {
			return nil, node.New(key, name).Unknown(keys())
		}
		if first, twice := out[s.name]; twice {
			return nil, fmt.Errorf("%s: %s is set twice, first at %s", at, s.name, first.origin)
		}
		if s.structure != nil {
			n := node.New(value, name)
			out[s.name] = rawValue{origin: at, node: &n}
			continue
		}
		values, err := scalars(s, value)
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", at, s.name, err)
		}
		out[s.name] = rawValue{values: values, origin: at}
	}
	return out, nil
}

// keys returns the names of the settings that can be in the file.
func keys() []string {
	return slices.DeleteFunc(Names(), func(name string) bool {
		s, _ := lookup(name)
		return s.noKey
	})
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
	case n.Kind == yaml.SequenceNode && s.list:
		return items(n)
	case s.list:
		return nil, errors.New("want one value or a list")
	default:
		return nil, errors.New("want one value")
	}
}

func items(n *yaml.Node) ([]string, error) {
	out := make([]string, 0, len(n.Content))
	for _, item := range n.Content {
		if item.Kind != yaml.ScalarNode || item.Tag == "!!null" {
			return nil, fmt.Errorf("line %d of the list is not a plain value", item.Line)
		}
		out = append(out, item.Value)
	}
	return out, nil
}
