// Package config reads the program's settings. A value comes from its flag, else
// from its environment variable, else from the configuration file, else it is the
// default. A user name and a password may also come from the system's keyring, if there are
// no other credentials: see package keyring.
//
// All settings are one table, in settings.go. The flags, the keys of the file, the
// output of the command `config`, the shell's completion and the reference in
// ../README.md come from it.
//
// A setting has one name everywhere: `--max-age`, `UP42_MAX_AGE`, and `max-age:` in the
// file. Each
// value has an origin, which errors and the command `config` show. No error and no
// text of this package contains the value of a secret setting.
package config
