package script

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/up42/up42-webhooks/receiver/outfile"
)

//go:embed scenes
var scenes embed.FS

// suffix is that of files with scripts.
const suffix = ".stage"

// Names are the scripts that come with the program.
func Names() (names []string) {
	entries, _ := fs.ReadDir(scenes, "scenes") // it is embedded
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), suffix))
	}
	slices.Sort(names)
	return names
}

// scene returns a script that comes with the program.
func scene(name string) ([]byte, error) {
	text, err := scenes.ReadFile("scenes/" + name + suffix)
	if err != nil {
		return nil, unknown("script", name, Names())
	}
	return text, nil
}

// Load reads a script: one that comes with the program, by its name, or a file. A file may
// play the scripts that come with the program.
func Load(nameOrFile string) (*Script, error) {
	if slices.Contains(Names(), nameOrFile) {
		text, err := scene(nameOrFile)
		if err != nil {
			return nil, err
		}
		return Parse(nameOrFile, text, scene)
	}
	return LoadFile(nameOrFile)
}

// LoadFile reads a script from a file.
func LoadFile(file string) (*Script, error) {
	text, err := outfile.Read(file, outfile.MaxSettings)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !strings.ContainsRune(file, filepath.Separator):
		return nil, fmt.Errorf("%w; nor is there such a file", unknown("script", file, Names()))
	case err != nil:
		return nil, fmt.Errorf("read the script: %w", err)
	}
	return Parse(file, text, scene)
}
