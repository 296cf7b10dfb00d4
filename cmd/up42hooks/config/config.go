package config

import (
	"fmt"
	"slices"
	"time"

	"github.com/spf13/pflag"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver/filter"
)

// Config is what the program was told. All of it is checked.
type Config struct {
	// Listen is the receiver's address, HOST:PORT; port 0 takes a free one.
	Listen string
	// Path is where deliveries are taken, with its leading slash.
	Path string
	// Store is the file of the event store.
	Store string
	// Keep is how long events are kept, KeepEvents how many; 0: all.
	Keep       time.Duration
	KeepEvents int64
	// Secrets are the webhooks' secrets that were given directly, SecretFile a
	// file with further ones, one a line; both may be empty.
	Secrets    []string
	SecretFile string
	// AllowUnsigned, RequireDigest, Components, MaxAge and MaxFuture are what
	// is asked of a signature. Components is nil where any list will do.
	AllowUnsigned, RequireDigest bool
	Components                   []string
	MaxAge, MaxFuture            time.Duration
	// MaxBody is the largest body that is taken, in bytes.
	MaxBody int64
	// BasicAuth is USER:PASS, "" where no password is accepted.
	BasicAuth string
	// PublicURL is where UP42 reaches the receiver; only shown.
	PublicURL string
	// Region is that of UP42; APIURL and AuthURL are "" where its own addresses
	// are to be used. Workspace is the id of the workspace, "": the account's
	// own.
	Region, APIURL, AuthURL string
	Workspace               string
	// Credentials is a file with a username and its password; Username and
	// Password, or a Token, may be given directly. All of them may be empty.
	Credentials     string
	Username        string
	Password, Token client.Secret
	// Events, Statuses, Final and Filter choose what is printed and handed on;
	// see Selection.
	Events, Statuses []string
	Final            bool
	Filter           *filter.Filter
	// ForwardTo are URLs that events are handed on to, ForwardAuth (USER:PASS)
	// and ForwardSecret what goes along; Exec is a program that runs for each.
	ForwardTo     []string
	ForwardAuth   string
	ForwardSecret client.Secret
	Exec          string
	// GiveUp is how long an event is tried; AcceptPartial and ForwardUnsigned
	// hand on what is less than trusted.
	GiveUp                         time.Duration
	AcceptPartial, ForwardUnsigned bool
	// Tunnel is NoTunnel or a tunnel program's name; TunnelWebhook keeps a
	// webhook pointed there.
	Tunnel        string
	TunnelWebhook bool
	// Filters are the expressions that the keys F1 to F4 stand for, "": none.
	Filters [4]string
	// Notify are the rules for telling people of events.
	Notify []NotifyRule
	// Admin is the address of /healthz, /readyz and /metrics, HOST:PORT; "":
	// none.
	Admin string
	// Log is the file of the dashboard's log.
	Log string
	// Theme is Auto, Dark or Light; HighContrast goes with any of them.
	Theme        string
	HighContrast bool
}

// Selection is what is printed and handed on: what passes all that was asked
// for.
func (c *Config) Selection() *filter.Filter {
	last := (*filter.Filter)(nil)
	if c.Final {
		last = filter.Finals()
	}
	return filter.And(filter.Events(c.Events...), filter.Statuses(c.Statuses...), last, c.Filter)
}

// The values of Config.Theme. Auto takes the terminal's word for it
// (COLORFGBG), else dark.
const (
	Auto  = "auto"
	Dark  = "dark"
	Light = "light"
)

// NoTunnel is the Config.Tunnel of a receiver that is reached in another way.
const NoTunnel = "none"

// Value is a setting as `config` shows it.
type Value struct {
	Name string `json:"name"`
	// Text is the value in words; of a secret setting only that it is set.
	Text string `json:"value"`
	// Origin says where it came from: a flag, a variable, a line of the file
	// or "default".
	Origin string `json:"origin"`
}

// Load works out the settings. Of flags it takes those that [AddFlags] defined
// and that were given; the others come from the remaining origins. The values
// are in the order of the documentation.
//
// Every error names the setting, where its value came from, and what is
// allowed.
func Load(flags *pflag.FlagSet, getenv func(string) string) (*Config, []Value, error) {
	file, err := readFile(getenv)
	if err != nil {
		return nil, nil, err
	}
	c := &Config{}
	values := make([]Value, 0, len(settings))
	for _, s := range settings {
		g, err := find(s, flags, getenv, file)
		if err != nil {
			return nil, nil, err
		}
		if err := s.apply(c, g); err != nil {
			return nil, nil, err
		}
		values = append(values, Value{Name: s.name, Text: s.text(g), Origin: g.origin})
	}
	return c, values, nil
}

// IsDefault says whether nobody set a setting.
func IsDefault(values []Value, name string) bool {
	i := slices.IndexFunc(values, func(v Value) bool { return v.Name == name })
	return i >= 0 && values[i].Origin == byDefault
}

// given is a setting's value, not yet looked at.
type given struct {
	values []string
	origin string
	node   *node // in the place of values
}

func find(s setting, flags *pflag.FlagSet, getenv func(string) string, file map[string]given) (given, error) {
	if f := flags.Lookup(s.name); f != nil && f.Changed {
		if v, ok := f.Value.(*flagValue); ok {
			return given{values: v.values, origin: "--" + s.name}, nil
		}
	}
	if s.env != "" {
		if v := getenv(s.env); v != "" {
			return given{values: s.split(v), origin: s.env}, nil
		}
	}
	if g, ok := file[s.name]; ok {
		return g, nil
	}
	if s.fallback == nil {
		return given{origin: byDefault}, nil
	}
	v, err := s.fallback(getenv)
	if err != nil && flags.Lookup(s.name) == nil {
		return given{origin: byDefault}, nil // the command has no use for it
	}
	if err != nil {
		return given{}, fmt.Errorf("%s: no default: %w; give --%s", s.name, err, s.name)
	}
	return given{values: []string{v}, origin: byDefault}, nil
}

const byDefault = "default"
