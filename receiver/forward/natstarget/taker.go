package natstarget

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/nats-io/nats.go"
)

// taker says what takes the messages of a subject.
type taker int

const (
	unknown   taker = iota // the server does not tell
	aStream                // which acknowledges
	aListener              // or nobody
)

// streamNames is where a server is asked for the names of streams.
const streamNames = "$JS.API.STREAM.NAMES"

// askTimeout is how long a server may take to say which stream takes a subject.
const askTimeout = 3 * time.Second

// taker asks the server whether a stream takes a subject.
func (l *link) taker(ctx context.Context, subject string) (taker, error) {
	question, err := json.Marshal(map[string]string{"subject": subject})
	if err != nil {
		return unknown, err
	}
	answers, err := l.publish(ctx, &nats.Msg{Subject: streamNames, Data: question})
	if err != nil {
		return unknown, err
	}
	defer func() { _ = answers.Unsubscribe() }()
	if err := l.denial(streamNames); err != nil {
		if errors.Is(err, errInbox) {
			return unknown, err
		}
		return unknown, nil // each message then needs an acknowledgement
	}
	asking, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	m, err := answers.NextMsgWithContext(asking)
	switch {
	case errors.Is(err, nats.ErrNoResponders):
		return aListener, nil // the server has no JetStream
	case errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil:
		return unknown, nil
	case err != nil:
		return unknown, err
	}
	return readTaker(m.Data), nil
}

// readTaker reads the answer to that question.
func readTaker(answer []byte) taker {
	var a struct {
		Streams []string  `json:"streams"`
		Error   *apiError `json:"error"`
	}
	switch err := json.Unmarshal(answer, &a); {
	case err == nil && a.Error.says(10039, 10076): // JetStream is not enabled
		return aListener
	case err != nil || a.Error != nil:
		return unknown
	case len(a.Streams) == 0:
		return aListener
	default:
		return aStream
	}
}
