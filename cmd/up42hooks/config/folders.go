package config

import (
	"errors"
	"path/filepath"
	"runtime"

	"github.com/up42/up42-webhooks/cmd/up42hooks/config/paths"
)

// program is the name of the program's folders.
const program = "up42hooks"

// The variables that name the folders.
const configHome, stateHome = "XDG_CONFIG_HOME", "XDG_STATE_HOME"

// UsualFile names the configuration file for users who have set no variable.
func UsualFile() string {
	if runtime.GOOS == "windows" {
		return described(configHome, "config.yaml")
	}
	return "~/.config/" + program + "/config.yaml"
}

// described names a file in a folder of the program for the help.
func described(variable, file string) string {
	if runtime.GOOS == "windows" {
		return "%" + ofWindows[variable] + `%\` + program + `\` + file
	}
	return "$" + variable + "/" + program + "/" + file
}

// defaultFile returns the path of the configuration file, if no other is named. It
// follows the XDG base directory specification.
func defaultFile(getenv func(string) string) (string, error) {
	dir, err := xdgFolder(getenv, configHome, ".config")
	return filepath.Join(dir, "config.yaml"), err
}

// StateFolder returns the folder of the files that the program makes itself: the
// event store, the generated secret and the log.
func StateFolder(getenv func(string) string) (string, error) {
	return xdgFolder(getenv, stateHome, filepath.Join(".local", "state"))
}

// ofWindows are the variables that name the folders on Windows.
var ofWindows = map[string]string{configHome: "AppData", stateHome: "LocalAppData"}

func xdgFolder(getenv func(string) string, variable, below string) (string, error) {
	// The specification says to ignore relative paths.
	if base := getenv(variable); filepath.IsAbs(base) {
		return filepath.Join(base, program), nil
	}
	if base := getenv(ofWindows[variable]); runtime.GOOS == "windows" && filepath.IsAbs(base) {
		return filepath.Join(base, program), nil
	}
	home := paths.Home(getenv)
	if !filepath.IsAbs(home) {
		return "", errors.New("neither " + variable + " nor HOME names a folder")
	}
	return filepath.Join(home, below, program), nil
}
