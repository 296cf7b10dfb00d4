package team

import (
	"context"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/jetstream"
)

// State is the state of a member of a team, for screens of its process and of others. Its texts come
// from outside.
type State struct {
	// Stream is the name of the stream. Err is why it can't be used, "" if it can.
	Stream string `json:"stream"`
	Err    string `json:"error,omitempty"`
	// Published is how many events the stream took since the start, Behind how many wait for it.
	Published int64 `json:"published"`
	Behind    int64 `json:"behind"`
	// Read is how many events came from others since the start, Unread how many messages of the
	// stream are not read yet.
	Read   int64 `json:"read"`
	Unread int64 `json:"unread"`
	// Members are those that are connected. None: that is not known.
	Members []Member `json:"members,omitempty"`
}

// Member is a member of a team. Self: it is the one whose state this is.
type Member struct {
	jetstream.Member
	Self bool `json:"self,omitempty"`
}

// StateOf is the state of a member with a store.
func StateOf(ctx context.Context, stream string, t *jetstream.Team, log receiver.Reader) *State {
	s := t.Status()
	state := &State{
		Stream: stream, Err: s.Err, Published: s.Published, Behind: Behind(ctx, log, s), Read: s.Applied, Unread: int64(s.Behind),
	}
	for _, m := range t.Members() {
		state.Members = append(state.Members, Member{m, m.Self})
	}
	return state
}
