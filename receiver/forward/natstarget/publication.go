package natstarget

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go"

	"github.com/up42/up42-webhooks/receiver/forward"
	"github.com/up42/up42-webhooks/receiver/safe"
)

// publish publishes a message, and returns when the server has it. The answers come to an
// inbox of its own, so that an answer of somebody who listens is not taken for one of the
// server. What the server says itself, such as that nobody listens, has come then.
func (l *link) publish(ctx context.Context, m *nats.Msg) (answers *nats.Subscription, err error) {
	m.Reply = l.NewInbox()
	if answers, err = l.SubscribeSync(m.Reply); err != nil {
		return nil, err
	}
	if err = l.PublishMsg(m); err == nil {
		err = l.FlushWithContext(ctx)
	}
	if err != nil {
		_ = answers.Unsubscribe()
		return nil, err
	}
	return answers, nil
}

// hand publishes a message. With wait it returns when a stream acknowledged it, else when
// the server has it and somebody listens.
func (l *link) hand(ctx context.Context, m *nats.Msg, wait bool) error {
	answers, err := l.publish(ctx, m)
	switch {
	case errors.Is(err, nats.ErrMaxPayload):
		return &forward.Refused{Reason: fmt.Sprintf("it is larger than the server takes: max_payload is %d bytes", l.MaxPayload()), Permanent: true}
	case err != nil:
		return err
	}
	defer func() { _ = answers.Unsubscribe() }()
	if err := l.denial(m.Subject); err != nil {
		return err
	}
	return outcome(ctx, answers, m.Subject, wait)
}

// outcome reads the answers until one is an acknowledgement. Without wait it only looks whether
// the server has said that nobody listens.
func outcome(ctx context.Context, answers *nats.Subscription, subject string, wait bool) error {
	for {
		if n, _, _ := answers.Pending(); n == 0 && !wait {
			return nil
		}
		m, err := answers.NextMsgWithContext(ctx)
		switch {
		case errors.Is(err, nats.ErrNoResponders):
			return &forward.Refused{Reason: fmt.Sprintf("no stream takes %s, and nobody listens: make a stream for it (nats stream add), or start who listens", subject), All: true}
		case err != nil:
			return err
		case !wait:
			return nil // the answer of somebody who listens
		}
		if done, err := acknowledged(m.Data); done || err != nil {
			return err
		}
	}
}

// firstNumber is the least number of an error of JetStream. Others are those of somebody who
// listens.
const firstNumber = 10000

// acknowledged reads an answer. It is not done if the answer is not that of a stream.
func acknowledged(answer []byte) (done bool, err error) {
	var ack struct {
		Stream string    `json:"stream"`
		Seq    int64     `json:"seq"`
		Error  *apiError `json:"error"`
	}
	switch err := json.Unmarshal(answer, &ack); {
	case err != nil:
		return false, nil
	case ack.Error.says(10054):
		return true, &forward.Refused{Reason: "the stream takes no message of this size: raise its max_msg_size", Permanent: true}
	case ack.Error.says(10077):
		return true, &forward.Refused{Reason: "the stream is full (" + safe.Line(ack.Error.Text) + "): raise its limits, or let it discard old messages", All: true}
	case ack.Error != nil && ack.Error.Number >= firstNumber:
		return true, &forward.Refused{Reason: "the stream does not take it: " + safe.Line(ack.Error.Text)}
	default:
		return ack.Stream != "" && ack.Seq > 0, nil
	}
}

// apiError is an error of JetStream.
type apiError struct {
	Number int    `json:"err_code"`
	Text   string `json:"description"`
}

func (e *apiError) says(numbers ...int) bool {
	for _, n := range numbers {
		if e != nil && e.Number == n {
			return true
		}
	}
	return false
}
