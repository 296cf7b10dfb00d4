package secretcheck_test

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/client/secretcheck"
	"github.com/up42/up42-webhooks/receiver/receivertest/testmain"
)

func TestMain(m *testing.M) { testmain.Run(m) }

// sample is a secret without a problem.
const sample = "Zm9vYmFyLWJhei1xdXV4LTEyMzQ1Njc4OTA"

func TestMistakesInASecret(t *testing.T) {
	for secret, want := range map[string]string{
		sample + "\n":                          "white space",
		" " + sample:                           "white space",
		sample + "\u00a0":                      "white space",
		"\ufeff" + sample:                      "byte order mark",
		sample + "\r":                          "line end inside",
		sample + "\n" + sample:                 "line end inside",
		"Z\x00m\x009\x00":                      "UTF-16",
		"Z\xff\xfe":                            "not UTF-8",
		"Zm9v\u200bYmFy":                       "can't be seen",
		"Zm9v\u00a0YmFy":                       "can't be seen",
		"Zm9v\u00adYmFy":                       "can't be seen",
		"Zm9v\tYmFy":                           "can't be seen",
		"Zm9v\u202eYmFy":                       "can't be seen",
		`"` + sample + `"`:                     "quotation marks",
		"'" + sample + "'":                     "quotation marks",
		"“" + sample + "”":                     "quotation marks",
		"`" + sample + "` ":                    "quotation marks",
		sample + `\n`:                          "a backslash",
		"# the secret":                         "begins with #",
		"UP42_WEBHOOK_SECRET=" + sample:        "a name before it",
		"export SECRET='" + sample + "'":       "a name before it",
		"secret = " + sample:                   "a name before it",
		"secret: " + sample:                    "a name before it",
		`{"secret": "` + sample + `"}`:         "a name before it",
		`"SECRET=` + sample + `"`:              "a name before it",
		`$env:UP42_SECRET = "` + sample + `"`:  "a name before it",
		`"` + sample + `",`:                    "a comma",
		sample + ";":                           "a semicolon",
		"// mine":                              "like a comment",
		"; mine":                               "like a comment",
		"ENC[AES256_GCM,data:a]":               "has encrypted",
		"$ANSIBLE_VAULT;1.1;AES256":            "has encrypted",
		"version https://git-lfs.github.com/x": "stands for a file",
		"https://api.up42.com/webhooks":        "names a place",
		"vault:secret/data/up42#key":           "names a place",
		"Zm9vYm…":                              "stands for a secret",
		"Zm9vYmFy...":                          "stands for a secret",
		"Zm9v\u0430YmFy":                       "look like others",
		"Zm9v\uff21YmFy":                       "look like others",
		"Zm9u\u0308YmFy":                       "accents",
		"-----BEGIN PRIVATE KEY-----":          "key file",
		"whsec_" + sample:                      "prefix",
		"base64:" + sample:                     "prefix",
		"hex:0011223344556677":                 "prefix",
		"0x00112233445566778899":               "prefix",
		"Bearer " + sample:                     "prefix",
		"sha256=" + sample:                     "prefix",
		"changeme":                             "stands for a secret",
		"Change-Me!":                           "stands for a secret",
		`"changeme"`:                           "stands for a secret",
		"<secret>":                             "stands for a secret",
		"your_webhook_secret_here":             "stands for a secret",
		"YOUR-SECRET":                          "stands for a secret",
		"secret":                               "stands for a secret",
		"${UP42_SECRET}":                       "stands for a secret",
		"$UP42_SECRET":                         "stands for a secret",
		"%UP42_SECRET%":                        "stands for a secret",
		"{{ .Values.secret }}":                 "stands for a secret",
		"$(cat /run/secrets/x)":                "stands for a secret",
		"••••••••":                             "stands for a secret",
		"********":                             "stands for a secret",
		"xxxxxxxx":                             "stands for a secret",
		"TODO":                                 "stands for a secret",
		"/run/secrets/up42":                    "names a place",
		"@/etc/secret":                         "names a place",
		"./secrets/up42.txt":                   "names a place",
		"op://vault/item/field":                "names a place",
		"arn:aws:secretsmanager:eu:1:secret:x": "names a place",
		"a%2Fb%3D":                             "encoded for a URL",
		"a&amp;b":                              "encoded for a URL",
		strings.Repeat("a", 501):               "more than 500",
	} {
		var whats []string
		for _, p := range secretcheck.Text(secret) {
			whats = append(whats, p.What)
			assert.NotEmpty(t, p.Todo)
			assert.NotContains(t, p.What+p.Todo, "Zm9v", "the secret is not told")
		}
		assert.Contains(t, strings.Join(whats, "\n"), want, "%q", secret)
	}
}

func TestGoodSecretsHaveNoProblem(t *testing.T) {
	for _, secret := range []string{
		"", sample, sample + "==", "correct horse battery staple", "a b", "ünïcödé-ß", "it's", `say "hi"`, "dQw4w9WgXcQ=", "abc/def+ghi=", "0123456789abcdef0123456789abcdef",
		"5f290b80-d8d7-4d1c-bbe6-626d4f00dad3", "p@ss:w0rd", "#1x"[1:], "secretary", "50%", "x", strings.Repeat("é", 500), "a=", "tr0ub4dor&3", "1/2", "A/bC9/xyz+Q==", "a;b,c", "a//b", "секрет-и-пароль", "a...b",
	} {
		assert.Empty(t, secretcheck.Text(secret), "%q", secret)
	}
}

func TestAListOfSecrets(t *testing.T) {
	for secret, want := range map[string]bool{
		sample + "," + sample: true, sample + ", " + sample + "," + sample: true,
		sample: false, sample + ",": false, sample + ",short": false, "a sentence of words, and another one of them": false, "": false,
	} {
		found := slices.ContainsFunc(secretcheck.New(secret), func(p secretcheck.Problem) bool {
			return p.What == "has commas as a list of secrets has, and all of it is used" && !p.Harmless
		})
		assert.Equal(t, want, found, "%q", secret)
	}
}

func TestMistakesInAFile(t *testing.T) {
	long := strings.Repeat("Zm9vYmFy", 8)
	for content, want := range map[string]string{
		"\ufeff" + sample + "\n":   "byte order mark",
		"\xff\xfeZ\x00m\x00":       "UTF-16",
		"\xfe\xff\x00Z\x00m":       "UTF-16",
		"Z\x00m\x009\x00":          "UTF-16",
		sample + "\r\n":            "CR LF",
		sample + "\r" + sample:     "old Macs",
		sample + "\n" + sample:     "",
		long + "\n" + sample:       "go on in the next one",
		long + "\n":                "",
		sample:                     "",
		sample + "\r":              "",
		"":                         "",
		strings.Repeat("x", 1<<20): "",
	} {
		file := filepath.Join(t.TempDir(), "secrets")
		require.NoError(t, os.WriteFile(file, []byte(content), 0o600))
		problems := secretcheck.File(file)
		if want == "" {
			assert.Empty(t, problems, "%.20q", content)
			continue
		}
		require.Len(t, problems, 1, "%.20q", content)
		assert.Contains(t, problems[0].What, want)
		assert.Equal(t, want == "CR LF", problems[0].Harmless)
	}
	file := filepath.Join(t.TempDir(), "secrets")
	require.NoError(t, os.WriteFile(file, []byte(sample), 0o600))
	require.NoError(t, os.Chmod(file, 0o644))
	if runtime.GOOS == "windows" {
		assert.Empty(t, secretcheck.File(file), "the permissions are made up there")
	} else {
		require.Len(t, secretcheck.File(file), 1)
		assert.Contains(t, secretcheck.File(file)[0].What, "other users (0644)")
	}
	assert.Empty(t, secretcheck.File(t.TempDir()), "whoever needs it says that it is a folder")
}

// A file that is too large to have secrets is not read: whoever needs it says what is wrong with it.
func TestALargeFileIsNotRead(t *testing.T) {
	name := filepath.Join(t.TempDir(), "large")
	require.NoError(t, os.WriteFile(name, []byte(sample+"\r\n"), 0o600))
	for size, want := range map[int64]bool{1 << 20: true, 1<<20 + 1: false, 1 << 30: false} {
		require.NoError(t, os.Truncate(name, size))
		_, ok := secretcheck.Read(name)
		assert.Equal(t, want, ok, size)
		assert.Equal(t, want, len(secretcheck.File(name)) > 0, size)
	}
}
