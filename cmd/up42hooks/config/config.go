package config

import (
	"log/slog"
	"net/netip"
	"time"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config/keyring"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config/own"
	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/receiver/forward"
)

// Config has the checked values of all settings.
type Config struct {
	// File is the configuration file, which need not exist. It is empty if there is no
	// folder for it.
	File string
	// FileRead says that there was a configuration file.
	FileRead bool
	// Warnings say what does not work, but does not matter to the other settings.
	Warnings []string
	// Given are the secrets that were given directly, and the names of users, as they came.
	Given []Given
	// Listen is the receiver's address, HOST:PORT. Port 0 means any free port.
	Listen string
	// Path is the path that accepts deliveries. It starts with a slash.
	Path string
	// Store is the file of the event store. It is empty if there is no folder for it.
	Store string
	// Keep is how long events are kept, KeepEvents how many. 0 keeps all.
	Keep       time.Duration
	KeepEvents int64
	// Backup is a backup of the store. It is empty if none is named.
	Backup string
	// Replicated says that another program replicates the store.
	Replicated bool
	// Secrets are the webhooks' secrets. SecretFile is a file with more of them, one
	// a line. Both may be empty. An empty secret keeps its index but counts for
	// nothing.
	Secrets    []string
	SecretFile string
	// AllowUnsigned, RequireDigest, Components, MaxAge, MaxMessageAge and MaxFuture are
	// the policy for signatures. Nil Components allows any components. A negative
	// MaxFuture allows no time ahead.
	AllowUnsigned, RequireDigest bool
	Components                   []string
	MaxAge, MaxMessageAge        time.Duration
	MaxFuture                    time.Duration
	// MaxBody is the largest body that is accepted, in bytes.
	MaxBody int64
	// BodyMemory is how many bytes of large bodies are read at a time.
	BodyMemory int64
	// MaxConnections is how many connections are open at a time.
	MaxConnections int
	// TrustedProxies are believed when they name their client. It may be empty.
	TrustedProxies []netip.Prefix
	// BasicAuth is USER:PASS. If it is empty, no password is accepted.
	BasicAuth string
	// PublicURL is the receiver's URL as UP42 sees it. It may be empty.
	PublicURL string
	// Region is UP42's region. APIURL and AuthURL replace the region's addresses if
	// they are not empty.
	Region, APIURL, AuthURL string
	// ClientID is the client id of the sign-in.
	ClientID string
	// Workspace is a workspace's id. If it is empty, it is the account's own.
	Workspace string
	// Credentials is a file with a username and a password. Username, Password and
	// Token may be given directly. All of them may be empty.
	Credentials     string
	Username        string
	Password, Token client.Secret
	// Login is the login whose password is in the system's keyring. It is nil if there is
	// none, or if there are other credentials.
	Login *keyring.Login
	// Events, Statuses, Final and Filter select the events to print and forward. See
	// Selection.
	Events, Statuses []string
	Final            bool
	Filter           *filter.Filter
	// ForwardTo are the URLs that events are forwarded to, with ForwardAuth
	// (USER:PASS), a signature made with ForwardSecret, and the headers of
	// ForwardFormats. ForwardCreds is a file with credentials for those that are NATS.
	// Exec is a program that runs for each event.
	ForwardTo      []string
	ForwardAuth    string
	ForwardSecret  client.Secret
	ForwardCreds   string
	ForwardFormats []forward.Format
	Exec           string
	// ForwardOwnHost names the host of the URL in forwarded requests, whatever signatures
	// cover.
	ForwardOwnHost bool
	// GiveUp is how long the forwarder tries to deliver an event.
	GiveUp time.Duration
	// AcceptPartial and ForwardUnsigned forward events with these verdicts, too.
	AcceptPartial, ForwardUnsigned bool
	// Stream is the team's log.
	Stream Stream
	// Tunnel is NoTunnel or the name of a tunnel program. TunnelWebhook keeps a
	// webhook pointed at the tunnel.
	Tunnel        string
	TunnelWebhook bool
	// Own is what the user has set up for the screen.
	Own own.Screen
	// Filters are the expressions of the keys F1 to F4. They may be empty.
	Filters [4]string
	// Notify are the rules for notices.
	Notify []NotifyRule
	// SMTPPassword is the password for e-mails whose rule has no file with one.
	SMTPPassword client.Secret
	// Admin is the address of /healthz, /readyz and /metrics, HOST:PORT. If it is
	// empty, they are off.
	Admin string
	// SSH is the address on which the dashboard is served over SSH, HOST:PORT. If it is empty, that is
	// off. SSHKeys is the file with the keys of those who may look.
	SSH, SSHKeys string
	// Log is the file of the dashboard's log. It is empty if there is no folder for it.
	Log string
	// LogFormat is LogText or LogJSON, LogLevel the least level that is logged.
	LogFormat string
	LogLevel  slog.Level
	// Console is the URL of an order in UP42's console, with {id} for its id. It may be empty.
	Console string
	// Theme is Auto or the name of a theme. HighContrast changes each of them.
	Theme        string
	HighContrast bool
	// NoMotion: what has just changed does not glow.
	NoMotion bool
	// NoMouse: the terminal keeps the mouse.
	NoMouse bool
	// Color is one of cli.Colors.
	Color string
}

// Given is a value of a setting as it came. It may be a secret.
type Given struct {
	// Setting is the name of the setting, Origin where the value came from.
	Setting, Origin string
	Values          []string
	// File is the file that has the value, if a variable names it.
	File string
	// LineEnd says that the text had a line end after it, which does not count.
	LineEnd bool
}

// Auto is the value of Config.Theme that uses the environment variable COLORFGBG. See
// theme.Names for the others.
const Auto = "auto"

// NoTunnel is the value of Config.Tunnel without a tunnel.
const NoTunnel = "none"

// Selection returns the filter of the events to print and forward. An event must
// match all settings that select events.
func (c *Config) Selection() *filter.Filter {
	var final *filter.Filter
	if c.Final {
		final = filter.Finals()
	}
	return filter.And(filter.Events(c.Events...), filter.Statuses(c.Statuses...), final, c.Filter)
}
