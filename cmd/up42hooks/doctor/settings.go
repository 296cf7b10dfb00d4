package doctor

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/pflag"

	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
)

// loadSettings loads the settings. Errors in the environment and in the file are
// findings, and the settings are loaded without them. Errors in flags are an error.
func (e *examination) loadSettings(flags *pflag.FlagSet) (out []finding, err error) {
	e.config, e.values, err = config.Load(flags, e.Getenv)
	if err != nil {
		if out, err = e.loadWithoutErrors(flags); err != nil {
			return nil, err
		}
	}
	if len(out) == 0 {
		out = append(out, e.aboutFile())
	}
	for _, v := range e.values {
		if v.Origin != "default" {
			out = append(out, found(ok, "%s: %s (from %s)", v.Name, v.Text, v.Origin))
		}
	}
	return out, nil
}

func (e *examination) aboutFile() finding {
	file, err := config.File(e.Getenv)
	if err != nil {
		return found(note, "no configuration file is read: %v", err)
	}
	if _, err := os.Stat(file); err != nil {
		return found(ok, "there is no configuration file %s, and none is needed", file)
	}
	return found(ok, "the configuration file %s is good", file)
}

// loadWithoutErrors loads the settings without the variables and the file that have
// errors.
func (e *examination) loadWithoutErrors(flags *pflag.FlagSet) (errors []finding, err error) {
	const consequence = "no command works until then; the checks below ignore it"
	getenv := e.Getenv
	for _, name := range setVariables(e.Getenv) {
		alone := func(n string) string {
			if n == name {
				return e.Getenv(n)
			}
			return ""
		}
		if _, _, err := config.Load(new(pflag.FlagSet), alone); err != nil {
			errors = append(errors, found(fail, "%v", err).todo("correct or unset it: %s", consequence))
			getenv = withoutVariable(getenv, name)
		}
	}
	e.config, e.values, err = config.Load(flags, getenv)
	if err == nil {
		return errors, nil
	}
	errors = append(errors, found(fail, "%v", err).todo("correct the file: %s", consequence))
	e.config, e.values, err = config.Load(flags, withoutFile(getenv))
	return errors, err
}

// setVariables returns the names of the settings' environment variables that are set.
func setVariables(getenv func(string) string) (names []string) {
	// Load asks for each variable. An environment without values has no errors.
	_, _, _ = config.Load(new(pflag.FlagSet), func(name string) string {
		if strings.HasPrefix(name, "UP42_") && getenv(name) != "" {
			names = append(names, name)
		}
		return ""
	})
	return names
}

func withoutVariable(getenv func(string) string, variable string) func(string) string {
	return func(name string) string {
		if name == variable {
			return ""
		}
		return getenv(name)
	}
}

// withoutFile returns an environment that has the same state folder and no
// configuration file.
func withoutFile(getenv func(string) string) func(string) string {
	state, err := config.StateFolder(getenv)
	return func(name string) string {
		switch {
		case name == "HOME" || name == "XDG_CONFIG_HOME":
			return ""
		case name == "XDG_STATE_HOME" && err == nil:
			return filepath.Dir(state)
		default:
			return getenv(name)
		}
	}
}
