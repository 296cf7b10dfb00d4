package doctor

import (
	"context"
	"errors"

	"github.com/dustin/go-humanize"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// checkStore checks the store and who can read it.
func (e *examination) checkStore(ctx context.Context) (out []finding) {
	file := e.config.Store
	if file == "" {
		return []finding{found(fail, "there is no folder for the store").todo("give --store or set UP42_STORE")}
	}
	log, err := store.OpenReader(ctx, e.Env, file)
	if errors.Is(err, sqlite.ErrMissing) {
		return append([]finding{found(note, "there is no store %s yet: the receiver makes it at its first start", file)}, aboutFolder(file)...)
	}
	if err != nil {
		return append([]finding{storeError(file, err)}, aboutFolder(file)...)
	}
	out = e.aboutContent(ctx, log)
	if err := log.Close(); err != nil {
		out = append(out, storeError(file, err))
	}
	out = append(out, aboutWriting(file)...)
	out = append(out, aboutPrivacy(file)...)
	return append(out, aboutFolder(file)...)
}

// aboutContent describes the content of the store and checks it.
func (e *examination) aboutContent(ctx context.Context, log *sqlite.Log) []finding {
	info, err := log.Info(ctx)
	if err != nil {
		return []finding{storeError(log.File(), err)}
	}
	e.jumps = info.Jumps
	return append([]finding{
		found(ok, "%s holds %s and %d rejected in %s (layout %d)", log.File(),
			cli.Count(int(info.Events()), "event"), info.Kept, humanize.IBytes(uint64(info.Size)), info.Schema),
		aboutIntegrity(ctx, log, info.Size),
	}, append(aboutRejected(ctx, log), e.aboutProxy(ctx, log)...)...)
}
