package client

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/up42/up42-webhooks/receiver/outfile"
)

// Credentials are a username and a password, or a token. A Client does not renew a token.
type Credentials struct {
	Username string
	Password Secret
	Token    Secret
}

// ReadCredentials reads a credentials file of UP42's SDK: {"username": …, "password": …}. Its
// errors have nothing of the content.
func ReadCredentials(file string) (Credentials, error) {
	text, err := outfile.Read(file, outfile.MaxSettings)
	if err != nil {
		return Credentials{}, fmt.Errorf("read the credentials: %w", err)
	}
	var in struct {
		Username string `json:"username"`
		Password string `json:"password"`
	}
	text = bytes.TrimPrefix(text, []byte("\uFEFF"))
	if json.Unmarshal(text, &in) != nil || in.Username == "" || in.Password == "" {
		return Credentials{}, fmt.Errorf(`read the credentials: %s: want {"username": "…", "password": "…"}`, file)
	}
	return Credentials{Username: in.Username, Password: Secret(in.Password)}, nil
}

func (c Credentials) check() error {
	switch {
	case strings.ContainsFunc(c.Token.Reveal(), func(r rune) bool { return r <= ' ' || r > '~' }):
		return errors.New("the token for UP42 has a space, a line end or another character that tokens don't have")
	case c.Token != "":
		return nil
	case c.Username == "" && c.Password == "":
		return errors.New("no credentials for UP42")
	case c.Username == "" || c.Password == "":
		return errors.New("a username needs its password, and a password its username")
	default:
		return nil
	}
}
