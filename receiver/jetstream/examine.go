package jetstream

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/up42/up42-webhooks/receiver/retry"
)

// Findings are what a member can find out about the servers and the stream.
type Findings struct {
	// Server is the server that answered, Version its version.
	Server, Version string
	// Missing: there is no stream yet.
	Missing  bool
	Messages uint64
	Bytes    uint64
	// Replicas is how many servers keep the stream. Keep is how long it keeps a message, and
	// MaxBytes how many bytes; 0 and less: no limit.
	Replicas int
	Keep     time.Duration
	MaxBytes int64
	// Away are the servers that should keep the stream, and are not there or not up to date.
	Away []string
	// Sync says how each server syncs to disk, by its name. It is empty if the credentials do not
	// permit to ask for it.
	Sync map[string]Sync
	// Room is how many bytes the account may store, Used how many it does. Room is 0 if there is no
	// limit, or it is not known.
	Room, Used int64
	// Buckets is why the buckets of the team can't be used, nil if they can be used or do not exist yet.
	Buckets error
	// Members are those that are connected.
	Members []Member
	// ClockAhead is how far the clock of this machine is ahead of that of the server.
	ClockAhead time.Duration
	// Unusable says of each of several servers that can't be used why, and what to do. Apart says which
	// ones are not in the cluster of the first.
	Unusable, Apart []error
}

// Sync says how a server syncs to disk.
type Sync struct {
	// Always: before it confirms an event. Every is how often otherwise.
	Always bool
	Every  time.Duration
}

// ClocksDiffer is from which difference on clocks are to be set.
const ClocksDiffer = time.Minute

// Examine looks at the servers and the stream. It changes nothing, and makes no stream. What it finds out
// about each of several servers is there also with an error.
func Examine(ctx context.Context, o Options) (found Findings, err error) {
	o = o.withDefaults()
	o.looksOnly = true
	found.compare(ctx, &o)
	refusals := newRefusals()
	nc, err := o.dial(ctx, nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { refusals.report(err) }))
	if err != nil {
		return found, err
	}
	defer nc.Close()
	found.Server, found.Version = nc.ConnectedUrlRedacted(), nc.ConnectedServerVersion()
	js, err := jetstream.New(nc, jetstream.WithDefaultTimeout(o.patience))
	if err != nil {
		return found, err
	}
	asking, asked := refusals.watch(ctx, apiSubject)
	defer asked()
	s, err := js.Stream(asking, o.Name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		found.Missing = true
		return found, nil
	}
	if err != nil {
		return found, because(asking, o.explainStream(asking, js, err))
	}
	info := s.CachedInfo()
	found.ClockAhead = o.now().Sub(info.TimeStamp)
	found.describe(info)
	if err := o.check(info.Config); err != nil {
		return found, err
	}
	found.Sync = askSync(ctx, nc)
	found.askRoom(ctx, js, refusals)
	found.Members, found.Buckets = o.lookAtTeam(ctx, js, refusals)
	return found, nil
}

// describe takes what the servers say about the stream.
func (f *Findings) describe(info *jetstream.StreamInfo) {
	f.Messages, f.Bytes = info.State.Msgs, info.State.Bytes
	f.Replicas, f.Keep, f.MaxBytes = info.Config.Replicas, info.Config.MaxAge, info.Config.MaxBytes
	if info.Cluster == nil {
		return
	}
	for _, r := range info.Cluster.Replicas {
		if r.Offline || !r.Current {
			f.Away = append(f.Away, r.Name)
		}
	}
}

// compare asks each of several servers alone: a member connects to any of them.
func (f *Findings) compare(ctx context.Context, o *Options) {
	if len(o.Servers) < 2 {
		return
	}
	var first *answer
	for _, a := range o.askEach(ctx) {
		switch {
		case a.err != nil:
			f.Unusable = append(f.Unusable, a.err)
		case first == nil:
			first = &a
		default:
			if err := o.apart(*first, a); err != nil {
				f.Apart = append(f.Apart, err)
			}
		}
	}
}

// apart returns an error unless two servers can be of one cluster.
func (o *Options) apart(a, b answer) error {
	switch {
	case a.identity == b.identity && (a.identity != "" || a.cluster == b.cluster):
		return nil
	case a.identity == b.identity:
		return notOneCluster("%s is in another one than %s", b.server, a.server)
	case a.identity == "":
		return notOneCluster("%s has the stream %s, and %s does not", b.server, o.Name, a.server)
	case b.identity == "":
		return notOneCluster("%s has the stream %s, and %s does not", a.server, o.Name, b.server)
	default:
		return o.anotherStream(b.server, a.server)
	}
}

// answer is what one server says.
type answer struct {
	server   string
	cluster  string // its name; of a server without one the server's id
	identity string // says which stream it is; "" if the servers have no such stream
	err      error
}

// askEach asks all servers at once, each alone.
func (o *Options) askEach(ctx context.Context) []answer {
	all := make([]answer, len(o.Servers))
	var asking sync.WaitGroup
	for i, server := range o.Servers {
		alone := *o
		alone.Servers = []string{server}
		asking.Go(func() { all[i] = alone.ask(ctx, server) })
	}
	asking.Wait()
	return all
}

// ask asks the only server of the options.
func (o *Options) ask(ctx context.Context, server string) answer {
	a := answer{server: server}
	refusals := newRefusals()
	nc, err := o.dial(ctx, nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { refusals.report(err) }))
	if err != nil {
		a.err = err
		return a
	}
	defer nc.Close()
	a.cluster = cmp.Or(nc.ConnectedClusterName(), nc.ConnectedServerId())
	js, err := jetstream.New(nc, jetstream.WithDefaultTimeout(o.patience))
	if err != nil {
		a.err = err
		return a
	}
	asking, asked := refusals.watch(ctx, apiSubject)
	defer asked()
	s, err := js.Stream(asking, o.Name)
	switch {
	case err == nil:
		a.identity = identityOf(s.CachedInfo())
	case !errors.Is(err, jetstream.ErrStreamNotFound):
		a.err = fmt.Errorf("%s: %w", server, because(asking, o.explainStream(asking, js, err)))
	}
	return a
}

// anotherStream is the error of a server with another stream of the same name.
func (o *Options) anotherStream(here, there string) error {
	return notOneCluster("%s has another stream %s than %s", here, o.Name, there)
}

func notOneCluster(how string, args ...any) error {
	return fmt.Errorf("the servers of --stream are not one cluster: %s: name the servers of one cluster only", fmt.Sprintf(how, args...))
}

// askTime is how long servers may take to say how they are configured. One that does not permit
// the question does not answer.
const askTime = 500 * time.Millisecond

// askSync asks all servers how they sync. Only the system account may ask, and those that it lets.
func askSync(ctx context.Context, nc *nats.Conn) map[string]Sync {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	answers, err := nc.SubscribeSync(nc.NewRespInbox())
	if err != nil || nc.PublishRequest("$SYS.REQ.SERVER.PING.JSZ", answers.Subject, nil) != nil {
		return nil
	}
	defer func() { _ = answers.Unsubscribe() }()
	out := map[string]Sync{}
	for {
		m, err := answers.NextMsgWithContext(ctx)
		if err != nil {
			return out
		}
		var answer struct {
			Server struct{ Name string }
			Data   struct {
				Config struct {
					Always bool          `json:"sync_always"`
					Every  time.Duration `json:"sync_interval"`
				}
			}
		}
		if json.Unmarshal(m.Data, &answer) == nil && answer.Server.Name != "" {
			out[answer.Server.Name] = Sync(answer.Data.Config)
		}
	}
}

// askRoom asks how much the account may store. It is no matter if that is not permitted.
func (f *Findings) askRoom(ctx context.Context, js jetstream.JetStream, r *refusals) {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	ctx, end := r.watch(ctx, apiSubject+"INFO")
	defer end()
	if info, err := js.AccountInfo(ctx); err == nil && info.Limits.MaxStore > 0 {
		f.Room, f.Used = info.Limits.MaxStore, int64(info.Store)
	}
}

// lookAtTeam looks at the buckets, and who is there. It makes none.
func (o *Options) lookAtTeam(ctx context.Context, js jetstream.JetStream, r *refusals) ([]Member, error) {
	asking, end := r.watch(ctx, bucketSubject)
	defer end()
	b, err := o.openBuckets(asking, js, 0)
	if errors.Is(err, errNoBucket) {
		return nil, nil
	}
	if err != nil {
		return nil, because(asking, err)
	}
	c := newCrew("", o.clock, o.Logger)
	looking, stop := context.WithCancel(asking)
	defer stop()
	following := make(chan error, 1)
	go func() { following <- c.follow(looking, &connection{js: js}, b) }()
	enough := retry.Sleep(looking, askTime)
	members := c.list()
	stop()
	if err := <-following; !enough {
		return nil, because(asking, err)
	}
	return members, nil
}

// check returns an error if a stream is not as it should be, which says what differs.
func (o *Options) check(have jetstream.StreamConfig) error {
	differ := differences(o.config(nil), have, o)
	switch {
	case !hasSubjects(have):
		return fmt.Errorf("the stream %s is of another program: its subjects are %s: choose another --stream-name", o.Name, strings.Join(have.Subjects, ", "))
	case len(differ) > 0:
		return fmt.Errorf("the stream %s is configured otherwise: %s: change it with the program nats, or choose another --stream-name", o.Name, strings.Join(differ, "; "))
	default:
		return nil
	}
}
