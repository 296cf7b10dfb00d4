package doctor

import (
	"context"
	"log/slog"

	"github.com/up42/up42-webhooks/cmd/up42hooks/daemon"
)

// checkForwarding checks the forward targets and the rules for notices.
func (e *examination) checkForwarding(ctx context.Context) (out []finding) {
	targets, err := daemon.Targets(e.config, slog.New(slog.DiscardHandler))
	if err != nil {
		return []finding{found(fail, "%v", err).todo("correct or remove it")}
	}
	for _, t := range targets {
		if err := t.Check(ctx); err != nil {
			out = append(out, found(warn, "%s does not answer: %v", t.Name(), err).todo("start it; until then events are kept for it, for %v", e.config.GiveUp))
			continue
		}
		out = append(out, found(ok, "%s is there", t.Name()))
	}
	terminal, advice := daemon.NoticeTerminal(e.Env, e.config)
	if advice != "" {
		out = append(out, found(note, "%s", advice))
	}
	for i := range e.config.Notify {
		r := &e.config.Notify[i]
		if _, err := daemon.NoticeActions(e.config, r, terminal, nil); err != nil {
			out = append(out, found(fail, "notify: %s: %v", r.Name, err).todo("correct the rule in the configuration"))
		}
	}
	if len(targets) == 0 {
		out = append(out, found(note, "events are not forwarded").todo("to forward them: --forward-to URL or --exec PROGRAM"))
	}
	return out
}
