package config

import (
	"slices"

	"github.com/up42/up42-webhooks/cmd/up42hooks/config/node"
	"github.com/up42/up42-webhooks/receiver/notify"
)

// Email says how e-mails are sent. Server, From and To are there.
type Email struct {
	// Server is the mail server, HOST:PORT. TLS may be empty.
	Server string
	TLS    notify.Security
	CAFile string
	From   string
	To     []string
	// Without a PasswordFile the password is that of the setting smtp-password.
	Username, PasswordFile string
	// Subject and Text may be empty.
	Subject, Text string
}

var emailFields = []string{"server", "tls", "ca-file", "from", "to", "username", "password-file", "subject", "text"}

func readEmail(n node.Node) (*Email, error) {
	e := new(Email)
	if err := n.Fields(emailFields, func(name string, value node.Node) error { return e.set(name, value) }); err != nil {
		return nil, err
	}
	switch {
	case e.Server == "":
		return nil, n.Wrong("notify: email: want server: HOST:PORT, like smtp.example.com:587")
	case e.From == "" || len(e.To) == 0:
		return nil, n.Wrong("notify: email: want from: ADDRESS and to: ADDRESS")
	case e.TLS != "" && !slices.Contains(notify.Securities(), e.TLS):
		return nil, n.Wrong("notify: email: want tls: %s, %s or %s", notify.StartTLS, notify.ImplicitTLS, notify.NoTLS)
	case e.PasswordFile != "" && e.Username == "":
		return nil, n.Wrong("notify: email: password-file needs username")
	}
	return e, nil
}

// set sets the field with this name in the file.
func (e *Email) set(name string, value node.Node) (err error) {
	if name == "to" {
		e.To, err = value.Texts()
		return err
	}
	text, err := value.Text()
	switch name {
	case "server":
		e.Server = text
	case "tls":
		e.TLS = notify.Security(text)
	case "ca-file":
		e.CAFile = text
	case "from":
		e.From = text
	case "username":
		e.Username = text
	case "password-file":
		e.PasswordFile = text
	case "subject":
		e.Subject = text
	case "text":
		e.Text = text
	}
	return err
}
