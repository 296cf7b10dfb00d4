package doctor

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
)

// configure works out the settings. What is wrong in the environment or in the
// file is a finding, and the rest is looked at without it; flags that are wrong
// are an error.
func (e *examination) configure(flags *pflag.FlagSet) (out []finding, err error) {
	e.config, e.values, err = config.Load(flags, e.Getenv)
	if err != nil {
		if out, err = e.salvage(flags); err != nil {
			return nil, err
		}
	}
	if len(out) == 0 {
		out = append(out, e.aboutFile())
	}
	for _, v := range e.values {
		if v.Origin != "default" {
			out = append(out, found(healthy, "%s: %s (from %s)", v.Name, v.Text, v.Origin))
		}
	}
	return out, nil
}

func (e *examination) aboutFile() finding {
	file, err := config.File(e.Getenv)
	if err != nil {
		return found(noted, "no configuration file is read: %v", err)
	}
	if _, err := os.Stat(file); err != nil {
		return found(healthy, "there is no configuration file %s, and none is needed", file)
	}
	return found(healthy, "the configuration file %s is good", file)
}

// salvage loads the settings without what is wrong with them.
func (e *examination) salvage(flags *pflag.FlagSet) (wrong []finding, err error) {
	getenv := e.Getenv
	for _, name := range variables(e.Getenv) {
		alone := func(n string) string {
			if n == name {
				return e.Getenv(n)
			}
			return ""
		}
		if _, _, err := config.Load(new(pflag.FlagSet), alone); err != nil {
			wrong = append(wrong, found(failing, "%v", err).
				do("correct it or unset it, no command works before; what follows was looked at without it"))
			getenv = without(getenv, name)
		}
	}
	e.config, e.values, err = config.Load(flags, getenv)
	if err == nil {
		return wrong, nil
	}
	wrong = append(wrong, found(failing, "%v", err).
		do("correct the file, no command works before; what follows was looked at without it"))
	e.config, e.values, err = config.Load(flags, withoutFile(getenv))
	return wrong, err
}

// variables are the names of the settings' variables that are set.
func variables(getenv func(string) string) (names []string) {
	// An environment that has nothing can't be wrong; it learns what is asked.
	_, _, _ = config.Load(new(pflag.FlagSet), func(name string) string {
		if strings.HasPrefix(name, "UP42_") && getenv(name) != "" {
			names = append(names, name)
		}
		return ""
	})
	return names
}

func without(getenv func(string) string, variable string) func(string) string {
	return func(name string) string {
		if name == variable {
			return ""
		}
		return getenv(name)
	}
}

// withoutFile is an environment with the same folder for what the program keeps,
// and none for its configuration.
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

// lookAtSecrets is the check of the secrets and of who can read them.
func (e *examination) lookAtSecrets(context.Context) (out []finding) {
	all, err := config.ConfiguredSecrets(e.config)
	if err != nil {
		out = append(out, found(failing, "%v", err).do("give a file that you can read, with a secret on each line"))
	}
	e.secrets = config.Usable(all)
	if empty := len(all) - len(e.secrets); empty > 0 {
		out = append(out, found(doubtful, "%d of %s is empty, which counts as none", empty, cli.Count(len(all), "secret")).
			do("see where it comes from: up42hooks config"))
	}
	switch {
	case len(e.secrets) > 0:
		out = append(out, found(healthy, "%s configured", cli.Count(len(e.secrets), "secret")))
	case err == nil:
		out = append(out, e.aboutGenerated()...)
	}
	if e.config.AllowUnsigned {
		out = append(out, found(noted, "deliveries without a signature are taken as well, and anybody can send those").
			do("once your webhooks have secrets, leave allow-unsigned out"))
	}
	for _, file := range e.confidential() {
		out = append(out, aboutPrivacy(file)...)
	}
	return out
}

// aboutGenerated is about the secret that the receiver makes for itself.
func (e *examination) aboutGenerated() []finding {
	file := config.GeneratedSecretFile(e.Env)
	secret, err := config.ReadGenerated(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return []finding{found(noted, "none is configured: the receiver makes one at its first start, in %s", file)}
	case err != nil:
		return []finding{found(failing, "none is configured, and the generated one can't be used: %v", err).
			do("make the file readable, or move it away, so that a new secret is made")}
	}
	e.secrets = []string{secret}
	return append([]finding{found(healthy, "none is configured: the generated one is used, in %s", file)}, aboutPrivacy(file)...)
}

// confidential are the files that the configuration keeps secrets in.
func (e *examination) confidential() (files []string) {
	if e.config.SecretFile != "" {
		files = append(files, e.config.SecretFile)
	}
	if e.config.Credentials != "" {
		files = append(files, e.config.Credentials)
	}
	own, err := config.File(e.Getenv)
	secret := func(v config.Value) bool {
		return slices.Contains([]string{"secret", "basic-auth", "password", "token"}, v.Name) && strings.HasPrefix(v.Origin, own+":")
	}
	if err == nil && slices.ContainsFunc(e.values, secret) {
		files = append(files, own)
	}
	return files
}

// aboutPrivacy is a warning where others can use a file that is not for them.
func aboutPrivacy(file string) []finding {
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm()&0o066 == 0 {
		return nil // a file that is not there is another check's
	}
	return []finding{found(doubtful, "other users can read or write %s (%04o)", file, info.Mode().Perm()).do("chmod 600 %s", file)}
}
