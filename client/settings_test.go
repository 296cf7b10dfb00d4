package client_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client"
)

func TestNoSecretIsShown(t *testing.T) {
	c, err := client.New(client.Options{
		APIURL: "https://api.example", AuthURL: "https://auth.example", Credentials: client.Credentials{Username: "ada", Password: hidden},
	})
	require.NoError(t, err)
	w := client.Webhook{Name: "n", Secret: hidden}
	for _, v := range []any{
		client.Secret(hidden), w, &w,
		[]client.Webhook{w},
		map[string]client.Secret{"k": hidden},
		c,
		client.Credentials{Password: hidden, Token: hidden},
		client.Options{Credentials: client.Credentials{Password: hidden}},
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			assert.NotContains(t, fmt.Sprintf(verb, v), hidden, "%T %s", v, verb)
		}
		var log bytes.Buffer
		slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "v", v)
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", "v", v)
		assert.NotContains(t, log.String(), hidden)
		text, _ := json.Marshal(v) // some can't be encoded
		assert.NotContains(t, string(text), hidden)
	}
	assert.Equal(t, "********", client.Secret(hidden).String())
	assert.Empty(t, client.Secret("").String(), "no secret is no mask")
	assert.Equal(t, hidden, client.Secret(hidden).Reveal())
}

func TestNewChecksAddresses(t *testing.T) {
	for address, want := range map[string]string{
		"https://api.up42.com": "", "https://api.up42.com/base/": "", "http://127.0.0.1:4242": "", "http://localhost:1": "", "http://[::1]:1": "",
		"http://api.up42.com": "https://", "ftp://api.up42.com": "https://", "api.up42.com": "not a URL", "": "not a URL", "https://u:" + hidden + "@x.example": "not a URL",
		"https://u:p@x.example": "neither", "https://x.example?q=1": "neither", "https://x.example#f": "neither", "http://%zz": "not a URL",
	} {
		for _, o := range []client.Options{{APIURL: address, AuthURL: "https://a.example"}, {APIURL: "https://a.example", AuthURL: address}} {
			o.Credentials.Token = "t"
			_, err := client.New(o)
			if want == "" {
				assert.NoError(t, err, address)
				continue
			}
			require.ErrorContains(t, err, want, address)
			assert.NotContains(t, err.Error(), hidden)
		}
	}
	for _, credentials := range []client.Credentials{{}, {Username: "ada"}, {Password: hidden}, {Token: hidden + "\n"}} {
		_, err := client.New(client.Options{APIURL: "https://a.example", AuthURL: "https://a.example", Credentials: credentials})
		require.Error(t, err)
		assert.NotContains(t, err.Error(), hidden)
	}
}

func TestRegions(t *testing.T) {
	assert.Equal(t, "https://api.up42.com", client.APIURL(client.Europe))
	assert.Equal(t, "https://auth.sa.up42.com", client.AuthURL(client.SaudiArabia))
	assert.Empty(t, client.APIURL("us")+client.AuthURL("us"))
}

func TestCredentialsOfTheSDK(t *testing.T) {
	for content, want := range map[string]string{
		`{"username":"ada","password":"` + hidden + `"}`:              "",
		"\uFEFF{\"username\":\"ada\",\"password\":\"" + hidden + `"}`: "",
		`{"username":"ada"}`:                     "want {",
		`{"username":"ada","password":` + hidden: "want {",
		``:                                       "want {",
	} {
		file := filepath.Join(t.TempDir(), "credentials.json")
		require.NoError(t, os.WriteFile(file, []byte(content), 0o600))
		c, err := client.ReadCredentials(file)
		if want != "" {
			require.ErrorContains(t, err, want)
			assert.NotContains(t, err.Error(), hidden)
			continue
		}
		require.NoError(t, err)
		assert.Equal(t, client.Credentials{Username: "ada", Password: hidden}, c)
	}
	_, err := client.ReadCredentials(filepath.Join(t.TempDir(), "none"))
	assert.ErrorIs(t, err, os.ErrNotExist)
}

func TestCheck(t *testing.T) {
	good := client.Webhook{Name: "Zwölf", URL: "https://hooks.example.com/x", Events: []string{"order.status"}, Secret: client.Secret(strings.Repeat("ü", 500))}
	require.NoError(t, good.Check())
	for want, change := range map[string]func(*client.Webhook){
		"name":             func(w *client.Webhook) { w.Name = " " },
		"255 characters":   func(w *client.Webhook) { w.Name = strings.Repeat("ü", 1000) },
		"name must not":    func(w *client.Webhook) { w.Name = "a\x1b[31m" },
		"reaches":          func(w *client.Webhook) { w.URL = "" },
		"in the clear":     func(w *client.Webhook) { w.URL = "http://hooks.example.com" },
		"begin with":       func(w *client.Webhook) { w.URL = "ftp://hooks.example.com" },
		"want a URL":       func(w *client.Webhook) { w.URL = "hooks.example.com" },
		"2048":             func(w *client.Webhook) { w.URL = "https://x.example/" + strings.Repeat("x", 3000) },
		"one event":        func(w *client.Webhook) { w.Events = nil },
		"names of events":  func(w *client.Webhook) { w.Events = []string{"a,b"} },
		"500 characters":   func(w *client.Webhook) { w.Secret += "x" },
		"secret must not":  func(w *client.Webhook) { w.Secret = "a\n" },
		"not have control": func(w *client.Webhook) { w.Name = "a\u202eb" },
		"want a URL like":  func(w *client.Webhook) { w.URL = "https://hooks.example.com/a b" },
	} {
		w := good
		change(&w)
		assert.ErrorContains(t, w.Check(), want)
	}
	good.URL, good.Secret = "http://127.0.0.1:9888/receive-webhooks", ""
	assert.NoError(t, good.Check(), "plain HTTP to this machine, and no secret, are allowed")
}

func TestNewSecretHas32RandomBytes(t *testing.T) {
	s, err := client.NewSecret(bytes.NewReader(bytes.Repeat([]byte{0xff}, 32)))
	require.NoError(t, err)
	assert.Equal(t, strings.Repeat("_", 42)+"8", s.Reveal())
	_, err = client.NewSecret(strings.NewReader("short"))
	assert.Error(t, err)
}
