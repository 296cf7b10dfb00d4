package mcp

import (
	"context"

	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// storeInfo is the result of store_info.
type storeInfo struct {
	Store *store.InfoRecord `json:"store" jsonschema:"what is in the store; null if it does not exist yet"`
	state
}

func (s *source) infoTool() tool {
	return newTool("store_info", reads, "Say whether a receiver runs, and what is in the store: how many events, orders, jobs and rejections, from when to when.", s.info)
}

func (s *source) info(ctx context.Context, _ none) (out storeInfo, err error) {
	err = s.read(ctx, func(log *sqlite.Log) error {
		out.state = s.state(log != nil)
		if log == nil {
			return nil
		}
		info, err := log.Info(ctx)
		if err != nil {
			return err
		}
		record := store.NewInfoRecord(&info)
		out.Store = &record
		return nil
	})
	return out, err
}
