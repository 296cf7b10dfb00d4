package config

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	api "github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
)

func TestOrderOfCredentials(t *testing.T) {
	file := filepath.Join(t.TempDir(), "sdk.json")
	require.NoError(t, os.WriteFile(file, []byte(`{"username":"of the file","password":"hush"}`), 0o600))
	of := func(user string) api.Credentials { return api.Credentials{Username: user, Password: "hush"} }
	for name, tc := range map[string]struct {
		config Config
		want   api.Credentials
		ok     bool
		err    string
	}{
		"none":                    {},
		"file":                    {config: Config{Credentials: file}, want: of("of the file"), ok: true},
		"name before file":        {config: Config{Username: "me", Password: "hush", Credentials: file}, want: of("me"), ok: true},
		"token before all":        {config: Config{Token: "t", Username: "me", Credentials: file}, want: api.Credentials{Token: "t"}, ok: true},
		"name without password":   {config: Config{Username: "me", Credentials: file}, err: "set UP42_PASSWORD"},
		"password without a name": {config: Config{Password: "hush"}, err: "set UP42_USERNAME"},
		"no such file":            {config: Config{Credentials: file + "x"}, err: "credentials: "},
	} {
		t.Run(name, func(t *testing.T) {
			got, ok, err := credentialsOf(&tc.config)
			if tc.err != "" {
				require.ErrorContains(t, err, tc.err)
				assert.NotContains(t, err.Error(), "hush")
				return
			}
			require.NoError(t, err)
			assert.Equal(t, tc.ok, ok)
			assert.Equal(t, tc.want, got)
		})
	}
}

func TestAccount(t *testing.T) {
	w := cli.Env{Now: time.Now}
	none, err := Account(w, &Config{Region: api.Europe})
	require.NoError(t, err)
	assert.Nil(t, none)
	for _, c := range []Config{
		{Region: api.Europe, Token: "t"},
		{Region: api.SaudiArabia, Token: "t"},
		{Region: api.Europe, Token: "t", APIURL: "http://127.0.0.1:1", AuthURL: "http://127.0.0.1:1"},
	} {
		account, err := Account(w, &c)
		require.NoError(t, err, "%s %s", c.Region, c.APIURL)
		require.NotNil(t, account)
		account.Close()
	}
}
