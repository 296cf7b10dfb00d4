package config

import (
	"errors"
	"io/fs"
	"slices"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/receiver/signature"
)

// ConfiguredPolicy returns the configured policy for signatures, with the configured
// secrets.
func ConfiguredPolicy(c *Config) (signature.Policy, error) {
	secrets, err := ConfiguredSecrets(c)
	return signature.Policy{
		Secrets: slices.Clone(secrets), MaxAge: c.MaxAge, MaxMessageAge: c.MaxMessageAge, MaxFuture: c.MaxFuture, Components: c.Components,
		RequireDigest: c.RequireDigest, AllowUnsigned: c.AllowUnsigned,
	}, err
}

// NewPolicy returns the configured policy for signatures. If no secret is
// configured, the policy has the generated one, and generated is its file. made
// reports that it was generated now.
func NewPolicy(env cli.Env, c *Config) (p signature.Policy, generated string, made bool, err error) {
	p, err = ConfiguredPolicy(c)
	if err != nil || len(Usable(p.Secrets)) > 0 {
		return p, "", false, err
	}
	generated = GeneratedSecretFile(env)
	secret, made, err := generatedSecret(generated)
	p.Secrets = []string{secret}
	return p, generated, made, err
}

// ExistingPolicy returns the policy that a receiver has. Unlike [NewPolicy] it generates no
// secret. The policy has no secret if none is configured and none was generated before.
func ExistingPolicy(env cli.Env, c *Config) (signature.Policy, error) {
	p, err := ConfiguredPolicy(c)
	file := GeneratedSecretFile(env)
	if err != nil || len(Usable(p.Secrets)) > 0 || file == "" {
		return p, err
	}
	secret, err := ReadGenerated(file)
	switch {
	case err == nil:
		p.Secrets = []string{secret}
	case errors.Is(err, fs.ErrNotExist):
		err = nil
	}
	return p, err
}
