package team

import (
	"context"
	"sync"
	"time"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/jetstream"
	"github.com/up42/up42-webhooks/receiver/notify"
)

// ShareNotices adds a duty for each action of the rules: its messages are sent by one member at a
// time. What the own store had at o.After is not new.
func ShareNotices(t *jetstream.Team, o notify.Options, rules []notify.Rule) {
	for _, r := range rules {
		for _, a := range r.Do {
			one := r
			one.Do = []notify.Action{a}
			n := &notices{o, one}
			t.Share(jetstream.Duty{Name: "notices " + notify.PlaceOf(&r, a), Before: n.before, Do: n.turn})
		}
	}
}

// saveTime bounds one save at the end of a turn.
const saveTime = 2 * time.Second

// notices are the messages of one action of a rule.
type notices struct {
	o    notify.Options
	rule notify.Rule
}

func (n *notices) before(context.Context) (receiver.Checkpoint, error) {
	return receiver.Checkpoint{Cursor: n.o.After.LastSeq}, nil
}

// turn sends messages until ctx ends.
func (n *notices) turn(ctx context.Context, t *jetstream.Turn) error {
	p, _, err := t.Checkpoint(ctx, "")
	if err != nil {
		return err
	}
	o := n.o
	o.Log, o.UnsentFile, o.After = t, "", &receiver.Counts{LastSeq: p.Cursor}
	var mu sync.Mutex
	o.Shared = &notify.Shared{News: t.IsNews, Local: t.Local, Done: func(ctx context.Context, seq int64) {
		mu.Lock()
		defer mu.Unlock()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveTime) // a message was sent
		defer cancel()
		if seq > p.Cursor && t.SaveCheckpoint(ctx, "", receiver.Checkpoint{Cursor: seq}) == nil {
			p.Cursor = seq
		}
	}}
	one := n.rule
	one.Do = []notify.Action{guardedAction{n.rule.Do[0], t}}
	o.Rules = []notify.Rule{one}
	return notify.Run(ctx, o)
}

// guardedAction is an action that sends messages only while it is this member's turn.
type guardedAction struct {
	notify.Action
	turn *jetstream.Turn
}

// Send implements notify.Action.
func (g guardedAction) Send(ctx context.Context, m *notify.Message) error {
	if err := g.turn.Check(); err != nil {
		<-ctx.Done() // it ends with the turn
		return err
	}
	return g.Action.Send(ctx, m)
}

// Rejections is a log in which there are rejected deliveries only. They are no matter of the team.
type Rejections struct{ receiver.Reader }

// Events implements receiver.Reader.
func (r Rejections) Events(ctx context.Context, q receiver.EventQuery) ([]*receiver.Event, error) {
	if !q.Rejected {
		return nil, nil
	}
	return r.Reader.Events(ctx, q)
}
