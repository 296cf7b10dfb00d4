package main

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
)

// uses are examples of each command, for tests of all that the program prints: see arguments for what
// stands for $NAME. Commands that run until they are ended, and those that ask on a terminal, have no
// examples.
var uses = map[string][]string{
	"watch": nil, "listen": nil, "demo": nil, "simulate": nil, "play": nil, "mcp": nil, "login": nil,
	"events": {"events --limit 0", "events --limit 0 --rejected", "events --filter $text"},
	"events get": {
		"events get 1", "events get 2", "events get 3", "events get 4", "events get 5", "events get 6", "events get 7", "events get 8", "events get 9", "events get 10", "events get r1", "events get r2", "events get $text",
	},
	"events admit":    {"events admit r1 --dry-run", "events admit --all --dry-run", "events admit $text"},
	"orders":          {"orders", "orders --filter $text", "orders --filter status:$text"},
	"jobs":            {"jobs"},
	"verify":          {"verify $file", "verify $text"},
	"forward":         {"forward --dry-run --to http://127.0.0.1:1", "forward --tries 1 --limit 1 --to http://127.0.0.1:1/$text", "forward --exec $text --tries 1"},
	"webhooks list":   {"webhooks list"},
	"webhooks get":    {"webhooks get hook-1", "webhooks get $text"},
	"webhooks create": {"webhooks create --name $text --url https://hooks.example.com --events order.status", "webhooks create --name n --url $text"},
	"webhooks update": {"webhooks update hook-1 --name $text", "webhooks update $text --name n"},
	"webhooks delete": {"webhooks delete hook-1", "webhooks delete $text"},
	"webhooks test":   {"webhooks test hook-1"},
	"webhooks events": {"webhooks events"},
	"logout":          {"logout"},
	"send":            {"send --status $text --url http://127.0.0.1:1/receive-webhooks", "send --event $text", "send --body $text"},
	"record":          {"record $out/$text.rec", "record /nowhere/$text"},
	"doctor":          {"doctor --test=false"},
	"store info":      {"store info"},
	"store backup":    {"store backup $out/backup.db", "store backup /nowhere/$text"},
	"store verify":    {"store verify"},
	"store repair":    {"store repair"},
	"store compact":   {"store compact"},
	"store export":    {"store export", "store export $out/export.jsonl", "store export /nowhere/$text"},
	"store import":    {"store import $out/export.jsonl", "store import $file", "store import $text"},
	"store forget":    {"store forget $text"},
	"health":          {"health", "health --admin $text"},
	"config":          {"config", "config --listen $text", "config --$text", "config $text"},
	"config keep":     {"config keep $text"},
	"config forget":   {"config forget $text"},
	"version":         {"version"},
	"help":            {"help $text", "help filters"},
	"completion bash": nil, "completion zsh": nil, "completion fish": nil, "completion powershell": nil,
	"filters": {"help filters"}, "environment": {"help environment"}, "exit-codes": {"help exit-codes"},
}

// everything says that each use is tried in each form of the output. Otherwise the first use of each
// command is tried in one form, since each try opens a store.
func everything() bool { return os.Getenv("UP42_HOSTILE") != "" }

// eachUse calls do for the uses of all commands. n is the number of the use, and form the flag for the
// form of its output, if there is one.
func eachUse(do func(n int, use string, form ...string)) {
	n := 0
	for _, name := range slices.Sorted(maps.Keys(uses)) {
		for i, use := range uses[name] {
			n++
			switch {
			case everything():
				do(n, use)
				do(n, use, "--json")
				do(n, use, "--csv")
			case i == 0 && n%2 == 0:
				do(n, use)
			case i == 0:
				do(n, use, "--json")
			}
		}
	}
}

// arguments are the arguments of a use, with a value in place of each $NAME.
func arguments(use string, values map[string]string) (args []string) {
	for _, w := range strings.Fields(use) {
		for name, value := range values {
			w = strings.ReplaceAll(w, "$"+name, value)
		}
		args = append(args, w)
	}
	return args
}

// A new command has to be tried with hostile texts and with secrets.
func TestEachCommandHasUses(t *testing.T) {
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		name := strings.TrimPrefix(c.CommandPath(), "up42hooks ")
		_, known := uses[name]
		assert.True(t, known || c.HasSubCommands() || c.Hidden, "everycommand_test.go has no uses of %q", name)
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	root := newRoot(cli.Env{Getenv: func(string) string { return "" }})
	root.InitDefaultHelpCmd()
	walk(root)
}
