package doctor

import (
	"context"
	"log/slog"

	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/daemon"
	"github.com/up42/up42-webhooks/receiver/forward"
	"github.com/up42/up42-webhooks/receiver/notify"
)

// checkForwarding checks the forward targets and the rules for notices.
func (e *examination) checkForwarding(ctx context.Context) (out []finding) {
	targets, err := daemon.Targets(e.config, slog.New(slog.DiscardHandler))
	if err == nil {
		err = daemon.CheckForwarding(e.config, e.address(), config.PointsHere(e.config, e.address()))
	}
	if err != nil {
		return []finding{found(fail, "%v", err).todo("correct or remove it")}
	}
	for _, t := range targets {
		out = append(out, e.aboutTarget(ctx, t)...)
	}
	out = append(out, e.aboutReaders(ctx, targets)...)
	out = append(out, e.aboutHeaders(ctx)...)
	out = append(out, e.aboutNotices(ctx)...)
	if len(targets) == 0 {
		out = append(out, found(note, "events are not forwarded").todo("to forward them: --forward-to URL or --exec PROGRAM"))
	}
	return out
}

// aboutTarget checks whether a target can be used. It sends no event.
func (e *examination) aboutTarget(ctx context.Context, t forward.Target) []finding {
	defer func() { _ = forward.Close(t) }() // nothing was sent on the connection
	_, explains := t.(forward.Adviser)
	switch err := t.Check(ctx); {
	case err != nil && explains:
		return []finding{found(warn, "%s can't be used now: %v", t.Name(), err).todo("do that; until then events are kept for it, for %v", e.config.GiveUp)}
	case err != nil:
		return []finding{found(warn, "%s does not answer: %v", t.Name(), err).todo("start it; until then events are kept for it, for %v", e.config.GiveUp)}
	}
	if advice := forward.AdviceOf(t); advice != "" {
		return []finding{found(warn, "%s is there, but %s", t.Name(), advice)}
	}
	return []finding{found(ok, "%s is there", t.Name())}
}

// aboutHeaders says what forward targets do not get as it came.
func (e *examination) aboutHeaders(ctx context.Context) (out []finding) {
	seen, err := e.seenComponents(ctx)
	if err != nil {
		return nil // the findings about the store have that
	}
	for _, r := range daemon.Remarks(e.config, e.config.Components, seen) {
		state := note
		if r.Loss {
			state = warn
		}
		out = append(out, found(state, "%s", r.What).todo("%s", r.Todo))
	}
	return out
}

// aboutNotices checks the rules for notices. It sends none.
func (e *examination) aboutNotices(ctx context.Context) (out []finding) {
	terminal, advice := daemon.NoticeTerminal(ctx, e.Env, e.config)
	if advice != "" {
		out = append(out, found(note, "%s", advice))
	}
	for i := range e.config.Notify {
		r := &e.config.Notify[i]
		actions, err := daemon.NoticeActions(e.config, r, terminal, nil)
		if err != nil {
			out = append(out, found(fail, "notify: %s: %v", r.Label(), err).todo("correct the rule in the configuration"))
		}
		for _, a := range actions {
			out = append(out, aboutNotice(ctx, r.Label(), a)...)
		}
		if r.Email != nil && r.Email.PasswordFile != "" {
			out = append(out, aboutPrivacy(r.Email.PasswordFile)...)
		}
	}
	return out
}

func aboutNotice(ctx context.Context, rule string, a notify.Action) []finding {
	c, can := a.(notify.Checker)
	if !can {
		return nil
	}
	if err := c.Check(ctx); err != nil {
		return []finding{found(warn, "notify: %s: %v", rule, err).todo("correct the rule, or what it says about the server")}
	}
	return []finding{found(ok, "notify: %s: the server takes messages (%s)", rule, a)}
}
