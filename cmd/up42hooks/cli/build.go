package cli

import (
	"cmp"
	"runtime"
	"runtime/debug"
)

// build is what the program knows of itself.
type build struct {
	Version string `json:"version"`
	Commit  string `json:"commit"`
	// Modified: the source was not as committed.
	Modified bool   `json:"modified"`
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

// readBuild reads what the linker and Go recorded in the program; version is
// what the linker set, if anything.
func readBuild(version string) build {
	b := build{Version: version, Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	if b.Version == "" {
		b.Version = info.Main.Version
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Commit = s.Value
		case "vcs.modified":
			b.Modified = s.Value == "true"
		}
	}
	return b
}

// String is one line for people.
func (b build) String() string {
	s := "up42hooks " + b.Version
	if b.Commit != "" {
		s += " (" + b.Commit[:min(12, len(b.Commit))]
		if b.Modified {
			s += ", modified"
		}
		s += ")"
	}
	return s + " " + b.Go + " " + b.Platform
}

// UserAgent is how the program names itself in requests.
func (b build) UserAgent() string { return "up42hooks/" + cmp.Or(b.Version, "unknown") }
