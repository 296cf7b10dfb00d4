package config

import (
	"path/filepath"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/receiver/filter"
)

// regional is what holds where no address of UP42 is configured.
const regional = "the region's"

// settings are all settings, in the order in which they are documented.
var settings = []setting{
	{
		name: "listen", env: "UP42_LISTEN", arg: "ADDR", usage: "address to receive deliveries on",
		fallback: text("127.0.0.1:9888"), shown: "127.0.0.1:9888",
		set: one(func(c *Config) *string { return &c.Listen }, address),
	},
	{
		name: "path", arg: "PATH", usage: "path that takes deliveries",
		fallback: text("/receive-webhooks"), shown: "/receive-webhooks",
		set: one(func(c *Config) *string { return &c.Path }, path),
	},
	{
		name: "store", env: "UP42_STORE", arg: "FILE", usage: "file of the event store",
		fallback: storeFile, shown: "$XDG_STATE_HOME/up42hooks/events.db",
		set: one(func(c *Config) *string { return &c.Store }, file),
	},
	{
		name: "keep", arg: "DURATION", usage: "how long events are kept, e.g. 90d", absent: "for good",
		set: one(func(c *Config) *duration { return (*duration)(&c.Keep) }, days),
	},
	{
		name: "keep-events", arg: "NUMBER", usage: "how many events are kept, the newest", absent: "all",
		set: one(func(c *Config) *int64 { return &c.KeepEvents }, count),
	},
	{
		name: "secret", env: "UP42_WEBHOOK_SECRET", arg: "SECRET", secret: true, many: true,
		usage: "secret of a webhook, may be repeated; other users of the machine can see flags, so prefer the variable or --secret-file",
		set:   func(c *Config, values []string) error { c.Secrets = blanked(values); return nil },
	},
	{
		name: "secret-file", arg: "FILE", usage: "file with further secrets, one a line",
		set: one(func(c *Config) *string { return &c.SecretFile }, file),
	},
	{
		name: "allow-unsigned", boolean: true, usage: "take deliveries without a signature, marked as such",
		fallback: text("false"),
		set:      one(func(c *Config) *bool { return &c.AllowUnsigned }, boolean),
	},
	{
		name: "require-digest", boolean: true, usage: "reject a signature that does not vouch for the body",
		fallback: text("false"),
		set:      one(func(c *Config) *bool { return &c.RequireDigest }, boolean),
	},
	{
		name: "components", arg: "NAMES", many: true, comma: true,
		usage: "headers that a signature must cover, exactly these in this order; none: any",
		set:   components,
	},
	{
		name: "max-age", arg: "DURATION", usage: "oldest signature that is accepted",
		fallback: text("5m"), shown: "5m",
		set: one(func(c *Config) *duration { return (*duration)(&c.MaxAge) }, positive),
	},
	{
		name: "max-future", arg: "DURATION", usage: "how far a signature's clock may be ahead",
		fallback: text("60s"), shown: "60s",
		set: one(func(c *Config) *duration { return (*duration)(&c.MaxFuture) }, ahead),
	},
	{
		name: "max-body", arg: "SIZE", usage: "largest body that is accepted",
		fallback: text("1MiB"), shown: "1MiB",
		set: one(func(c *Config) *int64 { return &c.MaxBody }, size),
	},
	{
		name: "basic-auth", env: "UP42_BASIC_AUTH", arg: "USER:PASS", secret: true,
		usage: "accept deliveries that come with this password; prefer the variable, flags are visible to others",
		set:   one(func(c *Config) *string { return &c.BasicAuth }, userPass),
	},
	{
		name: "public-url", env: "UP42_PUBLIC_URL", arg: "URL", usage: "where UP42 reaches the receiver, to be shown",
		discreet: true,
		set:      one(func(c *Config) *string { return &c.PublicURL }, webURL),
	},
	{
		name: "events", arg: "NAMES", many: true, comma: true, absent: "all",
		usage: "only events of these names are printed and handed on, e.g. order.status; all are stored",
		set:   func(c *Config, values []string) error { c.Events = values; return nil },
	},
	{
		name: "statuses", arg: "STATUSES", many: true, comma: true, absent: "all",
		usage: "only these statuses are printed and handed on, e.g. FULFILLED,FAILED_PERMANENTLY",
		set:   func(c *Config, values []string) error { c.Statuses = values; return nil },
	},
	{
		name: "final", boolean: true, usage: "only the last event of an order or a job is printed and handed on",
		fallback: text("false"),
		set:      one(func(c *Config) *bool { return &c.Final }, boolean),
	},
	{
		name: "filter", arg: "EXPR", absent: "all",
		usage: "only what matches is printed and handed on, e.g. 'status:FAILED kind:order'",
		set:   one(func(c *Config) **filter.Filter { return &c.Filter }, expression),
	},
	{
		name: "forward-to", arg: "URL", many: true, discreet: true,
		usage: "hand events on to this URL, may be repeated",
		set:   forwardURLs,
	},
	{
		name: "forward-auth", env: "UP42_FORWARD_AUTH", arg: "USER:PASS", secret: true, noFlag: true,
		set: one(func(c *Config) *string { return &c.ForwardAuth }, userPass),
	},
	{
		name: "forward-secret", env: "UP42_FORWARD_SECRET", secret: true, noFlag: true,
		set: one(func(c *Config) *client.Secret { return &c.ForwardSecret }, secretText),
	},
	{
		name: "exec", arg: "PROGRAM", usage: "run this program for each event: no shell, the event as JSON on stdin",
		set: one(func(c *Config) *string { return &c.Exec }, present),
	},
	{
		name: "give-up", arg: "DURATION", usage: "how long an event is tried to be handed on",
		fallback: text("24h"), shown: "24h",
		set: one(func(c *Config) *duration { return (*duration)(&c.GiveUp) }, days),
	},
	{
		name: "accept-partial", boolean: true, usage: "hand on what is partial as well",
		fallback: text("false"),
		set:      one(func(c *Config) *bool { return &c.AcceptPartial }, boolean),
	},
	{
		name: "forward-unsigned", boolean: true, usage: "hand on what is unsigned as well; needs --allow-unsigned",
		fallback: text("false"),
		set:      one(func(c *Config) *bool { return &c.ForwardUnsigned }, boolean),
	},
	{
		name: "tunnel", arg: "none|cloudflared|ngrok", usage: "make the receiver reachable through this program, which is installed here",
		fallback: text(NoTunnel), shown: NoTunnel,
		set: one(func(c *Config) *string { return &c.Tunnel }, tunnelProgram),
	},
	{
		name: "tunnel-webhook", boolean: true, usage: "keep a webhook at UP42 pointed at the tunnel, for as long as it runs; needs credentials",
		fallback: text("false"),
		set:      one(func(c *Config) *bool { return &c.TunnelWebhook }, boolean),
	},
	{
		name: "region", env: "UP42_REGION", arg: "eu|sa", usage: "UP42's region",
		fallback: text(client.Europe), shown: client.Europe,
		set: one(func(c *Config) *string { return &c.Region }, region),
	},
	{
		name: "api-url", env: "UP42_API_URL", arg: "URL", usage: "UP42's API, in the place of the region's",
		absent: regional, discreet: true,
		set: one(func(c *Config) *string { return &c.APIURL }, baseURL),
	},
	{
		name: "auth-url", env: "UP42_AUTH_URL", arg: "URL", usage: "UP42's sign-in, in the place of the region's",
		absent: regional, discreet: true,
		set: one(func(c *Config) *string { return &c.AuthURL }, baseURL),
	},
	{
		name: "workspace", env: "UP42_WORKSPACE_ID", arg: "ID", usage: "workspace at UP42 (default: the account's own)",
		absent: "the account's own",
		set:    one(func(c *Config) *string { return &c.Workspace }, workspace),
	},
	{
		name: "credentials", env: "UP42_CREDENTIALS", arg: "FILE",
		usage: "file with username and password, as UP42's SDK has it; or set UP42_USERNAME and UP42_PASSWORD, or UP42_TOKEN",
		set:   one(func(c *Config) *string { return &c.Credentials }, file),
	},
	{
		name: "username", env: "UP42_USERNAME", noFlag: true,
		set: one(func(c *Config) *string { return &c.Username }, present),
	},
	{
		name: "password", env: "UP42_PASSWORD", noFlag: true, secret: true,
		set: one(func(c *Config) *client.Secret { return &c.Password }, secretText),
	},
	{
		name: "token", env: "UP42_TOKEN", noFlag: true, secret: true,
		set: one(func(c *Config) *client.Secret { return &c.Token }, token),
	},
	{
		name: "filters", noFlag: true, structure: savedFilters,
	},
	{
		name: "notify", noFlag: true, structure: notifyRules,
	},
	{
		name: "admin", arg: "ADDR", usage: "address for /healthz, /readyz and /metrics, open to all who reach it; none: off",
		set: one(func(c *Config) *string { return &c.Admin }, address),
	},
	{
		name: "log", arg: "FILE", usage: "where the dashboard's log goes; without a screen it goes to stderr",
		fallback: logFile, shown: "$XDG_STATE_HOME/up42hooks/up42hooks.log",
		set: one(func(c *Config) *string { return &c.Log }, file),
	},
	{
		name: "theme", arg: "auto|dark|light", usage: "what the terminal's background is",
		fallback: text(Auto), shown: Auto,
		set: one(func(c *Config) *string { return &c.Theme }, theme),
	},
	{
		name: "high-contrast", boolean: true, usage: "strong colours only",
		fallback: text("false"),
		set:      one(func(c *Config) *bool { return &c.HighContrast }, boolean),
	},
}

// Names are the names of all settings, in the order of the documentation.
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

func text(s string) func(func(string) string) (string, error) {
	return func(func(string) string) (string, error) { return s, nil }
}

func storeFile(getenv func(string) string) (string, error) {
	dir, err := StateFolder(getenv)
	return filepath.Join(dir, "events.db"), err
}

func logFile(getenv func(string) string) (string, error) {
	dir, err := StateFolder(getenv)
	return filepath.Join(dir, "up42hooks.log"), err
}
