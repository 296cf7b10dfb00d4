package torture

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/up42/up42-webhooks/receiver/jetstream/natstest"
	"github.com/up42/up42-webhooks/receiver/retry"
)

// chaos is what happens to a team, and how often.
type chaos struct {
	receiver, server, cut time.Duration // the time between two kills, two cuts
	// down is how long a process is away at most, away how long a receiver is cut off.
	down, away time.Duration
	// burns says how many of the receivers that are cut off then lose their disk: all, or one
	// of so many.
	burns int
}

// happened counts what was done.
type happened struct {
	mu                               sync.Mutex
	receivers, servers, cuts, burned int
}

func (h *happened) count(what *int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	*what++
}

// rage kills and cuts until ctx ends, then everything runs again.
func (x *teamTorture) rage(ctx context.Context) {
	var raging sync.WaitGroup
	for n, what := range []struct {
		every time.Duration
		do    func(context.Context, *rand.Rand)
	}{
		{x.chaos.receiver, x.killReceiver},
		{x.chaos.server, x.killServer},
		{x.chaos.cut, x.cutOff},
	} {
		r := rand.New(rand.NewPCG(x.seed, uint64(n)))
		raging.Go(func() {
			for next := time.Now().Add(what.every); retry.Sleep(ctx, time.Until(next)); next = next.Add(what.every) {
				what.do(ctx, r)
			}
		})
	}
	raging.Wait()
}

func (x *teamTorture) killReceiver(ctx context.Context, r *rand.Rand) {
	m := x.members[r.IntN(len(x.members))]
	m.troubled.Lock()
	defer m.troubled.Unlock()
	m.kill()
	x.happened.count(&x.happened.receivers)
	retry.Sleep(ctx, time.Duration(r.Int64N(int64(x.chaos.down))))
	m.start()
}

func (x *teamTorture) killServer(ctx context.Context, r *rand.Rand) {
	n := x.nodes.all[r.IntN(len(x.nodes.all))]
	n.kill()
	x.happened.count(&x.happened.servers)
	retry.Sleep(ctx, time.Duration(r.Int64N(int64(x.chaos.down))))
	x.nodes.start(n)
}

// cutOff cuts a receiver off from all servers: its connections end, or nothing gets through any
// more. Some machines do not come back: their disk is lost.
func (x *teamTorture) cutOff(ctx context.Context, r *rand.Rand) {
	i := r.IntN(len(x.members))
	m := x.members[i]
	m.troubled.Lock()
	defer m.troubled.Unlock()
	cut := (*natstest.Proxy).Silence
	if r.IntN(2) == 0 {
		cut = (*natstest.Proxy).Refuse
	}
	m.each(cut)
	x.happened.count(&x.happened.cuts)
	retry.Sleep(ctx, x.chaos.away/2+time.Duration(r.Int64N(int64(x.chaos.away))))
	if r.IntN(x.chaos.burns) == 0 {
		m.kill()
		m.loseDisk()
		x.happened.count(&x.happened.burned)
		defer m.start()
	}
	m.each((*natstest.Proxy).Mend)
}
