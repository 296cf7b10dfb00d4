package doctor

import (
	"errors"
	"io/fs"
	"os"
	"regexp"

	"github.com/spf13/pflag"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
)

// loadSettings loads the settings. Errors in the environment and in the file are
// findings, and the settings are loaded without them. Errors in flags are an error.
func (e *examination) loadSettings(flags *pflag.FlagSet) (out []finding, err error) {
	e.config, e.values, err = config.Read(flags, e.Env)
	if err != nil {
		if out, err = e.loadWithoutErrors(flags); err != nil {
			return nil, err
		}
	}
	if len(out) == 0 {
		out = append(out, e.aboutFile())
	}
	for _, s := range config.Strays(e.Env) {
		if s.Meant == "" {
			out = append(out, found(note, "%v", s))
		}
	}
	for _, v := range e.values {
		if v.Origin != "default" {
			out = append(out, found(ok, "%s: %s (from %s)", v.Name, v.Text, v.Origin))
		}
	}
	return out, nil
}

func (e *examination) aboutFile() finding {
	file := e.config.File
	if file == "" {
		return found(note, "no configuration file is read: there is no folder for it").todo("name one with --config or UP42_CONFIG, if you need it")
	}
	for _, w := range e.config.Warnings {
		return found(warn, "%s", w)
	}
	if _, err := os.Stat(file); err != nil {
		return found(ok, "there is no configuration file %s, and none is needed", file)
	}
	return found(ok, "the configuration file %s is good", file)
}

// loadWithoutErrors loads the settings without the variables and the file that have
// errors.
func (e *examination) loadWithoutErrors(flags *pflag.FlagSet) (out []finding, err error) {
	const consequence = "no command works until then; the checks below ignore it"
	for _, s := range config.Strays(e.Env) {
		if s.Meant != "" {
			out = append(out, found(fail, "%v", s).todo("correct or unset it: %s", consequence))
		}
	}
	env := e.Env
	env.Environ = nil
	for _, name := range setVariables(e.Getenv) {
		alone := cli.Env{Getenv: only(e.Getenv, name)}
		if _, _, err := config.ReadWithoutFile(new(pflag.FlagSet), alone); err != nil {
			out = append(out, found(fail, "%v", err).todo("correct or unset it: %s", consequence))
			env.Getenv = withoutVariable(env.Getenv, name)
		}
	}
	out = append(out, together(flags, &env, consequence)...)
	e.config, e.values, err = config.Read(flags, env)
	if err == nil {
		return out, nil
	}
	todo := "correct the file"
	if errors.Is(err, fs.ErrPermission) {
		todo = "make this user its owner"
	}
	out = append(out, found(fail, "%v", err).todo("%s: %s", todo, consequence))
	e.config, e.values, err = config.ReadWithoutFile(flags, env)
	return out, err
}

// together finds variables that are good alone and not together, such as two for one setting, and takes them
// out of the environment.
func together(flags *pflag.FlagSet, env *cli.Env, consequence string) (out []finding) {
	for {
		_, _, err := config.ReadWithoutFile(flags, *env)
		if err == nil {
			return out
		}
		before := len(setVariables(env.Getenv))
		for _, name := range setVariables(env.Getenv) {
			if regexp.MustCompile(`\b` + name + `\b`).MatchString(err.Error()) {
				env.Getenv = withoutVariable(env.Getenv, name)
			}
		}
		if len(setVariables(env.Getenv)) == before {
			return out // a flag is wrong
		}
		out = append(out, found(fail, "%v", err).todo("correct or unset one of them: %s", consequence))
	}
}

// setVariables returns the names of the settings' environment variables that are set.
func setVariables(getenv func(string) string) (names []string) {
	for _, name := range config.Variables() {
		if getenv(name) != "" {
			names = append(names, name)
		}
	}
	return names
}

// only returns an environment with one variable, and those of the home, which may be part of its meaning.
func only(getenv func(string) string, variable string) func(string) string {
	return func(name string) string {
		if name == variable || name == "HOME" || name == "UserProfile" {
			return getenv(name)
		}
		return ""
	}
}

func withoutVariable(getenv func(string) string, variable string) func(string) string {
	return func(name string) string {
		if name == variable {
			return ""
		}
		return getenv(name)
	}
}
