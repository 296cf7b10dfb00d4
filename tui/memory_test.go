package tui_test

import (
	"context"

	"github.com/up42/up42-webhooks/receiver"
	"github.com/up42/up42-webhooks/receiver/receivertest"
)

// memory is a log in memory. A test may change what it counts.
type memory struct {
	*receivertest.Log
	count func(*receiver.Counts)
}

func newMemory() *memory { return &memory{Log: receivertest.NewLog()} }

func (l *memory) Counts(ctx context.Context) (receiver.Counts, error) {
	c, err := l.Log.Counts(ctx)
	if l.count != nil {
		l.count(&c)
	}
	return c, err
}
