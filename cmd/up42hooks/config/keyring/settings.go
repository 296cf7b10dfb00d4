package keyring

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	system "github.com/zalando/go-keyring"
)

// settingInstead is what to do if there is no keyring for a setting.
const settingInstead = "Without one put the value into a file with mode 0600, and name that file in the variable of the setting that ends in _FILE"

// settingAccount is the name of a setting's value in the keyring.
func settingAccount(name string) string { return "the setting " + name }

// HasSetting reports whether the value of a setting is in the keyring, as a file says. It does
// not ask the keyring.
func HasSetting(file, name string) (bool, error) {
	names, err := readSettings(file)
	return slices.Contains(names, name), err
}

// Setting returns the value of a setting. Its errors say what to do.
func Setting(name string) (value string, err error) {
	err = within(settingInstead, func() (err error) {
		value, err = system.Get(Service, settingAccount(name))
		return err
	})
	if errors.Is(err, system.ErrNotFound) {
		return "", fmt.Errorf("the keyring does not have it any more: put it there with up42hooks config keep %s, or run up42hooks config forget %s", name, name)
	}
	return value, err
}

// SaveSetting puts the value of a setting into the keyring, and its name into the file.
func SaveSetting(file, name, value string) error {
	names, err := readSettings(file)
	if err != nil {
		return err
	}
	if err := within(settingInstead, func() error { return system.Set(Service, settingAccount(name), value) }); err != nil {
		return err
	}
	if slices.Contains(names, name) {
		return nil
	}
	return writeSettings(file, append(names, name))
}

// RemoveSetting removes the value of a setting from the keyring, then its name from the file.
// ok is false if it is not there.
func RemoveSetting(file, name string) (ok bool, err error) {
	names, err := readSettings(file)
	if err != nil || !slices.Contains(names, name) {
		return false, err
	}
	err = within(settingInstead, func() error { return system.Delete(Service, settingAccount(name)) })
	if err != nil && !errors.Is(err, system.ErrNotFound) {
		return true, err
	}
	return true, writeSettings(file, slices.DeleteFunc(names, func(n string) bool { return n == name }))
}

func readSettings(file string) (names []string, err error) {
	names, err = readList[string](file)
	// The home of a service is often hidden.
	if errors.Is(err, fs.ErrPermission) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read which settings are in the keyring, in %s: %w; remove the file, and keep them again", file, err)
	}
	return names, nil
}

func writeSettings(file string, names []string) error {
	if err := writeList(file, names); err != nil {
		return fmt.Errorf("write which settings are in the keyring: %w", err)
	}
	return nil
}
