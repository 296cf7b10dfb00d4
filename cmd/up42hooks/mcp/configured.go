package mcp

import (
	"io/fs"
	"os"

	"github.com/spf13/pflag"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
)

// configured is the configuration, which may change while the server runs. It is not safe for
// concurrent use.
type configured struct {
	env   cli.Env
	flags *pflag.FlagSet
	now   *config.Config
	file  fs.FileInfo // as it was read; nil: it was not there
}

func newConfigured(env cli.Env, flags *pflag.FlagSet, c *config.Config) *configured {
	file, _ := os.Stat(c.File) // without a file there are defaults
	return &configured{env, flags, c, file}
}

// secrets returns all secrets. It reads the configuration again only if its file has changed: a
// secret may be in the keyring, which asks the user.
func (c *configured) secrets() []string {
	file, err := os.Stat(c.now.File)
	if err == nil && (c.file == nil || !os.SameFile(file, c.file) || file.Size() != c.file.Size() || !file.ModTime().Equal(c.file.ModTime())) {
		// One that can't be read now is perhaps being written.
		if now, _, err := config.Read(c.flags, c.env); err == nil {
			c.now, c.file = now, file
		}
	}
	return config.AllSecrets(c.env, c.now)
}
