package doctor

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"github.com/up42/up42-webhooks/client"
	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/probe"
	"github.com/up42/up42-webhooks/receiver/sqlite/aging"
	"github.com/up42/up42-webhooks/tui/elapsed"
)

// clockTolerance is how far two clocks may differ without a warning. The time in an
// answer is in whole seconds.
const clockTolerance = 5 * time.Second

// checkClock compares this machine's clock with UP42's, and tells when it jumped.
func (e *examination) checkClock(ctx context.Context) []finding {
	return append(e.compareClock(ctx), aboutJumps(e.jumps, e.Now())...)
}

// aboutJumps tells of the newest jump of the clock while a receiver ran.
func aboutJumps(jumps []aging.Jump, now time.Time) []finding {
	if len(jumps) == 0 {
		return nil
	}
	last := jumps[len(jumps)-1]
	direction := "ahead"
	if last.By < 0 {
		direction = "back"
	}
	return []finding{found(note, "the clock was put %s by %s after event %d (%s); the receiver has noticed %s", direction,
		elapsed.Long(last.By.Abs()), last.Seq, elapsed.Moment(last.At, now.Location()), cli.Count(len(jumps), "jump")).
		todo("if nobody has set it, have it set by the network: timedatectl set-ntp true")}
}

// compareClock compares this machine's clock with UP42's.
func (e *examination) compareClock(ctx context.Context) []finding {
	sent := e.Now()
	r, err := e.request(ctx, http.MethodHead, cmp.Or(e.config.APIURL, client.APIURL(e.config.Region)), true)
	if err != nil {
		return []finding{found(warn, "UP42 can't be asked for the time: %s", probe.Plain(err)).todo("%s", client.Advice(err))}
	}
	theirs, err := http.ParseTime(r.Header.Get("Date"))
	if err != nil {
		return []finding{found(warn, "UP42's answer does not have the time (%d)", r.Status).
			todo("check whether UP42_API_URL is right, and whether something in between answers")}
	}
	answered := e.Now()
	ours := sent.Add(answered.Sub(sent) / 2)
	return []finding{aboutClock(ours.Sub(theirs.Add(time.Second/2)), e.config.MaxFuture)}
}

// aboutClock judges how far this machine's clock is ahead of UP42's. It is behind if
// ahead is negative.
func aboutClock(ahead, maxFuture time.Duration) finding {
	off, direction := ahead, "ahead of"
	if ahead < 0 {
		off, direction = -ahead, "behind"
	}
	f := found(ok, "the clock agrees with UP42's")
	if off > clockTolerance {
		f = found(warn, "the clock is %s %s UP42's", elapsed.Long(off), direction).
			todo("set it by the network: timedatectl set-ntp true")
	}
	if off > max(maxFuture, clockTolerance) {
		f.State = fail
		f.Detail += ", too far to judge the age of a signature"
	}
	return f
}
