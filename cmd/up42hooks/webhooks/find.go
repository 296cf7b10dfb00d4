package webhooks

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
)

// find returns the webhook with an id, or the only one with a name.
func (s *session) find(ctx context.Context, ref string) (client.Webhook, error) {
	if uuid.Validate(ref) == nil {
		hook, err := s.api.Webhook(ctx, ref)
		if !client.NotFound(err) {
			return hook, err
		}
	}
	all, err := s.api.Webhooks(ctx)
	if err != nil {
		return client.Webhook{}, err
	}
	if i := slices.IndexFunc(all, func(w client.Webhook) bool { return w.ID == ref }); i >= 0 {
		return all[i], nil
	}
	named := slices.DeleteFunc(all, func(w client.Webhook) bool { return w.Name != ref })
	switch len(named) {
	case 1:
		return named[0], nil
	case 0:
		return client.Webhook{}, cli.Failed(fmt.Sprintf("there is no webhook %q in this workspace; see up42hooks webhooks list", ref))
	default:
		return client.Webhook{}, cli.Failed(fmt.Sprintf("%d webhooks are named %q: give the id of one: %s", len(named), ref, idsOf(named)))
	}
}

// idsOf lists the ids of the first webhooks.
func idsOf(hooks []client.Webhook) string {
	const most = 5
	var ids []string
	for _, w := range hooks[:min(len(hooks), most)] {
		ids = append(ids, w.ID)
	}
	list := strings.Join(ids, ", ")
	if more := len(hooks) - most; more > 0 {
		list += fmt.Sprintf(" and %d more; see up42hooks webhooks list", more)
	}
	return list
}
