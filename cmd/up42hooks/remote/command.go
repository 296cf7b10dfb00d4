package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/events"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
	"github.com/up42/up42-webhooks/cmd/up42hooks/verify"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/safe"
	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/stage/mask"
)

// The exit codes of a session, as those of commands.
const (
	exitOK = iota
	exitFailed
	exitUsage
)

// form are the flags for the form of the output.
var form = []string{"json", "csv", "output", "color", "help"}

// commands are those that a session may run, with the flags that they may have. They only read.
// Flags that name files, servers or secrets are not among them.
var commands = map[string]struct {
	make  func(cli.Env) *cobra.Command
	flags map[string][]string
}{
	"orders": {
		func(env cli.Env) *cobra.Command { return events.NewRowsCommand(env, events.Orders) },
		map[string][]string{"orders": {"filter", "statuses", "final", "limit"}},
	},
	"jobs": {
		func(env cli.Env) *cobra.Command { return events.NewRowsCommand(env, events.Jobs) },
		map[string][]string{"jobs": {"filter", "statuses", "final", "limit"}},
	},
	"events": {
		events.NewCommand,
		map[string][]string{"events": {"filter", "events", "statuses", "final", "limit", "since", "follow", "rejected"}, "get": {"http"}},
	},
	"verify": {verify.NewCommand, map[string][]string{"verify": {"now"}}},
}

func commandNames() string { return strings.Join(slices.Sorted(maps.Keys(commands)), ", ") }

// runCommand runs a command in this process. No shell reads it.
func (s *session) runCommand(line string) int {
	args, err := splitWords(line)
	if err == nil {
		args, err = s.check(args)
	}
	if err != nil {
		s.server.o.Logger.Warn("ssh: refused", append(s.who.attrs(), "tried", firstWords(line))...)
		s.say(err.Error())
		return exitUsage
	}
	b := s.server.place.await(s.ctx)
	if b == nil {
		return exitFailed
	}
	ctx, stop := context.WithCancel(s.ctx)
	defer context.AfterFunc(b.Ctx, stop)()
	env := s.commandEnvironment(ctx, b)
	var background sync.WaitGroup
	defer background.Wait()
	defer stop()
	if s.terminal != "" {
		in := &typed{Reader: env.Stdin, interrupt: stop}
		if env.Stdin = in; args[0] != "verify" { // it does not read: the keys are still for ctrl+c
			env.Stdin = strings.NewReader("")
			background.Go(func() { _, _ = io.Copy(io.Discard, in) })
		}
	}
	root := &cobra.Command{Use: "up42hooks"}
	command := commands[args[0]].make(env)
	root.AddCommand(command)
	if command.Name() == "verify" { // it judges with the settings of the receiver
		args = slices.Insert(args, 1, config.PassOn(b.Flags, command.Flags())...)
	}
	return cli.Run(store.WithOpen(ctx, s.readable(b)), env, root, args)
}

// readable is the log as the role may see it.
func (s *session) readable(b *Board) receiver.Reader {
	if s.key.Role != Audience {
		return b.Log
	}
	return mask.New(s.server.o.MaskKey).Options(tui.Options{Log: b.Log}).Log
}

// commandEnvironment is the environment of a command: the settings are those of the receiver, and
// terminal and locale those of the client.
func (s *session) commandEnvironment(ctx context.Context, b *Board) cli.Env {
	env := s.environment(b.Env)
	settings := b.Env.Getenv
	env.Getenv = func(name string) string {
		own := name == "LANG" || name == "TERM" || name == "COLORTERM" || strings.HasPrefix(name, "LC_") || strings.HasPrefix(name, "COLOR")
		if own {
			return s.getenv(name)
		}
		return settings(name)
	}
	env.Stdin = &limited{s.keyboard.reader(ctx), maxInput}
	return env
}

// check returns the words of a command that may be run, with flags that may be given.
func (s *session) check(words []string) ([]string, error) {
	if len(words) > 0 && words[0] == "up42hooks" {
		words = words[1:]
	}
	if len(words) == 0 {
		return nil, errors.New("no command: want one of " + commandNames())
	}
	c, ok := commands[words[0]]
	if !ok {
		return nil, fmt.Errorf("%q can't be run over SSH: want one of %s", safe.Shorten(safe.Line(words[0]), 40), commandNames())
	}
	root := &cobra.Command{Use: "up42hooks", SilenceErrors: true, SilenceUsage: true}
	root.AddCommand(c.make(cli.Env{Stdout: io.Discard, Stderr: io.Discard, Getenv: func(string) string { return "" }}))
	target, rest, err := root.Find(words)
	if err != nil {
		return nil, err
	}
	allowed, ok := c.flags[target.Name()]
	if !ok {
		return nil, fmt.Errorf("%s can't be run over SSH", target.CommandPath())
	}
	target.InitDefaultHelpFlag()
	target.Flags().VisitAll(func(f *pflag.Flag) {
		if !slices.Contains(allowed, f.Name) && !slices.Contains(form, f.Name) {
			f.Value = refusedFlag{f.Value, f.Name}
		}
	})
	if err := target.ParseFlags(rest); err != nil {
		if refused := (refusedError{}); errors.As(err, &refused) {
			return nil, refused
		}
		return nil, err
	}
	if target.Name() == "verify" && target.Flags().NArg() > 0 && !slices.Equal(target.Flags().Args(), []string{"-"}) {
		return nil, errors.New("verify reads no file of the server: ssh HOST verify <request.http")
	}
	return append(strings.Fields(target.CommandPath())[1:], rest...), nil
}

// refusedFlag is the value of a flag that may not be given.
type refusedFlag struct {
	pflag.Value
	name string
}

func (f refusedFlag) Set(string) error { return refusedError{f.name} }

// refusedError says that a flag may not be given.
type refusedError struct{ flag string }

func (e refusedError) Error() string {
	return "--" + e.flag + " can't be given over SSH: the receiver has its own"
}
