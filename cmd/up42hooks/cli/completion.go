package cli

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/up42/up42-webhooks/receiver/filter"
)

// completeFlags makes the shell propose the values of the flags of all commands.
func completeFlags(cmd *cobra.Command) {
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if complete := completion(f); complete != nil {
			// A completion that the command registered itself stays; this call then fails.
			_ = cmd.RegisterFlagCompletionFunc(f.Name, complete)
		}
	})
	for _, c := range cmd.Commands() {
		completeFlags(c)
	}
}

// completer is implemented by the values of flags that know their completion. Nil
// means that the flag's placeholder decides.
type completer interface{ Completion() cobra.CompletionFunc }

// completion proposes a flag's values. Nil: the shell proposes files.
func completion(f *pflag.Flag) cobra.CompletionFunc {
	if v, ok := f.Value.(completer); ok {
		if complete := v.Completion(); complete != nil {
			return complete
		}
	}
	switch placeholder, _ := pflag.UnquoteUsage(f); {
	case placeholder == "FILE", placeholder == "PROGRAM":
		return nil
	case strings.Contains(placeholder, "|"):
		return CompleteOne(strings.Split(placeholder, "|"))
	default:
		return cobra.NoFileCompletions
	}
}

// CompleteOne proposes one of the values.
func CompleteOne(values []string) cobra.CompletionFunc {
	return cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)
}

// CompleteList proposes the next value of a list with commas.
func CompleteList(values []string) cobra.CompletionFunc {
	return completeAfter(",", values, cobra.ShellCompDirectiveNoFileComp)
}

// CompleteFilter proposes the last word of a filter. No space follows it, because a
// key needs a value.
func CompleteFilter() cobra.CompletionFunc {
	return completeAfter(" ", filterWords(), cobra.ShellCompDirectiveNoFileComp|cobra.ShellCompDirectiveNoSpace)
}

// completeAfter proposes values after the last separator.
func completeAfter(separator string, values []string, directive cobra.ShellCompDirective) cobra.CompletionFunc {
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

// filterWords returns the keys of filters, alone and with their known values.
func filterWords() []string {
	var out []string
	for _, k := range filter.Keys() {
		out = append(out, string(k)+":")
		for _, v := range k.Values() {
			if !strings.Contains(v, " ") { // it needs quotation marks inside of others
				out = append(out, string(k)+":"+v)
			}
		}
	}
	return out
}

// Complete sets the completion of a command's flag. It panics if there is no such flag.
func Complete(cmd *cobra.Command, flag string, complete cobra.CompletionFunc) {
	if err := cmd.RegisterFlagCompletionFunc(flag, complete); err != nil {
		panic(err)
	}
}
