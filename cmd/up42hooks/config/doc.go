// Package config works out what the program was told: by flag, else by
// environment, else by the configuration file, else by default.
//
// A setting has one name everywhere: `--max-age`, and `max-age:` in the file.
// Each value remembers where it came from, so that an error, and the command
// `config`, can say so. The value of a secret setting is in no error and in no
// text of this package.
package config
