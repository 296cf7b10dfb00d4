package natstarget

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/nats-io/nats.go"

	"github.com/up42/up42-webhooks/receiver/outfile"
)

// seed matches the seed of an nkey of a user.
var seed = regexp.MustCompile(`^SU[A-Z2-7]{56}$`)

// access reads a file with credentials: what nsc makes, the seed of an nkey, USER:PASS or a
// token. The error says what is wrong, and nothing of what is in the file.
func access(file string) (nats.Option, error) {
	if file == "" {
		return nil, nil
	}
	content, err := outfile.Read(file, outfile.MaxSettings)
	if err != nil {
		return nil, fmt.Errorf("--forward-creds: %w", err)
	}
	text := strings.TrimSpace(string(content))
	user, password, isLogin := strings.Cut(text, ":")
	switch {
	case strings.Contains(text, "-----BEGIN NATS USER JWT-----"):
		return nats.UserCredentials(file), nil
	case seed.MatchString(text):
		return nats.NkeyOptionFromSeed(file)
	case text == "" || strings.ContainsAny(text, "\r\n\x00"):
	case isLogin && user != "" && password != "":
		return nats.UserInfo(user, password), nil
	case !isLogin && !strings.Contains(text, " "):
		return nats.Token(text), nil
	}
	return nil, fmt.Errorf("--forward-creds: %s has no credentials of NATS: want a file as nsc makes it (.creds), or one line: the seed of an nkey, USER:PASS or a token", file)
}
