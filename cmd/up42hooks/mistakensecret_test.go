//go:build unix

package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client/simulator"
	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

// A secret that is probably mistaken is told at the start, by doctor and by verify, with its
// place and without the secret. It is used as it is.
func TestMistakenSecretsAreTold(t *testing.T) {
	t.Parallel()
	const hush = "hUsh-1234567890"
	yaml := writeFile(t, "forward-secret: '\"hUsh-1234567890\"'\nbasic-auth: \"ada:hUsh-1234567890 \"\n")
	windows := writeFile(t, "UP42_SECRET="+hush+"\r\n\r\nwhsec_"+hush+"\r\n")
	shared := writeFile(t, hush+"\n")
	require.NoError(t, os.Chmod(shared, 0o644))
	utf16 := writeFile(t, "\xff\xfeh\x00U\x00s\x00h\x00\n\x00")
	bom := writeFile(t, "\ufeff"+hush+"\n<secret>\n")
	credentials := writeFile(t, `{"username": "ada ", "password": "${UP42_PASSWORD}"}`)
	for name, tc := range map[string]struct {
		env  []string
		args []string
		want []string
	}{
		"a variable":    {env: []string{"UP42_SECRET='" + hush + "'"}, want: []string{"secret (from UP42_SECRET) is within quotation marks"}},
		"a short one":   {env: []string{"UP42_SECRET=hUsh", "UP42_BASIC_AUTH=ada:x"}, want: []string{"secret (from UP42_SECRET) has 4 characters"}},
		"a comment":     {env: []string{"UP42_SECRET=" + hush + " # of mine"}, want: []string{"secret (from UP42_SECRET) has words after a #"}},
		"a line end":    {env: []string{"UP42_SECRET=" + hush + "\r\n"}, want: []string{"secret (from UP42_SECRET) ends with a line end"}},
		"a password":    {env: []string{"UP42_BASIC_AUTH=ada:" + hush + "\n"}, want: []string{"basic-auth (from UP42_BASIC_AUTH) has a line end inside"}},
		"two lines":     {env: []string{"UP42_SECRET= " + hush + "\nchangeme"}, want: []string{"secret number 1 (from UP42_SECRET) begins or ends with white space", "secret number 2 (from UP42_SECRET) is a text that stands for a secret"}},
		"a blank one":   {env: []string{"UP42_SECRET= \n"}, want: []string{"secret (from UP42_SECRET) has only white space, and counts as not set"}},
		"one of two":    {env: []string{"UP42_SECRET=" + hush + "\n "}, want: []string{"secret number 2 (from UP42_SECRET) has only white space, and counts as not set"}},
		"a flag":        {args: []string{"--secret", hush + "\u200b"}, want: []string{"secret (from --secret) has characters that can't be seen"}},
		"the file":      {env: []string{"UP42_CONFIG=" + yaml}, want: []string{"forward-secret (from " + yaml + ":1) is within quotation marks", "basic-auth (from " + yaml + ":2) begins or ends with white space"}},
		"a secret file": {args: []string{"--secret-file", windows}, want: []string{windows + " has line ends of Windows", windows + " line 1 has a name before it", windows + " line 3 has a prefix as other services have it"}},
		"a shared file": {args: []string{"--secret-file", shared}, want: []string{shared + " can be read or written by other users (0644)"}},
		"UTF-16":        {args: []string{"--secret-file", utf16}, want: []string{utf16 + " is UTF-16"}},
		"a mark":        {args: []string{"--secret-file", bom}, want: []string{bom + " begins with a byte order mark", bom + " line 2 is a text that stands for a secret"}},
		"a value file":  {env: []string{"UP42_SECRET=x", "UP42_BASIC_AUTH_FILE=" + writeFile(t, "ada:"+hush+"\n\n")}, want: nil},
		"a shared value": {
			env:  []string{"UP42_SECRET=x", "UP42_FORWARD_SECRET_FILE=" + shared},
			want: []string{shared + " can be read or written by other users"},
		},
		"a secret of Standard Webhooks": {
			env: []string{"UP42_FORWARD_SECRET=whsec_" + hush}, want: []string{"forward-secret (from UP42_FORWARD_SECRET) is a secret of Standard Webhooks"},
		},
		"credentials": {
			env: []string{"UP42_API_URL=http://127.0.0.1:1", "UP42_AUTH_URL=http://127.0.0.1:1"}, args: []string{"--credentials", credentials},
			want: []string{"the username in " + credentials + " begins or ends with white space", "the password in " + credentials + " is a text that stands for a secret"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := append(clitest.Home(t), tc.env...)
			p := clitest.Receive(t, env, nil, tc.args...)
			doctor, _, _ := clitest.Run(t, env, append([]string{"doctor", "--test=false"}, tc.args...)...)
			doctor = strings.Join(strings.Fields(doctor), " ")
			for _, want := range tc.want {
				assert.Contains(t, p.Stderr.String(), want)
				assert.Contains(t, doctor, want)
			}
			if tc.want == nil {
				assert.NotContains(t, p.Stderr.String(), "WARN secret")
				assert.NotContains(t, doctor, "all of it is used")
			}
			for _, said := range []string{p.Stderr.String(), doctor} {
				assert.NotContains(t, said, hush)
				assert.NotContains(t, said, "hUsh")
			}
		})
	}
}

// A secret that comes through a pipe is read once.
func TestASecretFromAPipe(t *testing.T) {
	t.Parallel()
	pipe := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	written := make(chan error, 1)
	go func() { written <- os.WriteFile(pipe, []byte(clitest.Secret+"\n"), 0) }()
	p := clitest.Receive(t, clitest.Home(t), nil, "--secret-file", pipe)
	require.NoError(t, <-written)
	code, _, err := clitest.Deliver(clitest.HTTPClient(t), p.URL, clitest.Secret, clitest.Delivery("m", "o", "PLACED"))
	require.NoError(t, err)
	assert.Equal(t, 200, code)
}

// What is told is not changed: the quotation marks are a part of the secret.
func TestAMistakenSecretIsUsedAsItIs(t *testing.T) {
	t.Parallel()
	env := append(clitest.Home(t), `UP42_SECRET="`+clitest.Secret+`"`)
	p := clitest.Receive(t, env, nil)
	for secret, want := range map[string]int{`"` + clitest.Secret + `"`: 200, clitest.Secret: 401} {
		code, _, err := clitest.Deliver(clitest.HTTPClient(t), p.URL, secret, clitest.Delivery(secret, "o1", "PLACED"))
		require.NoError(t, err)
		assert.Equal(t, want, code)
	}
	var request string
	require.Eventually(t, func() bool {
		out, _, code := clitest.Run(t, env, "events", "get", "r1", "--http")
		request = out
		return code == 0
	}, clitest.Patience, 20_000_000)
	out, _, _ := clitest.Run(t, env, "verify", writeFile(t, request))
	assert.Regexp(t, `rejected: signature-mismatch(?s).*note +secret \(from UP42_SECRET\) is within quotation marks`, out)
}

// The secret of a webhook is told to be mistaken, and is sent as it is.
func TestAMistakenSecretOfAWebhook(t *testing.T) {
	t.Parallel()
	env := clitest.WithUP42(t, simulator.New(simulator.Options{Seed: 1, Quiet: true}))
	stdout, stderr, code := clitest.Run(t, env, "webhooks", "create", "--name", "a", "--url", "https://hooks.example.com/in", "--secret", "'hush hush'", "--show-secrets")
	assert.Zero(t, code, stderr)
	assert.Contains(t, stderr, "warning: the secret is within quotation marks, and all of it is used. Remove the quotation marks")
	assert.Contains(t, stdout, "'hush hush'")
	assert.NotContains(t, stderr, "hush")
	_, stderr, code = clitest.Run(t, env, "webhooks", "update", "a", "--secret", "changeme")
	assert.Zero(t, code, stderr)
	assert.Contains(t, stderr, "warning: the secret is a text that stands for a secret")
}

// Files that can't have a secret are named, with what to do.
func TestFilesWithoutASecret(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "secret"), []byte("x"), 0o600))
	require.NoError(t, os.Symlink(folder+"/gone", folder+"/link"))
	large := writeFile(t, strings.Repeat("root:x:0:0:root:/root:/bin/sh\n", 100))
	require.NoError(t, os.Truncate(large, 1<<30))
	for _, tc := range []struct{ file, want string }{
		{folder + "/link", "is a symbolic link to a file that is not there"},
		{large, "has more than 1 MiB"},
		{folder, folder + " is a folder"},
		{writeFile(t, ""), "holds none"},
		{writeFile(t, "\r\n \n"), "holds none"},
		{folder + "/none", "does not exist"},
	} {
		_, stderr, code := clitest.Run(t, clitest.Home(t), "listen", "--listen", "127.0.0.1:0", "--secret-file", tc.file)
		assert.NotZero(t, code)
		assert.Regexp(t, regexp.QuoteMeta(tc.want), stderr)
		out, _, code := clitest.Run(t, clitest.Home(t), "doctor", "--listen", "127.0.0.1:0", "--secret-file", tc.file)
		assert.Equal(t, 1, code)
		assert.Contains(t, out, tc.want)
	}
	_, stderr, _ := clitest.Run(t, append(clitest.Home(t), "UP42_PASSWORD_FILE="+folder), "config")
	assert.Contains(t, stderr, "is a folder")
}

// The screen has no log, so that it tells of a mistaken secret in a note.
func TestTheScreenTellsOfAMistakenSecret(t *testing.T) {
	t.Parallel()
	m := clitest.OnTerminal(t, append(clitest.Home(t), "UP42_SECRET='hush-1234567890'", "UP42_LISTEN=127.0.0.1:0"), 200, 30)
	_, ok := m.Await(`is within quotation marks.*up42hooks doctor`)
	assert.True(t, ok, "%q", m)
	m.Key(t, "\x03")
	m.Ends(t)
	assert.NotContains(t, m.String(), "hush")
}
