package notify

import (
	"errors"
	"net/smtp"
	"slices"
	"strings"
)

// signIn returns a way to sign in that the server offers. Passwords go over connections that
// are encrypted or lead to this machine; Email has made sure of that.
func signIn(c *smtp.Client, host, username, password string) (smtp.Auth, error) {
	_, offered := c.Extension("AUTH")
	ways := strings.Fields(strings.ToUpper(offered))
	switch {
	case slices.Contains(ways, "PLAIN"):
		return smtp.PlainAuth("", username, password, host), nil
	case slices.Contains(ways, "LOGIN"):
		return &loginAuth{username, password}, nil
	case slices.Contains(ways, "CRAM-MD5"):
		return smtp.CRAMMD5Auth(username, password), nil
	default:
		return nil, errors.New("it offers no way to sign in with a password (PLAIN, LOGIN or CRAM-MD5)")
	}
}

// loginAuth is the way LOGIN, which some servers offer alone. The standard library lacks it.
type loginAuth struct{ username, password string }

func (a *loginAuth) Start(*smtp.ServerInfo) (string, []byte, error) { return "LOGIN", nil, nil }

func (a *loginAuth) Next(question []byte, more bool) ([]byte, error) {
	switch q := strings.ToLower(string(question)); {
	case !more:
		return nil, nil
	case strings.HasPrefix(q, "user"):
		return []byte(a.username), nil
	case strings.HasPrefix(q, "pass"):
		return []byte(a.password), nil
	default:
		return nil, errors.New("the server asks an unknown question")
	}
}
