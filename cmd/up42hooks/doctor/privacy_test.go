package doctor

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

func TestDoctorOnFilesThatOthersCanRead(t *testing.T) {
	t.Parallel()
	const inConfig, elsewhere = ".config/up42hooks/config.yaml", "other"
	for name, tc := range map[string]struct {
		file, content string
		args          []string
		env           []string
		warns         bool
	}{
		"a secret":                 {file: inConfig, content: "secret: hush", warns: true},
		"a password":               {file: inConfig, content: "basic-auth: ada:hush", warns: true},
		"a forward secret":         {file: inConfig, content: "forward-secret: hush", warns: true},
		"a forward password":       {file: inConfig, content: "forward-auth: ada:hush", warns: true},
		"a password at UP42":       {file: inConfig, content: "username: ada\npassword: hush", warns: true},
		"a token":                  {file: inConfig, content: "token: hush", warns: true},
		"the URL of a chat":        {file: inConfig, content: "notify: [{do: post, url: 'https://chat.example.com/hush'}]", warns: true},
		"a target with a path":     {file: inConfig, content: "forward-to: http://127.0.0.1:1/hush", warns: true},
		"a target with a query":    {file: inConfig, content: "forward-to: ['http://127.0.0.1:1', 'http://127.0.0.1:1?key=hush']", warns: true},
		"what a variable hides":    {file: inConfig, content: "forward-secret: hush", env: []string{"UP42_FORWARD_SECRET", "other"}, warns: true},
		"a secret in a bad file":   {file: inConfig, content: "secret: hush\nunknown: 1", warns: true},
		"a target without a path":  {file: inConfig, content: "forward-to: http://127.0.0.1:1"},
		"a notice in a file":       {file: inConfig, content: "notify: [{do: file, file: /tmp/notices}]"},
		"no secret":                {file: inConfig, content: "max-age: 5m\nusername: ada\nfilters: {F1: final}"},
		"a secret file":            {file: elsewhere, content: "hush", args: []string{"--secret-file"}, warns: true},
		"credentials":              {file: elsewhere, content: `{"username":"ada","password":"hush"}`, args: []string{"--credentials"}, warns: true},
		"credentials of NATS":      {file: elsewhere, content: "ada:hush", args: []string{"--forward-creds"}, warns: true},
		"a password of PostgreSQL": {file: ".pgpass", content: "*:*:*:*:hush", env: []string{"UP42_FORWARD_TO", "postgres://ada@127.0.0.1:1/up42"}, warns: true},
		"another file for it":      {file: ".pgpass", content: "*:*:*:*:hush", env: []string{"UP42_FORWARD_TO", "postgres://ada@127.0.0.1:1/up42", "PGPASSFILE", "/none"}},
		"a file that a URL names":  {file: "pass", content: "*:*:*:*:hush", env: []string{"UP42_FORWARD_TO", "postgres://ada@127.0.0.1:1/up42?passfile=~/pass"}, warns: true},
		"a key that a URL names":   {file: "key", content: "hush", env: []string{"UP42_FORWARD_TO", "postgres://ada@127.0.0.1:1/up42?sslkey=~/key"}, warns: true},
		"a table with a user":      {file: inConfig, content: "forward-to: postgres://ada@127.0.0.1:1/up42?table=orders"},
		"the generated secret":     {file: ".local/state/up42hooks/secret", content: "hush", warns: true},
		"an unused generated one":  {file: ".local/state/up42hooks/secret", content: "hush", env: []string{"UP42_WEBHOOK_SECRET", "other"}, warns: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			modes := []os.FileMode{0o644, 0o600}
			if name == "a secret" || name == "a secret file" {
				modes = append(modes, 0o640, 0o604) // for the group only, for others only
			}
			for _, mode := range modes {
				s := clitest.NewSandbox(t, NewCommand)
				file := filepath.Join(s.Home, tc.file)
				require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o700))
				require.NoError(t, os.WriteFile(file, []byte(tc.content), 0o600))
				require.NoError(t, os.Chmod(file, mode))
				for i := 0; i+1 < len(tc.env); i += 2 {
					s.Env[tc.env[i]] = tc.env[i+1]
				}
				args := []string{"--listen", "127.0.0.1:0", "--test=false"}
				for _, flag := range tc.args {
					args = append(args, flag, file)
				}
				_, found := examined(t, s, args...)
				warned := 0
				for _, f := range found["secrets"] {
					if f.State == warn && f.Todo == "chmod 600 "+file {
						warned++
					}
				}
				want := 0
				if tc.warns && mode != 0o600 && runtime.GOOS != "windows" {
					want = 1
				}
				assert.Equal(t, want, warned, "%04o: %+v", mode, found["secrets"])
				for _, findings := range found {
					for _, f := range findings {
						assert.NotContains(t, f.Detail+f.Todo, "hush")
					}
				}
			}
		})
	}
}
