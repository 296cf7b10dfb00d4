package torture

import (
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/up42/up42-webhooks/cmd/up42hooks/clitest"
)

// What a team costs a receiver, and how long an event takes to another member. Machines differ,
// so only ratios of one run count.
func TestTeamFigures(t *testing.T) {
	if os.Getenv(teamTime) == "" {
		t.Skip("make team-torture runs it")
	}
	s := newNodes(t, 1, "")
	s.await()
	stream := "UP42_STREAM=nats://" + s.all[0].address
	t.Run("publishing", func(t *testing.T) {
		const rounds, deliveries = 5, 5000
		var alone, team []ingest
		for range rounds {
			alone = append(alone, measure(t, deliveries))
			team = append(team, measure(t, deliveries, stream))
			s.forget() // else the next one would read it
		}
		a, b := median(alone), median(team)
		t.Logf("alone: %v", a)
		t.Logf("with a team: %v", b)
		t.Logf("publishing takes %.0f %% of the rate, and %.0f %% more of the receiver's processor time",
			100*(1-b.rate/a.rate), 100*(b.cpu.Seconds()/a.cpu.Seconds()-1))
	})
	t.Run("to another member", func(t *testing.T) {
		var l *load
		one := clitest.Receive(t, append(clitest.WithSecret(clitest.Home(t)), stream, "UP42_STREAM_MEMBER=one"), nil)
		printed := &member{printed: func(id string) { l.printed(id) }}
		two := clitest.Receive(t, append(clitest.WithSecret(clitest.Home(t)), stream, "UP42_STREAM_MEMBER=two"), &lines{each: printed.line})
		for _, p := range []*clitest.Process{one, two} {
			_, ok := p.Stderr.Await("connected to the team's stream")
			require.True(t, ok, "%s", p.Stderr)
		}
		const rate, seconds = 1000, 15
		l = newLoad(t, rate, []string{one.URL})
		l.start()
		time.Sleep(seconds * time.Second)
		l.stop()
		t.Logf("%d deliveries, time to the 200: %s", l.count(), percentiles(l.figures.Took))
		t.Logf("from the 200 to the event on another member: %s", percentiles(l.figures.ToAnother))
	})
}

// ingest says how fast a receiver took deliveries, and its processor time for each.
type ingest struct {
	rate float64
	cpu  time.Duration
}

func (i ingest) String() string {
	return fmt.Sprintf("%.0f deliveries a second, %v of processor time each", i.rate, i.cpu.Round(100*time.Nanosecond))
}

func median(all []ingest) (m ingest) {
	slices.SortFunc(all, func(a, b ingest) int { return int(a.rate - b.rate) })
	m.rate = all[len(all)/2].rate
	slices.SortFunc(all, func(a, b ingest) int { return int(a.cpu - b.cpu) })
	m.cpu = all[len(all)/2].cpu
	return m
}

// round numbers the runs, so that a stream has not their messages of before.
var round atomic.Int64

// measure has a receiver of its own take so many deliveries as fast as it can.
func measure(t *testing.T, deliveries int, settings ...string) ingest {
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	require.NoError(t, err)
	defer null.Close()
	p := clitest.Receive(t, append(clitest.WithSecret(clitest.Home(t)), settings...), null)
	if len(settings) > 0 {
		_, ok := p.Stderr.Await("connected to the team's stream")
		require.True(t, ok, "%s", p.Stderr)
	}
	const connections = 32
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: connections}}
	defer client.CloseIdleConnections()
	run, next := round.Add(1), atomic.Int64{}
	var sending sync.WaitGroup
	began := time.Now()
	for range connections {
		sending.Go(func() {
			for n := next.Add(1); n <= int64(deliveries); n = next.Add(1) {
				body := clitest.Delivery(fmt.Sprintf("f-%d-%d", run, n), fmt.Sprintf("order-%d-%d", run, n/5), "PLACED")
				body = append(body, strings.Repeat(" ", 1024-len(body))...)
				status, answer, err := clitest.Deliver(client, p.URL, clitest.Secret, body)
				assert.NoError(t, err)
				assert.Equal(t, http.StatusOK, status, answer)
			}
		})
	}
	sending.Wait()
	took := time.Since(began)
	p.Signal(syscall.SIGTERM)
	p.Finish(t)
	u := p.Cmd.ProcessState
	return ingest{float64(deliveries) / took.Seconds(), (u.UserTime() + u.SystemTime()) / time.Duration(deliveries)}
}
