package doctor

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
)

// checkSignIn checks the account. It lists the webhooks, which proves that the account
// may use the workspace.
func (e *examination) checkSignIn(ctx context.Context) []finding {
	account, err := config.Account(e.Env, e.config)
	switch {
	case err != nil:
		e.unlisted = "the credentials can't be used"
		return []finding{found(fail, "%v", err).todo("see up42hooks config")}
	case account == nil:
		e.unlisted = "there are no credentials"
		return []finding{found(note, "there are no credentials for UP42: webhooks can't be managed or checked").
			todo("set UP42_USERNAME and UP42_PASSWORD, or UP42_TOKEN, or give --credentials FILE, or run up42hooks login")}
	}
	e.account = account
	workspace, err := account.Workspace(ctx)
	if err == nil {
		var all []client.Webhook
		if all, err = account.Webhooks(ctx); err == nil {
			here := config.PointsHere(e.config, e.address())
			e.hooks = slices.DeleteFunc(all, func(w client.Webhook) bool { return !here(w.URL) })
			return []finding{found(ok, "signed in, workspace %s", workspace)}
		}
	}
	e.unlisted = "UP42 does not list them"
	return []finding{found(severity(err), "%v", err).todo("%s", client.Advice(err))}
}

// severity returns the state for an error of UP42. If UP42 refuses a call, it fails for
// good. Other errors mean that nothing could be checked.
func severity(err error) state {
	var refused *client.Error
	if errors.As(err, &refused) && refused.Status/100 == 4 && refused.Status != http.StatusTooManyRequests {
		return fail
	}
	return warn
}
