package cli

import (
	"context"
	"errors"
)

// IgnoreCancel drops an error that only says that ctx was cancelled.
func IgnoreCancel(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}
