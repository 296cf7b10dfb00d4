package doctor

import (
	"context"

	"github.com/dustin/go-humanize"

	"github.com/up42/up42-webhooks/cmd/up42hooks/config"
	"github.com/up42/up42-webhooks/cmd/up42hooks/team"
	"github.com/up42/up42-webhooks/receiver/jetstream"
	"github.com/up42/up42-webhooks/tui/number"
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
	switch {
	case err != nil:
		return []finding{found(fail, "%v", err)}
	case !member:
		return []finding{found(note, "no team is configured (--stream)")}
	case f.Missing:
		return []finding{found(note, "%s has no stream %s yet: the first receiver with --stream makes it", f.Server, e.config.Stream.Name)}
	}
	all := []finding{found(
		ok, "the stream %s at %s (NATS %s) has %s messages, %s, on %d of its servers",
		e.config.Stream.Name, f.Server, f.Version, number.Format(int64(f.Messages)), humanize.IBytes(f.Bytes), f.Replicas,
	)}
	return append(all, aboutSync(e.config, f))
}

// aboutSync warns that a server confirms what it has not synced to disk. A server tells nobody
// but its administrators how often it does.
func aboutSync(c *config.Config, f jetstream.Findings) finding {
	s := found(note, "servers confirm events before they sync them to disk, which they do every two minutes unless sync_interval is set; %d servers have each event", f.Replicas)
	if f.Replicas > 1 {
		return s
	}
	s = found(note, "one server keeps the stream: if it loses power, it can lose the events of the last two minutes, unless its sync_interval is always")
	if c.Stream.Ack == config.AckTeam {
		s.State = warn
	}
	return s.todo("set sync_interval: always in the jetstream block of the server's configuration, which doctor can't read, or keep the stream on three servers (--stream-replicas 3)")
}
