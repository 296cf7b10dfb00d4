package doctor

import (
	"context"
	"fmt"
	"slices"

	"github.com/up42/up42-webhooks/cmd/up42hooks/cli"
	"github.com/up42/up42-webhooks/cmd/up42hooks/daemon"
	"github.com/up42/up42-webhooks/cmd/up42hooks/store"
	"github.com/up42/up42-webhooks/receiver/forward"
	"github.com/up42/up42-webhooks/receiver/jetstream"
	"github.com/up42/up42-webhooks/receiver/safe"
	"github.com/up42/up42-webhooks/receiver/sqlite"
)

// aboutReaders says which events targets did not take, and which are kept for targets that are not
// configured any more.
func (e *examination) aboutReaders(ctx context.Context, targets []forward.Target) (out []finding) {
	log, err := store.OpenReader(ctx, e.Env, e.config.Store)
	if err != nil {
		return nil // the findings about the store have that
	}
	defer func() { _ = log.Close() }() // it was only read
	info, err := log.Info(ctx)
	if err != nil {
		return nil
	}
	for i := range info.Readers {
		if r := &info.Readers[i]; !jetstream.IsReader(r.Name) {
			out = append(out, aboutReader(&info, r, slices.ContainsFunc(targets, func(t forward.Target) bool { return t.Name() == r.Name }))...)
		}
	}
	return out
}

// aboutReader says what is undelivered and kept for one target. is says that it is configured.
func aboutReader(info *sqlite.Info, r *sqlite.ReaderInfo, is bool) (out []finding) {
	name, file := safe.Name(r.Name), safe.Word(info.File)
	again := "up42hooks forward --undelivered --store " + file
	if !is {
		again += " --of " + safe.Word(name) + " --to NEW"
	} else {
		again += " --to " + safe.Word(name)
	}
	if r.Failures > 0 {
		out = append(out, found(warn, "%s did not take %s", name, undelivered(int(r.Failures))).
			todo("see why: up42hooks events --undelivered --store %s; when that is mended, send them again: %s", file, again))
	}
	if !is {
		out = append(out, found(warn, "%s is not configured, but events are kept for it: %s", name, kept(info, r)).
			todo("%s", daemon.AdviceForUnused(info, r)))
	}
	return out
}

// kept says which events are kept for a target.
func kept(info *sqlite.Info, r *sqlite.ReaderInfo) string {
	waiting, undelivered := int(daemon.Waiting(info, r)), int(r.Failures)
	switch {
	case undelivered == 0:
		return cli.Count(waiting, "event")
	case waiting == 0:
		return cli.Count(undelivered, "undelivered event")
	default:
		return fmt.Sprintf("%s and %s", cli.Count(waiting, "event"), cli.Count(undelivered, "undelivered event"))
	}
}

func undelivered(n int) string {
	if n == 1 {
		return "1 event: it is undelivered"
	}
	return cli.Count(n, "event") + ": they are undelivered"
}
