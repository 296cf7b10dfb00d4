package cli

import (
	"cmp"
	"runtime"
	"runtime/debug"
)

// Build says from which source the program was built, and for what.
type Build struct {
	Version string `json:"version"`
	Commit  string `json:"commit"`
	// Modified says that the source differed from the commit.
	Modified bool   `json:"modified"`
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

// readBuild reads what Go recorded in the program. The version that the linker
// set comes first, if it is not "".
func readBuild(version string) Build {
	b := Build{Version: version, Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
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

// String is one line for the user.
func (b Build) String() string {
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

// UserAgent is the value of the User-Agent header in the program's requests.
func (b Build) UserAgent() string { return "up42hooks/" + cmp.Or(b.Version, "unknown") }
