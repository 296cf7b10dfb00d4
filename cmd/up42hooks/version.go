package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/up42/up42-webhooks/receiver"
)

// version is set by the linker (see the Makefile); otherwise the build's own
// record tells.
var version string

// build is what the program knows of itself.
type build struct {
	Version string `json:"version"`
	Commit  string `json:"commit"`
	// Modified: the source was not as committed.
	Modified bool   `json:"modified"`
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

func thisBuild() build {
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

func newVersionCommand(w world) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Say which version this is",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			if asJSON {
				return printJSON(w, thisBuild())
			}
			_, err := fmt.Fprintln(w.stdout, thisBuild())
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// printJSON prints values as lines of JSON that do no harm to a terminal.
func printJSON[T any](w world, values ...T) error {
	var lines []byte
	var err error
	for _, v := range values {
		if lines, err = receiver.AppendJSONLine(lines, v); err != nil {
			return err
		}
	}
	_, err = w.stdout.Write(lines)
	return err
}
