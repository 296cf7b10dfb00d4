package config

import (
	"slices"

	"github.com/spf13/pflag"

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

// GeneratedSecretFlag returns the flag with which another command has the secret that was generated
// for a receiver with these settings. It returns nil if secrets are configured, if none was generated,
// or if the settings are wrong, which the other command reports.
func GeneratedSecretFlag(flags *pflag.FlagSet, env cli.Env) []string {
	c, _, err := Read(flags, env)
	if err != nil {
		return nil
	}
	configured, err := ConfiguredSecrets(c)
	if err != nil || len(Usable(configured)) > 0 {
		return nil
	}
	file := GeneratedSecretFile(env)
	if _, err := ReadGenerated(file); err != nil {
		return nil
	}
	return []string{"--secret-file=" + file}
}
