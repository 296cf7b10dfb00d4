package config

import (
	"log/slog"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config/node"
	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/receiver/forward"
	"github.com/up42/up42-webhooks/receiver/safe"
	"github.com/up42/up42-webhooks/receiver/tunnel"
	"github.com/up42/up42-webhooks/tui/theme"
)

// ofRegion is shown if an address of UP42 is not set.
const ofRegion = "the region's"

// settings are all settings, in the order of the documentation.
var settings = []setting{
	{
		name: "config", subject: cli.Log, arg: "FILE", usage: "configuration file; it must exist if it is named", noKey: true,
		fallbackOf: defaultFile, fallbackHelp: described(configHome, "config.yaml"),
		set: single(func(c *Config) *string { return &c.File }, parseFile),
	},
	{
		name: "listen", subject: cli.Receiver, arg: "ADDR", usage: "address to receive deliveries on",
		fallback: "127.0.0.1:9888",
		set:      single(func(c *Config) *string { return &c.Listen }, parseAddress),
	},
	{
		name: "path", subject: cli.Receiver, arg: "PATH", usage: "path that accepts deliveries",
		fallback: "/receive-webhooks",
		set:      single(func(c *Config) *string { return &c.Path }, parsePath),
	},
	{
		name: "store", subject: cli.Store, arg: "FILE", usage: "file of the event store",
		fallbackOf: stateFile("events.db"), fallbackHelp: described(stateHome, "events.db"),
		set: single(func(c *Config) *string { return &c.Store }, parseFile),
	},
	{
		name: "keep", subject: cli.Store, arg: "DURATION", usage: "how long events are kept, e.g. 90d", unset: "for good",
		set: single(func(c *Config) *time.Duration { return &c.Keep }, parseDays),
	},
	{
		name: "keep-events", subject: cli.Store, arg: "NUMBER", usage: "how many events are kept, the newest ones", unset: "all",
		set: single(func(c *Config) *int64 { return &c.KeepEvents }, parseCount),
	},
	{
		name: "backup", subject: cli.Store, arg: "FILE", usage: "backup of the store, which doctor checks",
		set: single(func(c *Config) *string { return &c.Backup }, parseFile),
	},
	boolean(cli.Store, "replicated", "another program, such as Litestream, replicates the store and copies its write-ahead log", func(c *Config) *bool { return &c.Replicated }),
	{
		name: "secret", subject: cli.Verification, older: "UP42_WEBHOOK_SECRET", arg: "SECRET", secret: true, list: true, separate: lines,
		usage: "secret of a webhook, may be repeated; other users of the machine can see flags, so prefer the variable or --secret-file",
		set:   several(func(c *Config) *[]string { return &c.Secrets }, parseSecrets),
	},
	{
		name: "secret-file", subject: cli.Verification, older: "UP42_WEBHOOK_SECRET_FILE", arg: "FILE", usage: "file with more secrets, one a line",
		set: single(func(c *Config) *string { return &c.SecretFile }, parseFile),
	},
	boolean(cli.Verification, "allow-unsigned", "accept deliveries without a signature, marked as unsigned", func(c *Config) *bool { return &c.AllowUnsigned }),
	boolean(cli.Verification, "require-digest", "reject a signature that does not cover the body", func(c *Config) *bool { return &c.RequireDigest }),
	{
		name: "components", subject: cli.Verification, arg: "NAMES", list: true, separate: commas,
		usage: "headers that a signature must cover, exactly these in this order; any by default",
		set:   several(func(c *Config) *[]string { return &c.Components }, parseComponents),
	},
	{
		name: "max-age", subject: cli.Verification, arg: "DURATION", usage: "oldest signature that is accepted", fallback: "5m",
		set: single(func(c *Config) *time.Duration { return &c.MaxAge }, parseDuration),
	},
	{
		name: "max-message-age", subject: cli.Verification, arg: "DURATION", usage: "how far the body's timestamp may be from now if no date is signed; else the event is partial", fallback: "24h",
		set: single(func(c *Config) *time.Duration { return &c.MaxMessageAge }, parseDays),
	},
	{
		name: "max-future", subject: cli.Verification, arg: "DURATION", usage: "how far a signature's time may be ahead; an event whose timestamp is further ahead is ordered by its arrival", fallback: "60s",
		set: single(func(c *Config) *time.Duration { return &c.MaxFuture }, parseMaxFuture),
	},
	{
		name: "max-body", subject: cli.Receiver, arg: "SIZE", usage: "largest body that is accepted", fallback: "1MiB",
		set: single(func(c *Config) *int64 { return &c.MaxBody }, parseBodySize),
	},
	{
		name: "body-memory", subject: cli.Receiver, arg: "SIZE", usage: "memory for bodies over 8 KiB that are read at a time; at least --max-body", fallback: "16MiB",
		set: single(func(c *Config) *int64 { return &c.BodyMemory }, parseBodyMemory),
	},
	{
		name: "max-connections", subject: cli.Receiver, arg: "NUMBER", usage: "how many connections are open at a time (the dashboard: 32, unless this is set); at this limit idle ones give way", fallback: "512",
		set: single(func(c *Config) *int { return &c.MaxConnections }, parseConnections),
	},
	{
		name: "trusted-proxy", subject: cli.Receiver, arg: "CIDR", list: true, separate: commas,
		usage: "proxies that are believed when X-Forwarded-For or Forwarded names their client, e.g. 127.0.0.1 or 10.0.0.0/8",
		set:   several(func(c *Config) *[]netip.Prefix { return &c.TrustedProxies }, parseProxies),
	},
	{
		name: "basic-auth", subject: cli.Verification, arg: "USER:PASS", secret: true,
		usage: "accept deliveries that come with this password; prefer the variable, flags are visible to others",
		set:   single(func(c *Config) *string { return &c.BasicAuth }, parseUserPass),
	},
	{
		name: "public-url", subject: cli.Receiver, arg: "URL", private: true,
		usage: "where UP42 reaches the receiver, for display and checks",
		set:   single(func(c *Config) *string { return &c.PublicURL }, parseWebURL),
	},
	{
		name: "events", subject: cli.Selection, arg: "NAMES", list: true, separate: commas, unset: "all",
		usage:    "only events with these names, e.g. order.status; all are stored",
		complete: cli.CompleteList(filter.Event.Values()),
		set:      several(func(c *Config) *[]string { return &c.Events }, asIs),
	},
	{
		name: "statuses", subject: cli.Selection, arg: "STATUSES", list: true, separate: commas, unset: "all",
		usage:    "only these statuses, e.g. FULFILLED,FAILED_PERMANENTLY",
		complete: cli.CompleteList(filter.Status.Values()),
		set:      several(func(c *Config) *[]string { return &c.Statuses }, asIs),
	},
	boolean(cli.Selection, "final", "only the last event of an order or a job", func(c *Config) *bool { return &c.Final }),
	{
		name: "filter", subject: cli.Selection, arg: "EXPR", unset: "all",
		usage:    "only what matches, e.g. 'is:failed kind:order'",
		complete: cli.CompleteFilter(),
		set:      single(func(c *Config) **filter.Filter { return &c.Filter }, parseFilter),
	},
	{
		name: "forward-to", subject: cli.Forwarding, arg: "URL", list: true, separate: urls, private: true, shownAs: safe.Name, hides: safe.Hides,
		usage: "forward events to this URL (https://, http://, nats://, tls:// or postgres://), may be repeated",
		set:   several(func(c *Config) *[]string { return &c.ForwardTo }, parseForwardURLs),
	},
	{
		name: "forward-auth", subject: cli.Forwarding, arg: "USER:PASS", secret: true, noFlag: true,
		usage: "basic authentication for the forward targets, USER:PASS",
		set:   single(func(c *Config) *string { return &c.ForwardAuth }, parseUserPass),
	},
	{
		name: "forward-secret", subject: cli.Forwarding, secret: true, noFlag: true,
		usage: "secret with which forwarded events are signed",
		set:   single(func(c *Config) *client.Secret { return &c.ForwardSecret }, parseSecret),
	},
	{
		name: "forward-creds", subject: cli.Forwarding, arg: "FILE",
		usage: "file with the credentials for nats:// targets: as nsc makes it, the seed of an nkey, USER:PASS or a token",
		set:   single(func(c *Config) *string { return &c.ForwardCreds }, parseFile),
	},
	{
		name: "forward-format", subject: cli.Forwarding, arg: "FORMATS", list: true, separate: commas, choices: forward.Formats(), fallback: string(forward.Plain),
		usage:    "headers that forwarded events have in addition: plain (none), " + strings.Join(forward.Formats()[1:], ", "),
		complete: cli.CompleteList(forward.Formats()),
		set:      several(func(c *Config) *[]forward.Format { return &c.ForwardFormats }, parseFormats),
	},
	boolean(cli.Forwarding, "forward-own-host", "name the target's own host in forwarded requests, even if signatures cover the host that UP42 named", func(c *Config) *bool { return &c.ForwardOwnHost }),
	{
		name: "exec", subject: cli.Forwarding, arg: "PROGRAM", usage: "run this program for each event: no shell, the event as JSON on stdin",
		set: single(func(c *Config) *string { return &c.Exec }, parseNonEmpty),
	},
	{
		name: "give-up", subject: cli.Forwarding, arg: "DURATION", usage: "how long to try to forward an event", fallback: "24h",
		set: single(func(c *Config) *time.Duration { return &c.GiveUp }, parseDays),
	},
	boolean(cli.Forwarding, "accept-partial", "also forward partial events", func(c *Config) *bool { return &c.AcceptPartial }),
	boolean(cli.Forwarding, "forward-unsigned", "also forward unsigned events; needs --allow-unsigned", func(c *Config) *bool { return &c.ForwardUnsigned }),
	{
		name: "stream", subject: cli.Team, arg: "URL", list: true, separate: commas, private: true,
		usage: "share events with a team by this server of NATS (nats:// or tls://), may be repeated, see [A team](#a-team)",
		set:   several(func(c *Config) *[]string { return &c.Stream.Servers }, parseServers),
	},
	{
		name: "stream-ack", subject: cli.Team, choices: []string{AckLocal, AckTeam}, fallback: AckLocal,
		usage: "when UP42 is answered: local, when the event is in the own store; team, when it is in the stream as well",
		set:   single(func(c *Config) *string { return &c.Stream.Ack }, asIs),
	},
	{
		name: "stream-name", subject: cli.Team, arg: "NAME", usage: "name of the stream, which is made if it is missing", fallback: "UP42",
		set: single(func(c *Config) *string { return &c.Stream.Name }, parseStreamName),
	},
	{
		name: "stream-replicas", subject: cli.Team, arg: "NUMBER", usage: "how many servers keep the stream", unset: "1 for a new stream",
		set: single(func(c *Config) *int { return &c.Stream.Replicas }, parseReplicas),
	},
	{
		name: "stream-keep", subject: cli.Team, arg: "DURATION", usage: "how long the stream keeps an event, e.g. 90d", unset: "for good in a new stream",
		set: single(func(c *Config) *time.Duration { return &c.Stream.Keep }, parseDays),
	},
	{
		name: "stream-member", subject: cli.Team, arg: "NAME", usage: "name of this member of the team", unset: "the name of the machine",
		set: single(func(c *Config) *string { return &c.Stream.Member }, parseMember),
	},
	{
		name: "stream-creds", subject: cli.Team, arg: "FILE", usage: "file with the credentials for the servers, as nsc makes it",
		set: single(func(c *Config) *string { return &c.Stream.Creds }, parseFile),
	},
	{
		name: "stream-nkey", subject: cli.Team, arg: "FILE", usage: "file with the seed of an nkey for the servers",
		set: single(func(c *Config) *string { return &c.Stream.NKey }, parseFile),
	},
	{
		name: "stream-login", subject: cli.Team, arg: "FILE", usage: "file with USER:PASS for the servers",
		set: single(func(c *Config) *string { return &c.Stream.Login }, parseFile),
	},
	{
		name: "stream-ca", subject: cli.Team, arg: "FILE", usage: "file with the certificates of the authority that signs those of the servers",
		set: single(func(c *Config) *string { return &c.Stream.CA }, parseFile),
	},
	{
		name: "stream-cert", subject: cli.Team, arg: "FILE", usage: "file with a certificate for the servers; needs --stream-key",
		set: single(func(c *Config) *string { return &c.Stream.Cert }, parseFile),
	},
	{
		name: "stream-key", subject: cli.Team, arg: "FILE", usage: "file with the key of --stream-cert",
		set: single(func(c *Config) *string { return &c.Stream.Key }, parseFile),
	},
	{
		name: "tunnel", subject: cli.Tunnel, choices: tunnels(), usage: "make the receiver reachable through this program, which must be installed",
		fallback: NoTunnel,
		set:      single(func(c *Config) *string { return &c.Tunnel }, asIs),
	},
	boolean(cli.Tunnel, "tunnel-webhook", "keep a webhook at UP42 pointed at the tunnel while it runs; needs credentials", func(c *Config) *bool { return &c.TunnelWebhook }),
	{
		name: "region", subject: cli.Account, choices: []string{client.Europe, client.SaudiArabia}, usage: "UP42's region",
		fallback: client.Europe,
		set:      single(func(c *Config) *string { return &c.Region }, asIs),
	},
	{
		name: "api-url", subject: cli.Account, arg: "URL", usage: "UP42's API, instead of the region's",
		unset: ofRegion, private: true,
		set: single(func(c *Config) *string { return &c.APIURL }, parseBaseURL),
	},
	{
		name: "auth-url", subject: cli.Account, arg: "URL", usage: "UP42's sign-in, instead of the region's",
		unset: ofRegion, private: true,
		set: single(func(c *Config) *string { return &c.AuthURL }, parseBaseURL),
	},
	{
		name: "client-id", subject: cli.Account, arg: "ID", usage: "client id with which to sign in to UP42",
		fallback: client.DefaultClientID,
		set:      single(func(c *Config) *string { return &c.ClientID }, parseClientID),
	},
	{
		name: "workspace", subject: cli.Account, older: "UP42_WORKSPACE_ID", arg: "ID", usage: "id of a workspace at UP42 (default: the account's own)",
		unset: "the account's own",
		set:   single(func(c *Config) *string { return &c.Workspace }, parseWorkspace),
	},
	{
		name: "credentials", subject: cli.Account, arg: "FILE",
		usage: "file with username and password, as UP42's SDK has it; or set UP42_USERNAME and UP42_PASSWORD, or UP42_TOKEN, or run up42hooks login",
		set:   single(func(c *Config) *string { return &c.Credentials }, parseFile),
	},
	{
		name: "username", subject: cli.Account, noFlag: true, usage: "username at UP42, needs a password",
		set: single(func(c *Config) *string { return &c.Username }, parseNonEmpty),
	},
	{
		name: "password", subject: cli.Account, noFlag: true, secret: true, usage: "password at UP42",
		set: single(func(c *Config) *client.Secret { return &c.Password }, parseSecret),
	},
	{
		name: "token", subject: cli.Account, noFlag: true, secret: true, usage: "access token of UP42, instead of username and password",
		set: single(func(c *Config) *client.Secret { return &c.Token }, parseToken),
	},
	{
		name: "filters", subject: cli.Screen, noFlag: true, usage: "filters of the keys F1 to F4, see [Filters](#filters)",
		structure: savedFilters,
	},
	{
		name: "keys", subject: cli.Screen, noFlag: true, usage: "keys of your own for actions of the screen, see [Your own screen](#your-own-screen)",
		structure: func(c *Config, n node.Node) error { return c.Own.ReadKeys(n) },
	},
	{
		name: "commands", subject: cli.Screen, noFlag: true, usage: "programs of your own on keys, see [Your own screen](#your-own-screen)",
		structure: func(c *Config, n node.Node) error { return c.Own.ReadCommands(n) },
	},
	{
		name: "columns", subject: cli.Screen, noFlag: true, usage: "columns of the lists, see [Your own screen](#your-own-screen)",
		structure: func(c *Config, n node.Node) error { return c.Own.ReadColumns(n) },
	},
	{
		name: "notify", subject: cli.Notices, noFlag: true, usage: "rules for notices, see [Notices](#notices)",
		structure: notifyRules,
		secretIn: func(c *Config) bool {
			return slices.ContainsFunc(c.Notify, func(r NotifyRule) bool { return r.URL != "" })
		},
	},
	{
		name: "smtp-password", subject: cli.Notices, noFlag: true, secret: true, usage: "password for notices by e-mail, unless their rule has a file with one",
		set: single(func(c *Config) *client.Secret { return &c.SMTPPassword }, parseSecret),
	},
	{
		name: "admin", subject: cli.Receiver, arg: "ADDR", usage: "address for /healthz, /readyz and /metrics, open to all who reach it; off by default",
		set: single(func(c *Config) *string { return &c.Admin }, parseAddress),
	},
	{
		name: "ssh", subject: cli.Screen, arg: "ADDR", usage: "address to serve the dashboard over SSH, e.g. :2222, see [Over SSH](#over-ssh); off by default",
		set: single(func(c *Config) *string { return &c.SSH }, parseSSHAddress),
	},
	{
		name: "ssh-keys", subject: cli.Screen, arg: "FILE", usage: "public keys of those who may look over SSH, in the format of authorized_keys, with role=viewer or role=operator",
		set: single(func(c *Config) *string { return &c.SSHKeys }, parseFile),
	},
	{
		name: "log", subject: cli.Log, arg: "FILE", usage: "file of the dashboard's log; without a dashboard the log goes to stderr",
		fallbackOf: stateFile("up42hooks.log"), fallbackHelp: described(stateHome, "up42hooks.log"),
		set: single(func(c *Config) *string { return &c.Log }, parseFile),
	},
	{
		name: "log-format", subject: cli.Log, choices: []string{LogText, LogJSON}, usage: "form of the log, of the receiver and of the dashboard", fallback: LogText,
		set: single(func(c *Config) *string { return &c.LogFormat }, asIs),
	},
	{
		name: "log-level", subject: cli.Log, choices: []string{"debug", "info", "warn", "error"}, usage: "least level that is logged", fallback: "info",
		set: single(func(c *Config) *slog.Level { return &c.LogLevel }, parseLevel),
	},
	{
		name: "console-url", subject: cli.Screen, arg: "URL", private: true,
		usage: "an order's page in UP42's console, with {id} for its id; the key o opens it",
		set:   single(func(c *Config) *string { return &c.Console }, parseConsoleURL),
	},
	{
		name: "themes", subject: cli.Screen, noFlag: true, usage: "themes of your own, see [Your own screen](#your-own-screen)",
		structure: func(c *Config, n node.Node) error { return c.Own.ReadThemes(n, Auto) },
	},
	{ // after the themes of the user's own, which it may name
		name: "theme", subject: cli.Screen, arg: "NAME", usage: "colours of the screen: auto, " + strings.Join(theme.Names(), ", ") + ", or one of yours", fallback: Auto,
		complete: cli.CompleteOne(append([]string{Auto}, theme.Names()...)), set: chooseTheme,
	},
	{
		name: "color", subject: cli.Screen, choices: cli.Colors(), usage: "when to use colours: auto, on terminals unless NO_COLOR is set", fallback: cli.AutoColor,
		set: single(func(c *Config) *string { return &c.Color }, asIs),
	},
	boolean(cli.Screen, "high-contrast", "use strong colours only", func(c *Config) *bool { return &c.HighContrast }),
	boolean(cli.Screen, "no-motion", "do not let glow what has just changed", func(c *Config) *bool { return &c.NoMotion }),
	boolean(cli.Screen, "no-mouse", "leave the mouse to the terminal", func(c *Config) *bool { return &c.NoMouse }),
}

// Names returns the names of all settings, in the order of the documentation.
func Names() []string {
	out := make([]string, len(settings))
	for i, s := range settings {
		out[i] = s.name
	}
	return out
}

func lookup(name string) (setting, bool) {
	for _, s := range settings {
		if s.name == name {
			return s, true
		}
	}
	return setting{}, false
}

func tunnels() []string {
	out := []string{NoTunnel}
	for _, p := range tunnel.Programs() {
		out = append(out, string(p))
	}
	return out
}

// stateFile makes the default of a file in the state folder.
func stateFile(name string) func(getenv func(string) string) (string, error) {
	return func(getenv func(string) string) (string, error) {
		dir, err := StateFolder(getenv)
		return filepath.Join(dir, name), err
	}
}
