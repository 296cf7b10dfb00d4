package config

import (
	"slices"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/receiver/signature"
)

// NewPolicy returns the configured policy for signatures. If no secret is
// configured, the policy has the generated one, and generated is its file. made
// reports that it was generated now.
func NewPolicy(w cli.Env, c *Config) (p signature.Policy, generated string, made bool, err error) {
	p = signature.Policy{
		MaxAge: c.MaxAge, MaxFuture: c.MaxFuture, Components: c.Components,
		RequireDigest: c.RequireDigest, AllowUnsigned: c.AllowUnsigned,
	}
	secrets, err := ConfiguredSecrets(c)
	if err != nil {
		return p, "", false, err
	}
	if p.Secrets = slices.Clone(secrets); len(Usable(secrets)) > 0 {
		return p, "", false, nil
	}
	generated = GeneratedSecretFile(w)
	secret, made, err := generatedSecret(generated)
	p.Secrets = []string{secret}
	return p, generated, made, err
}
