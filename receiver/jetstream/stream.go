package jetstream

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// apiSubject begins the subjects of requests to JetStream.
const apiSubject = "$JS.API."

// duplicates is for how long a stream remembers ids of messages. Messages of events have no id:
// the subject tells a second copy.
const duplicates = 2 * time.Minute

// config is that of a stream that is made. One that is gone is made again as it was: like is its
// configuration, nil if it is not known.
func (o *Options) config(like *jetstream.StreamConfig) jetstream.StreamConfig {
	c := jetstream.StreamConfig{
		Name: o.Name, Description: "events of UP42's webhooks, written by up42hooks", Subjects: []string{subjects},
		Retention: jetstream.LimitsPolicy, Storage: jetstream.FileStorage, Replicas: max(1, o.Replicas), MaxAge: o.Keep,
		MaxMsgsPerSubject: 1, Discard: jetstream.DiscardNew, DiscardNewPerSubject: true,
		Duplicates: duplicates, AllowDirect: true,
	}
	if like != nil {
		c.Replicas, c.MaxAge, c.Placement = like.Replicas, like.MaxAge, like.Placement
		c.MaxMsgs, c.MaxBytes, c.MaxMsgSize = like.MaxMsgs, like.MaxBytes, like.MaxMsgSize
	}
	if c.MaxAge > 0 {
		c.Duplicates = min(duplicates, c.MaxAge)
	}
	return c
}

// openStream finds the stream, or makes it. A stream that is configured otherwise is an error
// that says what differs.
func (o *Options) openStream(ctx context.Context, js jetstream.JetStream, like *jetstream.StreamConfig) (jetstream.Stream, error) {
	s, err := js.Stream(ctx, o.Name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		if o.FollowOnly {
			return nil, fmt.Errorf("%s has no stream %s: a receiver with --stream makes it; if one runs, correct --stream or --stream-name", js.Conn().ConnectedUrlRedacted(), o.Name)
		}
		if s, err = js.CreateStream(ctx, o.config(like)); errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) {
			s, err = js.Stream(ctx, o.Name) // another member was faster
		}
		if refused := (*NotPermitted)(nil); err != nil && errors.As(context.Cause(ctx), &refused) {
			return nil, fmt.Errorf("there is no stream %s, and %w; start a receiver whose credentials may make it", o.Name, refused)
		}
	}
	if err != nil && context.Cause(ctx) != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil {
		return nil, o.explainStream(ctx, js, err)
	}
	return s, o.check(s.CachedInfo().Config)
}

// identityOf tells a stream from others that had or will have its name.
func identityOf(i *jetstream.StreamInfo) string { return i.Created.UTC().Format(time.RFC3339Nano) }

func hasSubjects(c jetstream.StreamConfig) bool { return slices.Contains(c.Subjects, subjects) }

// differences says in which settings that matter a stream differs from what is wanted.
func differences(want, have jetstream.StreamConfig, o *Options) (out []string) {
	differ := func(what string, want, have any) {
		if want != have {
			out = append(out, fmt.Sprintf("%s is %v instead of %v", what, have, want))
		}
	}
	differ("subjects", fmt.Sprint(want.Subjects), fmt.Sprint(have.Subjects))
	differ("retention", want.Retention, have.Retention)
	differ("storage", want.Storage, have.Storage)
	differ("max_msgs_per_subject", want.MaxMsgsPerSubject, have.MaxMsgsPerSubject)
	differ("discard", want.Discard, have.Discard)
	differ("discard_new_per_subject", want.DiscardNewPerSubject, have.DiscardNewPerSubject)
	differ("no_ack", want.NoAck, have.NoAck)
	differ("sealed", want.Sealed, have.Sealed)
	differ("persist_mode", want.PersistMode, have.PersistMode)
	if have.SubjectTransform != nil {
		out = append(out, "subject_transform is set: the stream could not tell a second copy")
	}
	if o.Replicas > 0 {
		differ("num_replicas (--stream-replicas)", want.Replicas, have.Replicas)
	}
	if o.Keep > 0 {
		differ("max_age (--stream-keep)", want.MaxAge, have.MaxAge)
	}
	return out
}

// lookAtServers is what to do if no answer comes.
const lookAtServers = "look at the servers; of a cluster more than half must run"

// explainStream explains why a stream could not be found or made.
func (o *Options) explainStream(ctx context.Context, js jetstream.JetStream, err error) error {
	const subjectsOverlap, noPeers, notAvailable, notLeader, noQuorum = 10065, 10005, 10008, 10009, 10079
	const limitsExceeded, noResources, tooManyStreams, noStorage, wantsMaxBytes = 10002, 10023, 10027, 10047, 10113
	var api *jetstream.APIError
	switch {
	case errors.Is(err, jetstream.ErrJetStreamNotEnabled), errors.Is(err, nats.ErrNoResponders):
		return errors.New("the server has no JetStream: start it with -js")
	case errors.Is(err, jetstream.ErrJetStreamNotEnabledForAccount):
		return errors.New("the account of these credentials has no JetStream: turn it on in the server's configuration")
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, nats.ErrTimeout):
		return fmt.Errorf("the server does not answer for the stream %s in time: %s", o.Name, lookAtServers)
	case !errors.As(err, &api):
		return errors.New(brief(err))
	case api.ErrorCode == subjectsOverlap:
		other, _ := js.StreamNameBySubject(ctx, subjects)
		return fmt.Errorf("the subjects %s belong to another stream already (%s): give its --stream-name, or delete it", subjects, cmp.Or(other, "these credentials may not ask for its name"))
	case slices.Contains([]jetstream.ErrorCode{notAvailable, notLeader, noQuorum}, api.ErrorCode):
		return fmt.Errorf("the cluster does not work (%s): %s", api.Description, lookAtServers)
	case api.ErrorCode == noPeers:
		return fmt.Errorf("the stream %s can't be made with %d replicas: there are not so many servers (%s)", o.Name, max(1, o.Replicas), api.Description)
	case slices.Contains([]jetstream.ErrorCode{limitsExceeded, noResources, tooManyStreams, noStorage, wantsMaxBytes}, api.ErrorCode):
		return fmt.Errorf("the stream %s can't be made: %s: change the limits of the account, or of the server", o.Name, api.Description)
	default:
		return fmt.Errorf("the stream %s can't be made: %s", o.Name, api.Description)
	}
}

// connection is a connection to the servers, with the stream.
type connection struct {
	server   string
	js       jetstream.JetStream
	stream   jetstream.Stream
	refusals *refusals
	clock    serverClock
}
