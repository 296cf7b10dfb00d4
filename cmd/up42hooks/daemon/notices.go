package daemon

import (
	"context"
	"fmt"
	"log/slog"
	"os/exec"
	"slices"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/team"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/filter"
	"github.com/up42/up42-webhooks/receiver/notify"
	"github.com/up42/up42-webhooks/receiver/sqlite/beside"
	"github.com/up42/up42-webhooks/tui/text"
)

// noticeRules makes the configured rules. write writes to the user's terminal;
// it is nil without a terminal. The advice says why desktop notices only ring the bell, if
// there are some. An error is one of usage.
func noticeRules(ctx context.Context, env cli.Env, c *config.Config, write func([]byte), logger *slog.Logger) (rules []notify.Rule, advice string, err error) {
	terminal, advice := NoticeTerminal(ctx, env, c)
	for i := range c.Notify {
		r := &c.Notify[i]
		if write == nil && (slices.Contains(r.Do, config.ByBell) || slices.Contains(r.Do, config.ByDesktop)) {
			logger.Warn("there is no terminal for the bell or the notification", "rule", r.Label())
			advice = ""
		}
		do, err := NoticeActions(c, r, terminal, write)
		if err != nil {
			return nil, "", fmt.Errorf("notify: %s: %w", r.Label(), err)
		}
		rules = append(rules, notify.Rule{Name: r.Name, When: r.When, Do: do, Quiet: r.Quiet, Every: r.Every})
	}
	return rules, advice, nil
}

// NoticeTerminal says how the terminal shows desktop notices. The advice says why they only
// ring the bell. It looks at nothing if no rule has desktop notices.
func NoticeTerminal(ctx context.Context, env cli.Env, c *config.Config) (t notify.Terminal, advice string) {
	if !slices.ContainsFunc(c.Notify, func(r config.NotifyRule) bool { return slices.Contains(r.Do, config.ByDesktop) }) {
		return notify.Silent, ""
	}
	return notify.TerminalOf(env.Getenv, func(name string) string { return tmuxAround(ctx, name) })
}

// tmuxAround asks the tmux around the program. Its formats have its options, too.
func tmuxAround(ctx context.Context, name string) string {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, "tmux", "display-message", "-p", "#{"+name+"}").Output()
	if err != nil {
		return "" // an old tmux, or one that does not answer
	}
	return strings.TrimSpace(string(out))
}

// NoticeActions makes the actions of a rule. write writes to the user's
// terminal; nil writes nowhere.
func NoticeActions(c *config.Config, r *config.NotifyRule, terminal notify.Terminal, write func([]byte)) (all []notify.Action, err error) {
	if write == nil {
		write = func([]byte) {}
	}
	for _, way := range r.Do {
		var a notify.Action
		switch way {
		case config.ByBell:
			a = notify.Bell(write)
		case config.ByDesktop:
			a = notify.Desktop(terminal, write)
		case config.ByFile:
			a, err = notify.File(r.File, r.Line, c.Store)
		case config.ByPost:
			a, err = notify.Post(notify.PostOptions{URL: r.URL, Body: r.Body})
		case config.ByEmail:
			emails, err := emailActions(c, r.Email)
			if err != nil {
				return nil, err
			}
			all = append(all, emails...)
			continue
		}
		if err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	return all, nil
}

// emailActions makes an action for each address, so that one that fails delays no other.
func emailActions(c *config.Config, e *config.Email) (all []notify.Action, err error) {
	for _, to := range e.To {
		a, err := notify.Email(notify.EmailOptions{
			Server: e.Server, Security: e.TLS, CAFile: e.CAFile, Username: e.Username, Password: c.SMTPPassword.Reveal(),
			PasswordFile: e.PasswordFile, From: e.From, To: to, Subject: e.Subject, Text: e.Text,
		})
		if err != nil {
			return nil, fmt.Errorf("email: %w", err)
		}
		all = append(all, a)
	}
	return all, nil
}

// addNotices applies rules to what comes into the store after it had counts, and to what the
// file says that an earlier run has not told.
func (d *Daemon) addNotices(counts receiver.Counts, rules []notify.Rule) {
	o := notify.Options{
		Log: d.Log, After: &counts, UnsentFile: d.Config.Store + beside.Notices, Rules: rules, Clean: text.Clean, Now: d.Env.Now, Logger: d.logger,
	}
	if d.Team != nil {
		o = d.shareNotices(o)
	}
	d.Add(d.noticeTask(o))
}

// shareNotices lets one member of the team at a time send the messages that leave the machine. It
// returns the options for the other actions. Rejected deliveries are not in the stream of the team,
// so a task sends the messages about those of this receiver.
func (d *Daemon) shareNotices(o notify.Options) notify.Options {
	here, away := splitRules(o.Rules)
	team.ShareNotices(d.Team, o, away)
	rejections := o
	rejections.Log, rejections.UnsentFile = team.Rejections{Reader: d.Log}, ""
	rejections.Rules = slices.DeleteFunc(slices.Clone(away), func(r notify.Rule) bool { return !r.When.Demands(filter.Verdict, filter.Reason) })
	d.Add(d.noticeTask(rejections))
	o.Rules = here
	o.Accept = func(e *receiver.Event) bool { return e.Verdict.Trust() == receiver.FullTrust && !d.Team.IsHistory(e) }
	return o
}

// splitRules divides the actions of rules into those that do something here, and those whose messages
// leave the machine.
func splitRules(rules []notify.Rule) (here, away []notify.Rule) {
	for _, r := range rules {
		stay, leave := r, r
		leave.Do = slices.DeleteFunc(slices.Clone(r.Do), func(a notify.Action) bool { return !notify.Leaves(a) })
		stay.Do = slices.DeleteFunc(slices.Clone(r.Do), notify.Leaves)
		if len(stay.Do) > 0 {
			here = append(here, stay)
		}
		if len(leave.Do) > 0 {
			away = append(away, leave)
		}
	}
	return here, away
}

// noticeTask sends notices. A failure ends them, not the receiver.
func (d *Daemon) noticeTask(o notify.Options) Task {
	return func(ctx context.Context) error {
		if err := notify.Run(ctx, o); err != nil {
			d.logger.Error("notifications have ended", "error", err)
		}
		return nil
	}
}

// terminalWriter writes to the terminal that a stream is. It is nil if the stream
// is not a terminal.
func terminalWriter(stream any) func([]byte) {
	o, ok := stream.(*cli.Output)
	if !ok || !term.IsTerminal(int(o.Fd())) {
		return nil
	}
	return o.Offer
}
