package own

import (
	"strings"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/up42/up42-webhooks/cmd/up42hooks/config/node"
	"github.com/up42/up42-webhooks/tui/keys"
	"github.com/up42/up42-webhooks/tui/program"
)

// The shortest and the longest time that a command may have.
const leastTimeout, mostTimeout = time.Second, time.Hour

var commandFields = []string{"name", "run", "screen", "timeout"}

// ReadCommands reads programs on keys: {J: jq ., O: {name: open it, run: [open, --id]}}. The keys of
// actions must have been read.
func (s *Screen) ReadCommands(n node.Node) error {
	all := Actions()
	s.Keys.Apply(all)
	taken := map[string]bool{}
	return n.Entries(func(name, value node.Node) error {
		k, err := keys.Parse(name.Value)
		if err != nil {
			return wrongKey(name, err)
		}
		if a, is := keys.Taken(all, k); is {
			return name.Wrong("commands: %s is the key of %s (%s): take another key, or give %s another one in keys:", name.Value, a.Name, a.Does, a.Name)
		}
		if taken[k] {
			return name.Wrong("commands: %s has two commands", name.Value)
		}
		taken[k] = true
		c := program.Command{Key: k}
		if err := readCommand(&c, value); err != nil {
			return err
		}
		s.Commands = append(s.Commands, c)
		return nil
	})
}

// wrongKey returns the error about a name that is no key. Where the space behind the colon is missing, it has a command
// in it, which may have a password: that is left out.
func wrongKey(name node.Node, err error) error {
	if key, _ := utf8.DecodeRuneInString(name.Value); strings.ContainsAny(strings.TrimPrefix(name.Value, string(key)), ": \t") {
		return name.Wrong("commands: want a key, a colon and a space: `%c: …`", key)
	}
	return name.Wrong("commands: %w", err)
}

func readCommand(c *program.Command, n node.Node) (err error) {
	if n.Resolved().Kind != yaml.MappingNode {
		c.Run, err = readProgram(n)
		return err
	}
	err = n.Fields(commandFields, func(name string, value node.Node) (err error) {
		if name == "run" {
			c.Run, err = readProgram(value)
			return err
		}
		text, err := value.Text()
		if err != nil {
			return err
		}
		switch name {
		case "name":
			c.Name = text
			return nil
		case "screen":
			if text != "true" && text != "false" {
				return value.Wrong("commands: screen: want true or false")
			}
			c.Screen = text == "true"
			return nil
		}
		c.Timeout, err = time.ParseDuration(text)
		if err != nil || c.Timeout < leastTimeout || c.Timeout > mostTimeout {
			return value.Wrong("commands: timeout: want a duration from 1s to 1h, like 30s")
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case len(c.Run) == 0:
		return n.Wrong("commands: want run: PROGRAM")
	case c.Screen && c.Timeout != 0:
		return n.Wrong("commands: a program with screen: true has no timeout, as you end it")
	default:
		return nil
	}
}

// readProgram reads a program and its arguments: a list, or a text with spaces between them.
func readProgram(n node.Node) ([]string, error) {
	run, err := n.Texts()
	if err == nil && n.Resolved().Kind == yaml.ScalarNode {
		run = strings.Fields(run[0])
	}
	if err == nil && (len(run) == 0 || run[0] == "") {
		return nil, n.Wrong("commands: want a program")
	}
	return run, err
}
