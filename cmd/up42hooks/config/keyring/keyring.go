// Package keyring keeps the passwords of logins, and the values of secret settings, in the
// system's keyring: the Secret Service of
// Linux and BSD (GNOME, KDE), the keychain of macOS, the credentials of Windows.
//
// Files name the logins and the settings, without their secrets. So a user who keeps nothing there is never
// asked to unlock a keyring, and servers without one don't notice.
package keyring

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	system "github.com/zalando/go-keyring"

	"github.com/up42/up42-webhooks/receiver/outfile"
)

// Service is the name under which the passwords are in the keyring.
const Service = "up42hooks"

// patience is how long the keyring may take: the user may have to unlock it.
const patience = time.Minute

// Login is an account at UP42 whose password is in the keyring.
type Login struct {
	// AuthURL is the address of the sign-in.
	AuthURL  string `json:"authUrl"`
	Username string `json:"username"`
}

// account is the login's name in the keyring.
func (l Login) account() string { return l.Username + " at " + l.AuthURL }

// Find returns the login for a sign-in that a file names. It does not ask the keyring.
func Find(file, authURL string) (l Login, ok bool, err error) {
	all, err := read(file)
	i := slices.IndexFunc(all, func(l Login) bool { return l.AuthURL == trim(authURL) })
	if i < 0 {
		return Login{}, false, err
	}
	return all[i], true, nil
}

// Password returns the password. Its errors say what to do.
func (l Login) Password() (password string, err error) {
	err = within(loginInstead, func() (err error) {
		password, err = system.Get(Service, l.account())
		return err
	})
	switch {
	case errors.Is(err, system.ErrNotFound):
		return "", fmt.Errorf("the keyring does not have the password of %s any more: log in again with up42hooks login, or log out with up42hooks logout", l.Username)
	case err != nil:
		return "", fmt.Errorf("get the password of %s: %w", l.Username, err)
	default:
		return password, nil
	}
}

// Save puts a password into the keyring, and the login into the file. It replaces another
// login for the same sign-in.
func Save(file string, l Login, password string) error {
	l.AuthURL = trim(l.AuthURL)
	all, err := read(file)
	if err != nil {
		return err
	}
	if err := within(loginInstead, func() error { return system.Set(Service, l.account(), password) }); err != nil {
		return fmt.Errorf("keep the password: %w", err)
	}
	rest := slices.DeleteFunc(slices.Clone(all), func(o Login) bool { return o.AuthURL == l.AuthURL })
	if err := write(file, append(rest, l)); err != nil {
		return errors.Join(err, within(loginInstead, func() error { return system.Delete(Service, l.account()) }))
	}
	for _, o := range all {
		if o.AuthURL == l.AuthURL && o != l {
			return forget(o)
		}
	}
	return nil
}

// Remove removes the login for a sign-in, first its password from the keyring. ok is false if
// nobody has logged in there.
func Remove(file, authURL string) (l Login, ok bool, err error) {
	l, ok, err = Find(file, authURL)
	if err != nil || !ok {
		return l, ok, err
	}
	if err := forget(l); err != nil {
		return l, true, err
	}
	all, err := read(file)
	if err != nil {
		return l, true, err
	}
	return l, true, write(file, slices.DeleteFunc(all, func(o Login) bool { return o == l }))
}

// forget removes a password from the keyring.
func forget(l Login) error {
	err := within(loginInstead, func() error { return system.Delete(Service, l.account()) })
	if err != nil && !errors.Is(err, system.ErrNotFound) {
		return fmt.Errorf("remove the password of %s: %w", l.Username, err)
	}
	return nil
}

// loginInstead is what to do if there is no keyring for a password.
const loginInstead = `Without one put {"username": "…", "password": "…"} into a file with mode 0600, and give it with --credentials`

// within calls the keyring. Instead is what to do if that is not possible. Its calls can't be cancelled: if one takes too long, its goroutine
// lives until the program ends.
func within(instead string, call func() error) error {
	done := make(chan error, 1)
	go func() { done <- call() }()
	select {
	case err := <-done:
		if err == nil || errors.Is(err, system.ErrNotFound) {
			return err
		}
		return fmt.Errorf("the system's keyring can't be used (%w): it needs a Secret Service on D-Bus, as desktops have it. %s", err, instead)
	case <-time.After(patience):
		return fmt.Errorf("the system's keyring did not answer within %s: unlock it, and try again. %s", patience, instead)
	}
}

func trim(authURL string) string { return strings.TrimRight(authURL, "/") }

func read(file string) ([]Login, error) {
	all, err := readList[Login](file)
	if errors.Is(err, fs.ErrPermission) {
		return nil, denied(file, err)
	}
	if err != nil {
		return nil, fmt.Errorf("read the logins in %s: %w; remove the file, and log in again", file, err)
	}
	return all, nil
}

// denied is the error of a file of logins that this user may not read.
func denied(file string, err error) error {
	problem := "may not be read by you"
	if explained := (*outfile.Error)(nil); errors.As(outfile.Explain(file, err), &explained) {
		problem = explained.Problem
	}
	return fmt.Errorf("read the logins: %s %s: give yourself permission to read it, and to look into its folder", file, problem)
}

func write(file string, all []Login) error {
	if err := writeList(file, all); err != nil {
		return fmt.Errorf("write the logins: %w", err)
	}
	return nil
}
