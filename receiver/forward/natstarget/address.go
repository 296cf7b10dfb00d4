package natstarget

import (
	"errors"
	"net/url"
	"strings"
	"unicode"
)

// address is what a URL says.
type address struct {
	servers string // as the client of NATS takes them
	subject string
}

var errAddress = errors.New("want a URL like nats://nats.example.com:4222/up42.events, with the subject behind the slash; several servers are separated by commas")

// parseAddress reads nats://HOST:PORT/SUBJECT, or tls://, with one or several servers.
func parseAddress(raw string) (a address, err error) {
	u, err := url.Parse(raw)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "nats" && u.Scheme != "tls" || u.RawQuery != "" || u.Fragment != "":
		return a, errAddress
	case u.User != nil:
		return a, errors.New("the URL must not have a password in it, because others could see it: write USER:PASS into a file, and name it in --forward-creds")
	}
	a.subject = strings.TrimPrefix(u.Path, "/")
	if err := checkSubject(a.subject); err != nil {
		return a, err
	}
	var servers []string
	for host := range strings.SplitSeq(u.Host, ",") {
		if host == "" {
			return a, errAddress
		}
		servers = append(servers, u.Scheme+"://"+host)
	}
	a.servers = strings.Join(servers, ",")
	return a, nil
}

// checkSubject checks a subject to which events can be published.
func checkSubject(subject string) error {
	if subject == "" {
		return errAddress
	}
	if strings.ContainsFunc(subject, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || r == unicode.ReplacementChar }) {
		return errors.New("the subject has white space or control characters: want one like up42.events")
	}
	for token := range strings.SplitSeq(subject, ".") {
		switch token {
		case "":
			return errors.New("the subject has a dot at an end, or two in a row: want one like up42.events")
		case "*", ">":
			return errors.New("nothing can be published to a subject with * or >: want one like up42.events")
		}
	}
	if strings.HasPrefix(subject, "$") || strings.HasPrefix(subject, "_INBOX.") {
		return errors.New("the subject belongs to the server: want one like up42.events")
	}
	return nil
}
