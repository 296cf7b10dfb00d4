package doctor

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
	"github.com/up42/up42-webhooks/receiver/components"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// checkPinning checks whether a list of headers is pinned, and proposes the one that
// genuine deliveries in the store are signed over.
func (e *examination) checkPinning(ctx context.Context) []finding {
	if pinned := e.config.Components; len(pinned) > 0 {
		f := found(ok, "only signatures over %s are accepted", strings.Join(pinned, ", "))
		if lacks := components.Lacks(pinned); lacks != "" {
			f = found(note, "%s; %s", f.Detail, lacks)
		}
		return []finding{f}
	}
	const means = "no list of signed headers is pinned: whoever captured one request can make partial deliveries of it"
	f := found(warn, means)
	switch targets := len(e.config.ForwardTo); {
	case e.config.RequireDigest:
		f = found(note, "no list of signed headers is pinned; --require-digest rejects what can be made of a captured request")
	case targets > 0:
		f.Detail += "; " + cli.Count(targets, "forward target") + " can capture them, as whole requests are forwarded"
	}
	seen, err := e.seenComponents(ctx)
	list, agreed := seen.Proposed()
	switch {
	case err != nil:
		f.Todo = "which list to pin is not known, see the findings about the store"
	case seen.Differ():
		f.Todo = "find out why verified deliveries are signed over different lists, then pin one: " + seen.String()
	case agreed:
		f.Todo = e.howToPin(list) + fmt.Sprintf("; that is what the newest %d verified deliveries in the store are signed over", seen.Deliveries())
		if lacks := components.Lacks(list); lacks != "" {
			f.Todo += "; " + lacks
		}
	default:
		f.Todo = fmt.Sprintf("run doctor again when %d verified deliveries have come: it then says which list to pin with --components", components.Enough)
	}
	return []finding{f}
}

// howToPin is the setting that pins a list.
func (e *examination) howToPin(list []string) string {
	flag := "--components " + strings.Join(list, ",")
	if e.config.File == "" {
		return "give " + flag
	}
	return "write components: [" + strings.Join(list, ", ") + "] into " + e.config.File + ", or give " + flag
}

// seenComponents returns the lists of the verified deliveries in the store.
func (e *examination) seenComponents(ctx context.Context) (seen components.Seen, err error) {
	log, err := store.OpenReader(ctx, e.Env, e.config.Store)
	if errors.Is(err, sqlite.ErrMissing) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	return components.Read(ctx, log)
}
