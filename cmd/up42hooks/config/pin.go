package config

import (
	"errors"
	"fmt"
	"io/fs"

	"go.yaml.in/yaml/v3"

	"github.com/up42/up42-webhooks/receiver/outfile"
)

// Pin adds the setting components, the list of headers that a signature must
// cover, to the configuration file and returns the file's name. It creates a
// missing file with the permissions 0600. A file that already has the setting is
// an error. The file is replaced as a whole or not at all; its other lines stay.
func Pin(c *Config, names []string) (file string, err error) {
	if file = c.File; file == "" {
		return "", errors.New("there is no configuration file to write to: start with --config FILE or UP42_CONFIG")
	}
	line, err := componentsLine(names)
	if err != nil {
		return "", err
	}
	known, _, err := readFile(file, byDefault)
	if err != nil {
		return "", err
	}
	if v, ok := known["components"]; ok {
		return "", fmt.Errorf("%s sets components already: change it there", v.origin)
	}
	content, err := outfile.Read(file, outfile.MaxSettings)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("configuration file: %w", err)
	}
	if len(content) > 0 && content[len(content)-1] != '\n' {
		content = append(content, '\n')
	}
	if err := outfile.Put(file, append(content, line...)); err != nil {
		return "", fmt.Errorf("configuration file: %w", err)
	}
	return file, nil
}

// componentsLine returns the setting as a line of YAML.
func componentsLine(names []string) ([]byte, error) {
	if _, err := parseComponents(names); err != nil || len(names) == 0 {
		return nil, errors.Join(errors.New("components: this list can't be pinned"), err)
	}
	list := yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
	for _, name := range names {
		var item yaml.Node
		item.SetString(name)
		list.Content = append(list.Content, &item)
	}
	return yaml.Marshal(map[string]*yaml.Node{"components": &list})
}
