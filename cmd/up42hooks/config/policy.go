package config

import (
	"slices"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/receiver/signature"
)

// NewPolicy is what the configuration asks of a signature. Where no secret is
// configured it takes the generated one, making it where it is missing, and
// returns its file; made says that it is new.
func NewPolicy(w cli.Env, c *Config) (p signature.Policy, generated string, made bool, err error) {
	p = signature.Policy{
		Secrets: slices.Clone(c.Secrets), MaxAge: c.MaxAge, MaxFuture: c.MaxFuture, Components: c.Components,
		RequireDigest: c.RequireDigest, AllowUnsigned: c.AllowUnsigned,
	}
	if c.SecretFile != "" {
		more, err := readSecretFile(c.SecretFile)
		if err != nil {
			return p, "", false, err
		}
		p.Secrets = append(p.Secrets, more...)
	}
	if len(Usable(p.Secrets)) > 0 {
		return p, "", false, nil
	}
	generated = GeneratedSecretFile(w)
	secret, made, err := generatedSecret(generated)
	p.Secrets = []string{secret}
	return p, generated, made, err
}
