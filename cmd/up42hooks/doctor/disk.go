package doctor

import (
	"context"
	"path/filepath"

	"github.com/dustin/go-humanize"

	"github.com/up42/up42-webhooks/receiver/diskspace"
	"github.com/up42/up42-webhooks/receiver/netfs"
)

// checkDisk checks the free space for the store.
func (e *examination) checkDisk(context.Context) []finding {
	if e.config.Store == "" {
		return nil // checkStore reports it
	}
	folder := existing(filepath.Dir(e.config.Store))
	space, err := diskspace.Of(folder)
	if err != nil {
		return []finding{found(warn, "can't find out how much space is free in %s: %v", folder, err)}
	}
	return append(aboutNetwork(e.config.Store), aboutSpace(folder, uint64(space.Free), uint64(space.Total)))
}

// aboutNetwork warns of a store on a network file system.
func aboutNetwork(store string) []finding {
	system := netfs.Of(store)
	if system == "" {
		return nil
	}
	return []finding{found(warn, "the store is on a network file system (%s): a lost connection can damage it, and a second receiver elsewhere is perhaps not noticed", system).todo(netfs.Advice)}
}

// Limits of the free space: a warning below warnSpace bytes or a part of the disk, a
// failure below failSpace bytes.
const (
	warnSpace = 1 << 30
	warnPart  = 20 // a twentieth
	failSpace = 50 << 20
)

func aboutSpace(folder string, free, total uint64) finding {
	f := found(ok, "%s of %s are free in %s", humanize.IBytes(free), humanize.IBytes(total), folder)
	switch {
	case free < failSpace:
		f.State = fail
	case free < warnSpace || free < total/warnPart:
		f.State = warn
	default:
		return f
	}
	return f.todo("free some space there, or keep fewer events")
}
