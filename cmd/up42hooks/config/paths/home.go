package paths

import "runtime"

// Home returns the folder of the user, or "" if no variable names it. Windows sets another variable than Unix.
func Home(getenv func(string) string) string {
	home := getenv("HOME")
	if home == "" && runtime.GOOS == "windows" {
		home = getenv("UserProfile")
	}
	return home
}
