package doctor

import (
	"context"
	"net/http"
	"slices"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/probe"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
	"github.com/up42/up42-webhooks/receiver/sqlite/aging"
)

// examination is one run of doctor. The checks run one after the other, and use what
// earlier ones found.
type examination struct {
	cli.Env
	// test allows to make UP42 send test events.
	test   bool
	config *config.Config
	values []config.Value
	// secrets are the usable secrets that are configured, or the generated one.
	secrets []string
	// holder is the running receiver. Nil if no receiver runs.
	holder *store.Holder
	// account is the account at UP42. Nil if there are no credentials.
	account *client.Client
	// unlisted says why the workspace's webhooks are not known. Empty if they are.
	unlisted string
	// jumps are the jumps of the clock that the store knows, oldest first.
	jumps []aging.Jump
	// hooks are the workspace's webhooks that point here.
	hooks []client.Webhook
}

func (e *examination) close() {
	if e.account != nil {
		e.account.Close()
	}
}

// address returns the address of the running receiver, or else the configured one.
func (e *examination) address() string {
	if e.holder != nil && e.holder.Address != "" {
		return e.holder.Address
	}
	return e.config.Listen
}

// request makes a request without credentials and keeps no connection. Set proxy for
// hosts other than this machine, to use the environment's proxy.
func (e *examination) request(ctx context.Context, method, url string, proxy bool) (*probe.Reply, error) {
	transport := &http.Transport{DisableKeepAlives: true}
	if proxy {
		transport.Proxy = http.ProxyFromEnvironment
	}
	return probe.Request(ctx, e.Build.UserAgent(), transport, method, url)
}

// shortestMasked is the length in bytes of the shortest secret that is masked: a shorter one would change
// words that only look like it.
const shortestMasked = 6

// masked returns findings without secrets: whoever got one may repeat it in an answer.
func (e *examination) masked(findings []finding) []finding {
	var all []client.Secret
	for _, s := range config.AllSecrets(e.Env, e.config) {
		all = append(all, client.Secret(s))
	}
	if e.account != nil {
		all = append(all, e.account.Secrets()...)
	}
	for i := range e.hooks {
		all = append(all, e.hooks[i].Secret)
	}
	all = slices.DeleteFunc(all, func(s client.Secret) bool { return len(s) < shortestMasked })
	for i := range findings {
		f := &findings[i]
		f.Detail, f.Todo = client.Mask(f.Detail, all...), client.Mask(f.Todo, all...)
	}
	return findings
}
