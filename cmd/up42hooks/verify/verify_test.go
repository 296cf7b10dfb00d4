package verify

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
)

// args returns the arguments that judge a vector.
func args(v receivertest.Vector) []string {
	args := []string{"verify", "--now", strconv.FormatInt(v.Now, 10)}
	for _, s := range v.Secrets {
		args = append(args, "--secret", s)
	}
	if v.Options.AllowUnsigned {
		args = append(args, "--allow-unsigned")
	}
	if v.Options.RequireDigest {
		args = append(args, "--require-digest")
	}
	if v.Options.Components != nil {
		args = append(args, "--components", strings.Join(v.Options.Components, ","))
	}
	return args
}

// vectors returns the vectors of receivertest by name.
func vectors(t *testing.T) map[string]receivertest.Vector {
	t.Helper()
	byName := map[string]receivertest.Vector{}
	for _, v := range receivertest.Vectors(t) {
		byName[v.Name] = v
	}
	return byName
}

const (
	goodVector    = "order, date and digest covered"
	partialVector = "only the date covered: the body is not authenticated"
	oldVector     = "no date covered, the body's timestamp is 100 days old"
)

func TestVerifyVectors(t *testing.T) {
	for name, v := range vectors(t) {
		t.Run(name, func(t *testing.T) {
			s := clitest.NewSandbox(t, NewCommand)
			s.Stdin = string(v.Raw)
			code, out, errs := s.Run(t.Context(), append(args(v), "--json")...)
			assert.Empty(t, errs)
			var got struct {
				Verdict     receiver.Verdict
				Reason      receiver.Reason
				Secret      *int
				Components  []string
				Created     *int64
				BodyCovered bool
				AgeProblem  string
			}
			require.NoError(t, json.Unmarshal([]byte(out), &got))
			assert.Equal(t, v.Expect.Verdict, got.Verdict)
			assert.Equal(t, v.Expect.Reason, got.Reason)
			assert.NotNil(t, got.Components)
			assert.Equal(t, v.Expect.Verdict == receiver.Verified, got.BodyCovered && got.AgeProblem == "")
			assert.Equal(t, v.Expect.Verdict == receiver.Rejected, code == 1)
			if v.Expect.Secret != nil {
				assert.Equal(t, v.Expect.Secret, got.Secret)
			}

			wordCode, words, errs := s.Run(t.Context(), args(v)...)
			assert.Empty(t, errs)
			assert.Equal(t, code, wordCode)
			assert.Contains(t, words, string(v.Expect.Verdict)+": "+string(v.Expect.Reason))
			assert.NotContains(t, words+out, "correct horse", "a secret is never shown")
		})
	}
}

func TestVerifyJSONIsExact(t *testing.T) {
	v := vectors(t)
	tests := []struct{ name, want string }{
		{goodVector, `{"verdict":"verified","reason":"","secret":0,"components":["date","digest"],"created":1789999998,"bodyCovered":true}`},
		{partialVector, `{"verdict":"partial","reason":"","secret":0,"components":["date"],"created":1789999998,"bodyCovered":false}`},
		{oldVector, `{"verdict":"partial","reason":"","secret":0,"components":["digest"],"created":1788300000,"bodyCovered":true,"ageProblem":"timestamp-old"}`},
		{"no signature headers", `{"verdict":"rejected","reason":"missing-signature","secret":null,"components":[],"created":null,"bodyCovered":false}`},
		{"body swapped after signing", `{"verdict":"rejected","reason":"digest-mismatch","secret":null,"components":["date","digest"],"created":1789999998,"bodyCovered":false,` +
			`"cause":"The body is a delivery, but not the body that was signed: it was changed afterwards. ` +
			`With other white space, line ends or escapes it does not match either."}`},
		{"no signature headers, unsigned allowed", `{"verdict":"unsigned","reason":"","secret":null,"components":[],"created":null,"bodyCovered":false}`},
	}
	for _, tt := range tests {
		s := clitest.NewSandbox(t, NewCommand)
		s.Stdin = string(v[tt.name].Raw)
		_, out, _ := s.Run(t.Context(), append(args(v[tt.name]), "--json")...)
		assert.Equal(t, tt.want+"\n", out, tt.name)
	}
}

func TestVerifySaysWhyTheAgeIsNotProved(t *testing.T) {
	for name, want := range map[string]string{
		oldVector: "age         no date is signed and the body's timestamp is 100 days old (--max-message-age is 24 h)",
		"no date covered, the body's timestamp is two days ahead":       "age         no date is signed and the body's timestamp is 2 days ahead (--max-message-age is 24 h)",
		"no date covered, the body's timestamp is not there":            "age         no date is signed and the body's timestamp can't be read",
		"no date covered, the body's timestamp is 20 hours old":         "age         proved by the body's timestamp, as no date is signed",
		"covered date, form: one-digit day (Java's RFC_1123_DATE_TIME)": "age         proved by the signed date",
	} {
		v := vectors(t)[name]
		s := clitest.NewSandbox(t, NewCommand)
		s.Stdin = string(v.Raw)
		code, out, errs := s.Run(t.Context(), args(v)...)
		assert.Zero(t, code, errs)
		assert.Contains(t, out, want, name)
		if v.Expect.Verdict == receiver.Partial {
			assert.Contains(t, out, "partial: signed, but the signature does not prove the age")
			assert.Contains(t, out, "--now sets the time by which a capture is judged")
		}
	}
}

func TestVerifyTakesTheMaxMessageAge(t *testing.T) {
	v := vectors(t)[oldVector]
	for limit, want := range map[string]string{"99d": "partial: ", "101d": "verified: ", "2424h": "verified: "} {
		s := clitest.NewSandbox(t, NewCommand)
		s.Stdin = string(v.Raw)
		code, out, errs := s.Run(t.Context(), append(args(v), "--max-message-age", limit)...)
		assert.Zero(t, code, errs)
		assert.Contains(t, out, want, limit)
	}
	s := clitest.NewSandbox(t, NewCommand)
	s.Stdin = string(v.Raw)
	code, out, _ := s.Run(t.Context(), append(args(v), "--require-digest")...)
	assert.Zero(t, code)
	assert.Contains(t, out, "partial: ", "the digest is there: only the age is not proved")
}

func TestVerifyInput(t *testing.T) {
	v := vectors(t)[goodVector]
	raw := string(v.Raw)
	tests := []struct {
		name, input string
		code        int
		want        string // in stdout
		fault       string // in stderr
	}{
		{"as it came", raw, 0, "verified", ""},
		{"line feeds", strings.ReplaceAll(raw, "\r\n", "\n"), 0, "line feeds", ""},
		{"without its length", strings.Replace(raw, "Content-Length: 299\r\n", "", 1), 0, "no Content-Length", ""},
		{"with a line end more", raw + "\r\n", 0, "verified", ""},
		{"cut short", raw[:len(raw)-1], 1, "rejected: body-malformed", ""},
		{"a shorter value", strings.Replace(raw, "FULFILLED", "PLACED", 1), 1, "Only 296 of 299 bytes", ""},
		{"to another path", strings.Replace(raw, "POST /receive-webhooks", "POST /else", 1), 1, "takes deliveries at /receive-webhooks (--path), and answers 404 elsewhere", ""},
		{"a probe", strings.Replace(raw, "POST /receive-webhooks", "GET /receive-webhooks", 1), 1, "a GET is no delivery: the receiver answers 405", ""},
		{"too long", raw + "{}", 0, "are not a part of the request", ""},
		{"chunked and a length", strings.Replace(raw, "Content-Length", "Transfer-Encoding: chunked\r\nContent-Length", 1), 1, "both Transfer-Encoding", ""},
		{"chunked", chunked(raw), 0, "verified", ""},
		{"not POST", strings.Replace(raw, "POST", "PUT", 1), 1, "rejected: method-not-allowed", ""},
		{"nothing", "", 2, "", "empty"},
		{"no request", "hello\n\n", 2, "", "not an HTTP request"},
		{"no end of headers", "POST / HTTP/1.1\r\n", 2, "", "no empty line"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := clitest.NewSandbox(t, NewCommand)
			s.Stdin = tt.input
			code, out, errs := s.Run(t.Context(), args(v)...)
			assert.Equal(t, tt.code, code, errs)
			assert.Contains(t, out, tt.want)
			if tt.fault == "" {
				assert.Empty(t, errs)
				return
			}
			assert.Contains(t, errs, tt.fault)
			assert.Equal(t, 1, strings.Count(errs, "\n"), "one line")
			assert.Empty(t, out)
		})
	}
}

func chunked(raw string) string {
	head, body, _ := strings.Cut(strings.Replace(raw, "Content-Length: 299", "Transfer-Encoding: chunked", 1), "\r\n\r\n")
	return head + "\r\n\r\n64\r\n" + body[:100] + "\r\nc7\r\n" + body[100:] + "\r\n0\r\n\r\n"
}

func TestVerifyReadsFilesAndOrigins(t *testing.T) {
	v := vectors(t)[goodVector]
	s := clitest.NewSandbox(t, NewCommand)
	request, secrets := filepath.Join(s.Home, "request.http"), filepath.Join(s.Home, "secrets")
	require.NoError(t, os.WriteFile(request, v.Raw, 0o600))
	require.NoError(t, os.WriteFile(secrets, []byte("old\ncorrect horse\n"), 0o600))

	code, out, _ := s.Run(t.Context(), "verify", "--secret", "other", "--secret-file", secrets, "--json", request)
	assert.Zero(t, code)
	assert.Contains(t, out, `"secret":2`, "the file's secrets come after the flag's")

	s.Env["UP42_WEBHOOK_SECRET"] = "correct horse"
	code, out, _ = s.Run(t.Context(), "verify", "--now", "2026-09-21T14:13:20Z", request)
	assert.Zero(t, code, "the secret of the environment")
	assert.Contains(t, out, "verified")

	s.Now = s.Now.Add(time.Hour)
	code, out, _ = s.Run(t.Context(), "verify", request)
	assert.Equal(t, 1, code, "judged by the clock")
	assert.Contains(t, out, "rejected: stale")
	code, _, _ = s.Run(t.Context(), "verify", "--max-age", "2h", request)
	assert.Zero(t, code)

	code, _, errs := s.Run(t.Context(), "verify", filepath.Join(s.Home, "absent"))
	assert.Equal(t, 2, code)
	assert.Contains(t, errs, "absent")
	code, _, _ = s.Run(t.Context(), "verify", request, request)
	assert.Equal(t, 2, code)
	code, _, errs = s.Run(t.Context(), "verify", "--now", "yesterday", request)
	assert.Equal(t, 2, code)
	assert.Contains(t, errs, "RFC 3339")
}

func TestVerifyWithoutASecret(t *testing.T) {
	s := clitest.NewSandbox(t, NewCommand)
	s.Stdin = string(vectors(t)[goodVector].Raw)
	code, out, _ := s.Run(t.Context(), "verify")
	assert.Equal(t, 1, code)
	assert.Contains(t, out, "rejected: no-secret")
	assert.NoFileExists(t, s.Generated(), "none is made")
}

func TestVerifyNeedsNoHome(t *testing.T) {
	s := clitest.NewSandbox(t, NewCommand)
	s.Env = nil
	s.Stdin = string(vectors(t)[goodVector].Raw)
	code, out, errs := s.Run(t.Context(), "verify", "--secret", "correct horse")
	assert.Zero(t, code, errs)
	assert.Contains(t, out, "verified")
}

func TestAnEmptySecretKeepsItsPlace(t *testing.T) {
	s := clitest.NewSandbox(t, NewCommand)
	s.Stdin = string(vectors(t)[goodVector].Raw)
	code, out, errs := s.Run(t.Context(), "verify", "--json", "--secret", "", "--secret", "correct horse")
	assert.Zero(t, code, errs)
	assert.Contains(t, out, `"secret":1`)
}

func TestVerifyCleansItsOutput(t *testing.T) {
	s := clitest.NewSandbox(t, NewCommand)
	s.Stdin = "GE\x1b[2JT / HTTP/1.1\r\n\r\n"
	_, out, errs := s.Run(t.Context(), "verify")
	assert.NotContains(t, out+errs, "\x1b")

	s.Stdin = "POST / HTTP/1.1\r\nSignature: up42-sig=x\r\nSignature-Input: up42-sig=(\"\u202eevil\");created=1789999998\r\n\r\n"
	_, out, errs = s.Run(t.Context(), "verify")
	assert.NotContains(t, out+errs, "\u202e")

	s.Stdin = string(vectors(t)["a derived component"].Raw)
	_, out, _ = s.Run(t.Context(), "verify", "--now", "1790000000", "--secret", "x")
	assert.Contains(t, out, "@method")
}

func TestVerifyAsksForInputOnATerminal(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs a terminal of Unix")
	}
	keyboard, terminal, err := pty.Open()
	require.NoError(t, err)
	defer keyboard.Close()
	defer terminal.Close()
	raw := strings.ReplaceAll(string(vectors(t)[goodVector].Raw), "\r\n", "\n")
	const ctrlD = "\x04"
	_, err = keyboard.WriteString(raw + "\n" + ctrlD)
	require.NoError(t, err)
	var out, errs bytes.Buffer
	w := cli.Env{
		Stdin: terminal, Stdout: &out, Stderr: &errs, Now: time.Now,
		Getenv: func(name string) string { return map[string]string{"HOME": t.TempDir()}[name] },
	}
	code := cli.Run(t.Context(), w, clitest.Tree(w, NewCommand), []string{"verify", "--secret", "correct horse", "--now", "1790000000"})
	assert.Zero(t, code)
	assert.Contains(t, errs.String(), "ctrl+d")
	assert.Contains(t, out.String(), "verified")
}
