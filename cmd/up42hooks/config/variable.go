package config

import (
	"fmt"
	"slices"
	"strings"

	"github.com/up42/up42-webhooks/cmd/up42hooks/config/environment"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config/paths"
)

// Variables returns the names of the environment variables of all settings.
func Variables() (names []string) {
	for _, s := range settings {
		names = append(names, s.variables()...)
	}
	return names
}

// variables returns the names of the setting's environment variables.
func (s setting) variables() []string {
	names := []string{environment.Name(s.name)}
	if s.older != "" {
		names = append(names, s.older)
	}
	if s.inFile() {
		names = append(names, s.fileVariable())
	}
	return names
}

// inFile reports whether a variable may name a file that has the value. This is how
// containers get secrets.
func (s setting) inFile() bool {
	return s.secret && !slices.Contains(Names(), s.name+"-file")
}

func (s setting) fileVariable() string { return environment.Name(s.name + "-file") }

// fromVariable returns the value of the variable that is set. ok reports whether one is.
func (s setting) fromVariable(getenv func(string) string) (v rawValue, ok bool, err error) {
	set := slices.DeleteFunc(s.variables(), func(name string) bool { return !s.counts(getenv(name)) })
	switch {
	case len(set) == 0:
		return rawValue{}, false, nil
	case len(set) > 1:
		return rawValue{}, false, fmt.Errorf("%s are both set: keep one", strings.Join(set, " and "))
	}
	name := set[0]
	text, file := getenv(name), ""
	if s.inFile() && name == s.fileVariable() {
		if file, err = paths.Resolve(text, "", paths.Home(getenv)); err == nil {
			text, err = readValue(file)
		}
		if err != nil {
			return rawValue{}, false, fmt.Errorf("%s (from %s): %w", s.name, name, err)
		}
	}
	if s.structure != nil {
		n, err := decodeNode(text, name)
		return rawValue{node: n, origin: name}, err == nil, err
	}
	values := s.split(text)
	ended := file == "" && strings.TrimRight(text, "\r\n") != text && !strings.HasSuffix(values[len(values)-1], text[len(text)-1:])
	return rawValue{values: values, origin: name, file: file, ended: ended}, true, nil
}

// counts reports whether the text of a variable sets the setting. An empty text does not, nor a list of white space
// only: there is no value in it.
func (s setting) counts(text string) bool { return text != "" && !s.isBlank(text) }

// isBlank reports whether a text is a list that has only white space.
func (s setting) isBlank(text string) bool {
	return s.list && text != "" && strings.TrimSpace(text) == ""
}

// blankSecrets are the variables of the setting that should have secrets, and have none.
func (s setting) blankSecrets(getenv func(string) string) (out []Given) {
	for _, name := range s.variables() {
		if text := getenv(name); s.secret && s.isBlank(text) {
			out = append(out, Given{Setting: s.name, Origin: name, Values: []string{text}})
		}
	}
	return out
}

// readValue returns the value that a file has. Line ends after it do not count.
func readValue(file string) (string, error) {
	content, err := readSecrets(file)
	if err != nil {
		return "", err
	}
	if text := strings.TrimRight(string(content), "\r\n"); text != "" {
		return text, nil
	}
	return "", fmt.Errorf("%s is empty; write the value into it", file)
}
