package demo

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/tui/stage/script"
)

func (o *demoOptions) addScriptFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.script, "script", "", "play a script with captions, `NAME` or file: "+strings.Join(script.Names(), ", "))
	f.StringVar(&o.check, "check", "", "check the script in a `FILE`, and play nothing")
	f.BoolVar(&o.once, "once", false, "with --script: end with the script, and fail if the screen did not show what the script says")
	// It fails only for a flag that does not exist.
	_ = cmd.RegisterFlagCompletionFunc("script", cli.CompleteOne(script.Names()))
}

// readScript reads the script that is to be played or checked. It is nil if no script was named.
func (o *demoOptions) readScript() (*script.Script, error) {
	switch {
	case o.script != "" && o.check != "":
		return nil, cli.UsageError(errors.New("--check plays nothing: leave out --script"))
	case o.once && o.script == "":
		return nil, cli.UsageError(errors.New("--once belongs to --script"))
	case o.script == "" && o.check == "":
		return nil, nil
	}
	s, err := script.Load(cmp.Or(o.script, o.check))
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		err = cli.Each(several.Unwrap())
	}
	if err != nil {
		return nil, cli.UsageError(err)
	}
	return s, nil
}

// scriptSpeed is how fast a script plays.
func (o *demoOptions) scriptSpeed() float64 {
	if o.spedUp {
		return o.speed
	}
	return 1
}

// describe says what a script is.
func describe(s *script.Script) string {
	steps := "1 step"
	if n := s.Steps(); n != 1 {
		steps = fmt.Sprintf("%d steps", n)
	}
	return fmt.Sprintf("%s: %s, about %v", cmp.Or(s.Title, s.Name), steps, s.Duration().Round(time.Second))
}
