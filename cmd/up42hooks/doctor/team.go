package doctor

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/team"
	"github.com/up42/up42-webhooks/receiver/jetstream"
	"github.com/up42/up42-webhooks/tui/number"
	"github.com/up42/up42-webhooks/tui/text"
)

// checkTeam checks the servers and the stream of the team, and who can read the credentials. It
// does not make the stream.
func (e *examination) checkTeam(ctx context.Context) []finding {
	all := e.aboutStream(ctx)
	for _, file := range []string{e.config.Stream.Creds, e.config.Stream.NKey, e.config.Stream.Login, e.config.Stream.Key} {
		if file != "" {
			all = append(all, aboutPrivacy(file)...)
		}
	}
	return all
}

func (e *examination) aboutStream(ctx context.Context) []finding {
	f, member, err := team.Examine(ctx, e.config)
	all := aboutServers(f)
	switch {
	case err != nil:
		return append(all, found(fail, "%v", err))
	case !member:
		return []finding{found(note, "no team is configured (--stream)")}
	case f.Missing:
		return append(all, found(note, "%s has no stream %s yet: the first receiver with --stream makes it", f.Server, e.config.Stream.Name))
	}
	all = append(all, found(
		ok, "the stream %s at %s (NATS %s) has %s, %s, on %d of its servers",
		e.config.Stream.Name, f.Server, f.Version, number.Of(int64(f.Messages), "message", "messages"), humanize.IBytes(f.Bytes), f.Replicas,
	))
	all = append(append(all, aboutClocks(f)...), aboutSync(e.config, f))
	if len(f.Away) > 0 {
		all = append(all, found(warn, "servers that keep the stream are away, or not up to date: %s", text.Clean(strings.Join(f.Away, ", "), 200)).todo("start them: until then fewer servers have each event"))
	}
	if f.Room > 0 && f.Used > f.Room/10*9 {
		all = append(all, found(warn, "the account has %s of the %s that it may store", humanize.IBytes(uint64(f.Used)), humanize.IBytes(uint64(f.Room))).todo("raise the limit of the account, or give the stream a --stream-keep"))
	}
	return append(all, aboutMembers(e.config, f)...)
}

// aboutServers says which of several servers are not like the others.
func aboutServers(f jetstream.Findings) (all []finding) {
	for _, err := range f.Apart {
		all = append(all, found(fail, "%v", err))
	}
	for _, err := range f.Unusable {
		all = append(all, found(warn, "%v", err))
	}
	return all
}

// aboutClocks warns of a clock that differs from that of the server.
func aboutClocks(f jetstream.Findings) []finding {
	by := f.ClockAhead.Abs().Round(time.Second)
	if by < jetstream.ClocksDiffer {
		return nil
	}
	return []finding{found(warn, "the clock of this machine and that of %s differ by %v", f.Server, by).todo("set both by NTP")}
}

// aboutMembers says who is in the team, and what keeps this member from forwarding events for it.
func aboutMembers(c *config.Config, f jetstream.Findings) (all []finding) {
	forwards := len(c.ForwardTo) > 0 || c.Exec != ""
	switch {
	case f.Buckets != nil && forwards:
		return []finding{found(fail, "this member can't forward events for the team: %v", f.Buckets)}
	case f.Buckets != nil:
		return []finding{found(note, "the members of the team are not shown: %v", f.Buckets)}
	case len(f.Members) == 0:
		return []finding{found(note, "no member of the team is connected")}
	}
	seen := map[string]bool{}
	for _, m := range f.Members {
		words := fmt.Sprintf("%s (%s) is connected", text.Clean(m.Name, 64), text.Clean(string(m.Role), 20))
		if m.Unread > 0 {
			words += ", has " + number.Of(m.Unread, "message", "messages") + " to read"
		}
		for _, d := range m.Duties {
			if notices, ok := strings.CutPrefix(d, "notices "); ok {
				words += ", sends notices: " + text.Clean(notices, 80)
			} else {
				words += ", forwards to " + text.Clean(d, 80)
			}
		}
		all = append(all, found(ok, "%s", words))
		if seen[m.Name] {
			all = append(all, found(warn, "two members are called %s", text.Clean(m.Name, 64)).todo("give each a name of its own by --stream-member"))
		}
		seen[m.Name] = true
	}
	return all
}

// aboutSync says whether servers confirm events before they have synced them to disk. Most servers tell
// that to their administrators only.
func aboutSync(c *config.Config, f jetstream.Findings) finding {
	var unsynced []string // servers, with the time between two syncs
	for name, s := range f.Sync {
		if !s.Always {
			unsynced = append(unsynced, fmt.Sprintf("%s (every %v)", text.Clean(name, 60), s.Every))
		}
	}
	slices.Sort(unsynced)
	switch {
	case len(f.Sync) >= f.Replicas && len(unsynced) == 0:
		return found(ok, "all servers that answer sync each event to disk before they confirm it (%d)", len(f.Sync))
	case len(unsynced) > 0 && f.Replicas > 1:
		return found(note, "servers confirm events before they sync them to disk: %s; %d servers have each event", strings.Join(unsynced, ", "), f.Replicas)
	case len(unsynced) > 0:
		s := found(note, "the server confirms events before it syncs them to disk: %s; if it loses power, it can lose the events since then", strings.Join(unsynced, ", "))
		return ofOneServer(c, s).todo("set sync_interval: always in the jetstream block of the server's configuration, or keep the stream on three servers (--stream-replicas 3)")
	case f.Replicas > 1:
		return found(note, "servers confirm events before they sync them to disk, which they do every two minutes unless sync_interval is set; %d servers have each event", f.Replicas).
			todo("these credentials may not ask for sync_interval: look into the jetstream block of the servers' configuration, or at /jsz of their monitoring port")
	default:
		s := found(note, "one server keeps the stream: if it loses power, it can lose the events of the last two minutes, unless its sync_interval is always")
		return ofOneServer(c, s).todo("these credentials may not ask for sync_interval: look into the jetstream block of the server's configuration, or at /jsz of its monitoring port; set sync_interval: always, or keep the stream on three servers (--stream-replicas 3)")
	}
}

// ofOneServer makes a finding about the only server of the stream a warning, if UP42's answers wait for
// that server.
func ofOneServer(c *config.Config, s finding) finding {
	if c.Stream.Ack == config.AckTeam {
		s.State = warn
	}
	return s
}
