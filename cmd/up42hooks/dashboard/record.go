package dashboard

import (
	"context"
	"fmt"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/recording/recorded"
	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/tui"
)

// recording records what comes in while the dashboard runs. A nil one records nothing.
type recording struct {
	*recorded.Recorder
	log   receiver.Reader
	after int64
}

// newRecording begins a recording in a new file. It is nil if file is "". The caller closes it.
func newRecording(ctx context.Context, file string, log receiver.Reader) (*recording, error) {
	if file == "" {
		return nil, nil
	}
	counts, err := log.Counts(ctx)
	if err != nil {
		return nil, fmt.Errorf("find out what is new for the recording: %w", err)
	}
	r, err := recorded.Create(file)
	if err != nil {
		return nil, err
	}
	return &recording{r, log, counts.LastSeq}, nil
}

// follow records until ctx ends.
func (r *recording) follow(ctx context.Context) error {
	if r == nil {
		return nil
	}
	return cli.IgnoreCancel(ctx, r.Follow(ctx, r.log, r.after))
}

// tell lets the screen say how the recording is.
func (r *recording) tell(o *tui.Options) {
	if r != nil {
		o.Sources.Recording = r.State
	}
}

func (r *recording) close() error {
	if r == nil {
		return nil
	}
	return r.Close()
}
