package doctor

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/up42/up42-webhooks/client/secretcheck"
	"github.com/up42/up42-webhooks/receiver/access"
)

// aboutPrivacy warns if other users can use a private file.
func aboutPrivacy(file string) (out []finding) {
	for _, p := range secretcheck.Privacy(file) {
		out = append(out, found(warn, "%s %s", file, p.What).todo("%s", p.Todo))
	}
	return out
}

// aboutWriting fails if the receiver can't write to a file.
func aboutWriting(file string) []finding {
	if err := access.Check(file, access.Write); err != nil {
		return []finding{found(fail, "%s can't be written: %v", file, err).todo("give yourself write permission, or choose another file with --store")}
	}
	return nil
}

// aboutFolder checks who can use the folder of a file.
func aboutFolder(file string) []finding {
	folder := existing(filepath.Dir(file))
	if err := access.Check(folder, access.Write|access.Enter); err != nil {
		return []finding{found(fail, "no file can be made in %s: %v", folder, err).
			todo("give yourself write permission, or choose another place with --store")}
	}
	info, err := os.Stat(folder)
	if err != nil || folder != filepath.Dir(file) {
		return nil // the receiver makes the folder, for its user only
	}
	switch perm, others := info.Mode().Perm(), secretcheck.Others(info.Mode()); {
	case others&0o022 != 0 && info.Mode()&fs.ModeSticky == 0:
		return []finding{found(warn, "other users can write into %s (%04o)", folder, perm).todo("%s", secretcheck.Close(folder, info, 0o700))}
	case others != 0:
		return []finding{found(note, "other users can look into %s (%04o)", folder, perm).todo("%s, if it is for the store alone", secretcheck.Close(folder, info, 0o700))}
	default:
		return nil
	}
}

// existing returns the folder, or the nearest one above it that exists.
func existing(folder string) string {
	for {
		_, err := os.Stat(folder)
		above := filepath.Dir(folder)
		if !errors.Is(err, fs.ErrNotExist) || above == folder {
			return folder
		}
		folder = above
	}
}
