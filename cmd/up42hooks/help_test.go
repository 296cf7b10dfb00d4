package main

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/tui/text"
)

// eachCommand calls do with every command that help shows.
func eachCommand(do func(*cobra.Command)) {
	var visit func(c *cobra.Command)
	visit = func(c *cobra.Command) {
		do(c)
		for _, sub := range c.Commands() {
			visit(sub)
		}
	}
	visit(newRoot(cli.System("")))
}

func TestEachCommandHasAGroup(t *testing.T) {
	for _, c := range newRoot(cli.System("")).Commands() {
		assert.NotEmpty(t, c.GroupID, c.Name())
	}
}

// Where a sentence tells to run a command, the program has the name by which it was called.
func TestEachCommandIsKnownInSentences(t *testing.T) {
	for _, c := range newRoot(cli.System("")).Commands() {
		if c.Runnable() && c.Name() != "demo" { // that is the name of a webhook
			assert.Equal(t, "run ./it "+c.Name(), text.AsCalled("./it", "run up42hooks "+c.Name()))
		}
	}
}

// A flag's placeholder is a word for people, not a type of Go.
func TestEachFlagHasAPlaceholder(t *testing.T) {
	eachCommand(func(c *cobra.Command) {
		c.Flags().VisitAll(func(f *pflag.Flag) {
			placeholder, _ := pflag.UnquoteUsage(f)
			if f.Value.Type() != "bool" && !strings.Contains(placeholder, "|") {
				assert.Regexp(t, `^[A-Z][A-Z:]*$`, placeholder, "%s --%s", c.CommandPath(), f.Name)
			}
		})
	})
}

// The help is for terminals, where the links of the README lead nowhere.
func TestNoFlagHasALinkInItsHelp(t *testing.T) {
	eachCommand(func(c *cobra.Command) {
		c.Flags().VisitAll(func(f *pflag.Flag) {
			assert.NotContains(t, f.Usage, "](", "%s --%s", c.CommandPath(), f.Name)
		})
	})
}

func TestAnErrorNamesTheProgramOnce(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"events", "x"}, {"play"}, {"mcp", "x"}, {"events", "get"}, {"store", "backup", "a", "b"}} {
		_, errs, code := clitest.Run(t, clitest.Home(t), args...)
		assert.Equal(t, 2, code, args)
		assert.Regexp(t, "^up42hooks: "+args[0], errs)
	}
}

// Every command that does something has --json, but for one whose output is a program.
func TestEachCommandHasJSON(t *testing.T) {
	eachCommand(func(c *cobra.Command) {
		if c.HasSubCommands() && c.Flags().Lookup("store") == nil || !c.Runnable() || c.Name() == "completion" || c.Name() == "help" {
			return
		}
		for _, name := range []string{"json", "output"} {
			assert.NotNil(t, c.Flags().Lookup(name), "%s --%s", c.CommandPath(), name)
		}
	})
}

func TestHelpFitsAPipe(t *testing.T) {
	eachCommand(func(c *cobra.Command) {
		args := append(strings.Fields(c.CommandPath())[1:], "--help")
		var out bytes.Buffer
		env := cli.Env{Stdin: strings.NewReader(""), Stdout: &out, Stderr: io.Discard, Getenv: func(string) string { return "" }}
		require.Zero(t, cli.Run(context.Background(), env, newRoot(env), args))
		examples := false
		for line := range strings.Lines(out.String()) {
			line = strings.TrimSuffix(line, "\n")
			if examples = line == "Examples:" || examples && line != ""; examples {
				assert.LessOrEqual(t, text.Width(line), 100, "%s: %s", args, line)
				continue
			}
			assert.LessOrEqual(t, text.Width(line), 80, "%s: %s", args, line)
		}
	})
}

func TestHelpFitsTheTerminal(t *testing.T) {
	for columns, want := range map[uint16]int{50: 50, 80: 80, 200: 100} {
		m := clitest.OnTerminal(t, clitest.Home(t), columns, 24, "listen", "--help")
		m.Ends(t)
		longest := 0
		_, flags, found := strings.Cut(m.String(), "Flags: Receiver and network")
		require.True(t, found)
		for line := range strings.Lines(flags) {
			longest = max(longest, text.Width(strings.TrimRight(line, "\r\n")))
		}
		assert.LessOrEqual(t, longest, want, "%d columns", columns)
		assert.Greater(t, longest, want-15, "it uses the width of %d columns", columns)
	}
}
