package cli

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/up42/up42-webhooks/receiver/filter"
)

// completeFlags has the shell propose what flags take, in all commands. File
// names are proposed for flags that take files alone.
func completeFlags(cmd *cobra.Command) {
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if complete := completion(f); complete != nil {
			// It fails where there is one already, which then stays.
			_ = cmd.RegisterFlagCompletionFunc(f.Name, complete)
		}
	})
	for _, c := range cmd.Commands() {
		completeFlags(c)
	}
}

// completion proposes a flag's values; nil: names of files.
func completion(f *pflag.Flag) cobra.CompletionFunc {
	takes, _ := pflag.UnquoteUsage(f)
	switch f.Name {
	case "status":
		return oneOf(filter.Status.Values())
	case "event":
		return oneOf(filter.Event.Values())
	case "statuses":
		return listOf(filter.Status.Values())
	case "events":
		return listOf(filter.Event.Values())
	case "filter":
		return lastWord(filterWords())
	}
	switch {
	case takes == "FILE", takes == "PROGRAM":
		return nil
	case strings.Contains(takes, "|"):
		return oneOf(strings.Split(takes, "|"))
	default:
		return cobra.NoFileCompletions
	}
}

func oneOf(values []string) cobra.CompletionFunc {
	return cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)
}

// listOf proposes the next of several values between commas.
func listOf(values []string) cobra.CompletionFunc {
	return after(",", values, cobra.ShellCompDirectiveNoFileComp)
}

// lastWord proposes the last of several words; a key waits for its value.
func lastWord(words []string) cobra.CompletionFunc {
	return after(" ", words, cobra.ShellCompDirectiveNoFileComp|cobra.ShellCompDirectiveNoSpace)
}

// after proposes values for what stands behind the last separator.
func after(separator string, values []string, directive cobra.ShellCompDirective) cobra.CompletionFunc {
	return func(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		before := typed[:strings.LastIndex(typed, separator)+1]
		var out []cobra.Completion
		for _, v := range values {
			if s := before + v; strings.HasPrefix(s, typed) {
				out = append(out, s)
			}
		}
		return out, directive
	}
}

// filterWords are the keys of filters, and with them the values that are known.
func filterWords() []string {
	var out []string
	for _, k := range filter.Keys() {
		out = append(out, string(k)+":")
		for _, v := range k.Values() {
			if !strings.Contains(v, " ") { // it would want quotation marks inside of others
				out = append(out, string(k)+":"+v)
			}
		}
	}
	return out
}
