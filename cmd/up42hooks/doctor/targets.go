package doctor

import (
	"context"
	"log/slog"

	"github.com/up42/up42-webhooks/cmd/up42hooks/daemon"
)

// lookAtTargets is the check of those that events are handed on to.
func (e *examination) lookAtTargets(ctx context.Context) (out []finding) {
	targets, err := daemon.Targets(e.config, slog.New(slog.DiscardHandler))
	if err != nil {
		return []finding{found(failing, "%v", err).do("correct it, or leave it away")}
	}
	for _, t := range targets {
		if err := t.Check(ctx); err != nil {
			out = append(out, found(doubtful, "%s does not answer: %v", t.Name(), err).do("start it; until then events are kept for it, for %v", e.config.GiveUp))
			continue
		}
		out = append(out, found(healthy, "%s is there", t.Name()))
	}
	for i := range e.config.Notify {
		r := &e.config.Notify[i]
		if _, err := daemon.NoticeActions(e.Env, r, nil); err != nil {
			out = append(out, found(failing, "notify: %s: %v", r.Name, err).do("correct the rule in the configuration"))
		}
	}
	if len(out) == 0 {
		out = append(out, found(noted, "events are handed on to nobody").do("if they should be: --forward-to URL or --exec PROGRAM"))
	}
	return out
}
