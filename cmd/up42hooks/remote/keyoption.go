package remote

import (
	"crypto/rsa"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/up42/up42-webhooks/receiver/filter/nearest"
	"github.com/up42/up42-webhooks/receiver/safe"
)

// bitsOfRSA is the length of a key of RSA, 0 for other keys.
func bitsOfRSA(k ssh.PublicKey) int {
	c, ok := k.(ssh.CryptoPublicKey)
	if !ok {
		return 0
	}
	if p, ok := c.CryptoPublicKey().(*rsa.PublicKey); ok {
		return p.N.BitLen()
	}
	return 0
}

// option is one option of a line.
type option struct {
	name, value string
	hasValue    bool
}

// cutOptions separates the options of a line from what follows. A value may be in quotes, in which
// \" is a quote.
func cutOptions(line string) (all []option, rest string, err error) {
	quoted, start, end := false, 0, -1
	var parts []string
scan:
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\\' && quoted && i+1 < len(line) && line[i+1] == '"':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == ',':
			parts, start = append(parts, line[start:i]), i+1
		case c == ' ' || c == '\t':
			end = i
			break scan
		}
	}
	if quoted {
		return nil, "", errors.New("a quote is not closed in the options")
	}
	if end < 0 {
		end = len(line)
	}
	for _, part := range append(parts, line[start:end]) {
		if part == "" {
			return nil, "", errors.New("an option is missing beside a comma: remove the comma")
		}
		o, err := parseOption(part)
		if err != nil {
			return nil, "", err
		}
		all = append(all, o)
	}
	return all, strings.TrimLeft(line[end:], " \t"), nil
}

// parseOption reads NAME, NAME=VALUE or NAME="VALUE".
func parseOption(text string) (o option, err error) {
	name, value, has := strings.Cut(text, "=")
	o = option{strings.ToLower(name), value, has}
	if strings.HasPrefix(value, `"`) {
		if len(value) < 2 || !strings.HasSuffix(value, `"`) {
			return o, fmt.Errorf("option %s: text follows the quoted value", quoted(name))
		}
		o.value = strings.ReplaceAll(value[1:len(value)-1], `\"`, `"`)
	} else if strings.Contains(value, `"`) {
		return o, fmt.Errorf("option %s: a quote in the middle of the value", quoted(name))
	}
	return o, nil
}

// refusedOptions are options of OpenSSH that this server does not have, with the reason.
var refusedOptions = map[string]string{
	"command":                  "no forced commands are run here: remove the option; the commands of role=viewer only read",
	"environment":              "sessions have no environment here: remove it",
	"cert-authority":           "certificates are not accepted here: put the key of each user on a line",
	"principals":               "certificates are not accepted here: put the key of each user on a line",
	"verify-required":          "it can't be checked here that a PIN was asked: use another key",
	"no-touch-required":        "a key that wants a touch always gets one here: remove it",
	"permitopen":               "nothing is forwarded here: remove it",
	"permitlisten":             "nothing is forwarded here: remove it",
	"tunnel":                   "there are no tunnels here: remove it",
	"agent-forwarding":         "no agent is forwarded here: remove it",
	"port-forwarding":          "no port is forwarded here: remove it",
	"x11-forwarding":           "X11 is not forwarded here: remove it",
	"user-rc":                  "no file of a user is run here: remove it",
	"zos-key-ring-label":       "it is not known here: remove it",
	"no-require-user-presence": "a key that wants a touch always gets one here: remove it",
}

// forbidding are the options that forbid what does not exist here anyway.
var forbidding = []string{"no-port-forwarding", "no-agent-forwarding", "no-x11-forwarding", "no-user-rc"}

// ownOptions are those that take effect.
var ownOptions = []string{"role", "from", "expiry-time", "restrict", "pty", "no-pty"}

// apply applies the options of a line in their order. None is ignored.
func (k *Key) apply(options []option) error {
	var seen []string
	for _, o := range options {
		if slices.Contains(seen, o.name) {
			return fmt.Errorf("option %s is there twice", quoted(o.name))
		}
		seen = append(seen, o.name)
		if err := k.applyOne(o); err != nil {
			return fmt.Errorf("option %s: %w", quoted(o.name), err)
		}
	}
	return nil
}

func (k *Key) applyOne(o option) (err error) {
	wantsValue := o.name == "role" || o.name == "from" || o.name == "expiry-time"
	why, refused := refusedOptions[o.name]
	switch {
	case refused:
		return errors.New(why)
	case !slices.Contains(ownOptions, o.name) && !slices.Contains(forbidding, o.name):
		return unknownOption(o.name)
	case wantsValue && o.value == "":
		return errors.New("it needs a value")
	case !wantsValue && o.hasValue:
		return errors.New("it takes no value")
	}
	switch o.name {
	case "role":
		return k.setRole(o.value)
	case "from":
		k.from, err = parseAddresses(o.value)
	case "expiry-time":
		k.expires, err = parseExpiry(o.value)
	case "restrict", "no-pty":
		k.NoTerminal = true
	case "pty":
		k.NoTerminal = false
	}
	return err
}

func (k *Key) setRole(value string) error {
	switch r := Role(value); r {
	case Viewer, Operator:
		k.Role = r
		return nil
	default:
		return fmt.Errorf("%q is no role: want %s or %s", quoted(value), Viewer, Operator)
	}
}

func unknownOption(name string) error {
	if near := nearest.Word(name, slices.Concat(ownOptions, forbidding)); near != "" {
		return fmt.Errorf("it is not known: did you mean %s?", near)
	}
	return fmt.Errorf("it is not known: want %s", strings.Join(ownOptions, ", "))
}

// parseExpiry reads YYYYMMDD, with hours and minutes, and with seconds, in local time or, with a Z,
// in UTC.
func parseExpiry(text string) (time.Time, error) {
	zone, digits := time.Local, text
	if last := len(text) - 1; text[last] == 'Z' || text[last] == 'z' {
		zone, digits = time.UTC, text[:last]
	}
	for _, layout := range []string{"20060102", "200601021504", "20060102150405"} {
		if len(digits) != len(layout) {
			continue
		}
		if t, err := time.ParseInLocation(layout, digits, zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, errors.New("want a time like 20270131, 202701311200 or 20270131120000Z")
}

// quoted is a word of the file for an error: short, and clean.
func quoted(word string) string {
	const most = 40
	return safe.Shorten(safe.Line(word), most)
}
