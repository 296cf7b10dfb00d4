package main

import (
	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/receiver/filter"
)

// topics are the texts that `help` has besides those of the commands.
func topics() []*cobra.Command {
	var keys [][2]string
	for _, k := range filter.Keys() {
		_, long := k.Help()
		keys = append(keys, [2]string{string(k) + ":", long})
	}
	return []*cobra.Command{
		cli.NewTopic("filters", "What a filter can say", filtersText, keys),
		cli.NewTopic("environment", "The environment variables", environmentText, config.DescribeVariables()),
		cli.NewTopic("exit-codes", "What the exit codes mean", exitCodesText, exitCodes),
	}
}

const filtersText = `A filter chooses events, orders and jobs: --filter of commands, "/" on the screen, and
"when" of notices. All words must match; -word must not. key:a,b matches one of several
values. "two words" are one word. A word without a key is looked for in what the screen
shows. "final" is short for is:final.

  up42hooks events --filter 'status:FAILED* kind:order since:2d'
  up42hooks orders --filter 'is:failed -host:oneatlas'`

const environmentText = `Each setting is a flag, else an environment variable, else a line of the configuration
file, else a default. An empty variable counts as not set. A list has commas between its
values; secrets are one a line. A variable that ends in _FILE names a file with the value.
"up42hooks config" shows the values, and where they come from.`

const exitCodesText = `The exit code says how a command ended. An error is one line on standard error.`

var exitCodes = [][2]string{
	{"0", "It is done. What runs until it is ended (watch, listen, demo, simulate, events --follow) ends so by ctrl+c."},
	{"1", "It failed, or was interrupted before it was done. For verify: the request is rejected. For doctor and health: not all is well."},
	{"2", "Wrong usage: an unknown command or flag, a wrong value of a setting, a file to read that is not there."},
	{"130", "A second ctrl+c ended it at once, as shells show it."},
	{"141", "What reads its output ended first, as head does in: up42hooks events | head."},
}
