package doctor

import (
	"context"
	"errors"
	"io/fs"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config/secrets"
)

// checkSecrets checks the secrets and who can read them.
func (e *examination) checkSecrets(context.Context) (out []finding) {
	all, err := config.ConfiguredSecrets(e.config)
	if err != nil {
		out = append(out, found(fail, "%v", err).todo("give a file that you can read, with a secret on each line"))
	}
	e.secrets = config.Usable(all)
	if empty := len(all) - len(e.secrets); empty > 0 {
		out = append(out, found(warn, "empty secrets are ignored: %d of %d", empty, len(all)).
			todo("see where it comes from: up42hooks config"))
	}
	switch {
	case len(e.secrets) > 0:
		out = append(out, found(ok, "%s configured", cli.Count(len(e.secrets), "secret")))
	case err == nil:
		out = append(out, e.aboutGenerated()...)
	}
	if e.config.AllowUnsigned {
		out = append(out, found(note, "deliveries without a signature are accepted too, and anybody can send those").
			todo("if your webhooks have secrets, remove allow-unsigned"))
	}
	for _, f := range secrets.Check(e.Env, e.config) {
		state := warn
		if f.Harmless {
			state = note
		}
		out = append(out, found(state, "%s", f).todo("%s", f.Todo))
	}
	return out
}

// aboutGenerated checks the secret that the receiver generates.
func (e *examination) aboutGenerated() []finding {
	file := config.GeneratedSecretFile(e.Env)
	if file == "" {
		return []finding{found(fail, "no secret is configured, and there is no folder for a generated one").
			todo("give --secret-file, or set UP42_SECRET_FILE, UP42_SECRET or HOME")}
	}
	secret, err := config.ReadGenerated(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return []finding{found(note, "no secret is configured: the receiver generates one at its first start, in %s", file)}
	case err != nil:
		return []finding{found(fail, "no secret is configured, and the generated one can't be used: %v", err).
			todo("make the file readable, or move it away, so that a new secret is generated")}
	}
	e.secrets = []string{secret}
	return []finding{found(ok, "no secret is configured: the generated one is used, in %s", file)}
}
