package dashboard

import (
	"context"
	"errors"
	"log/slog"

	"github.com/up42/up42-webhooks/tui"
	"github.com/up42/up42-webhooks/tui/remembered"
)

// remember lets the screen remember its state in a file beside the store. What is wrong with the
// file is only logged: the screen works without it. A file of a newer program is left alone.
func remember(o *tui.Options, store string, logger *slog.Logger) {
	const suffix = ".screen"
	file := store + suffix
	state, err := remembered.Read(file)
	if err != nil {
		logger.Warn("how the screen was left is not known", "err", err)
	}
	o.Remembered = state
	if errors.Is(err, remembered.ErrNewer) {
		return
	}
	logged := false
	o.Remember = func(ctx context.Context, s remembered.State) {
		if err := s.Write(ctx, file); err != nil && ctx.Err() == nil && !logged {
			logger.Warn("how the screen is left can't be written down", "err", err)
			logged = true
		}
	}
}
