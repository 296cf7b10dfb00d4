package config

import (
	"errors"
	"path/filepath"
)

const program = "up42hooks"

// File is the configuration file's path, after the XDG base directory
// specification.
func File(getenv func(string) string) (string, error) {
	dir, err := folder(getenv, "XDG_CONFIG_HOME", ".config")
	return filepath.Join(dir, "config.yaml"), err
}

// StateFolder is where the program keeps what it makes itself: the event store
// and the generated secret.
func StateFolder(getenv func(string) string) (string, error) {
	return folder(getenv, "XDG_STATE_HOME", filepath.Join(".local", "state"))
}

func folder(getenv func(string) string, variable, below string) (string, error) {
	// The specification has relative paths ignored.
	if base := getenv(variable); filepath.IsAbs(base) {
		return filepath.Join(base, program), nil
	}
	home := getenv("HOME")
	if !filepath.IsAbs(home) {
		return "", errors.New("neither " + variable + " nor HOME names a folder")
	}
	return filepath.Join(home, below, program), nil
}
